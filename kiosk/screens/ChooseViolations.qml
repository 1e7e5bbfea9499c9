pragma ComponentBehavior: Bound
import QtQuick
import "components"

// Which records to settle; each with its picture, which a touch shows large.
Page {
    id: page
    touched: true
    wideShare: 0.3
    ready: ids.length > 0
    offered: ids
    property var ids: []
    property var shown: ({})

    onBegun: {
        const chosen = [];
        for (const sheet of page.snap.page.sheets)
            for (const record of sheet.records)
                if (record.chosen)
                    chosen.push(record.id);
        ids = chosen;
    }

    readonly property var rows: {
        const list = [];
        const sheets = page.v.sheets ?? [];
        for (let s = 0; s < sheets.length; s++)
            for (let i = 0; i < sheets[s].records.length; i++)
                list.push({ "view": sheets[s].records[i], "first": s > 0 && i === 0 });
        return list;
    }
    function toggle(id: string) {
        const at = ids.indexOf(id);
        ids = at < 0 ? rows.map(row => row.view.id).filter(one => one === id || ids.indexOf(one) >= 0) : ids.filter(one => one !== id);
    }

    Sheets {
        y: page.reachTop
        width: parent.width
        height: (counted.visible ? counted.y - Theme.unit : parent.height) - y
        chrome: page.chrome
        Repeater {
            model: page.rows.length
            Record {
                required property int index
                readonly property var d: page.rows[index] ?? ({ "view": {}, "first": false })
                readonly property bool breakBefore: d.first
                width: parent?.width ?? 0
                view: d.view
                lookLabel: page.v.look_label ?? ""
                chosen: page.ids.indexOf(view.id) >= 0
                onToggled: page.toggle(view.id)
                onLooked: {
                    page.shown = view;
                    large.open = true;
                }
            }
        }
    }
    Label {
        id: counted
        y: parent.height - height
        width: parent.width
        visible: text !== "" && !(Theme.reach && Theme.wide && Theme.growth > 0.4)
        text: (page.v.chosen_texts ?? [])[Math.min(page.ids.length, (page.v.chosen_texts ?? []).length - 1)] ?? ""
        bold: true
        color: Theme.colours.calmInk
    }
    Overlay {
        id: large
        parent: page
        chrome: page.chrome
        heading: page.shown.behaviour ?? ""
        Image {
            anchors.fill: parent
            fillMode: Image.PreserveAspectFit
            asynchronous: false
            sourceSize.width: 1600
            source: large.open && (page.shown.picture ?? "") !== "" ? page.shown.picture : ""
        }
    }
}

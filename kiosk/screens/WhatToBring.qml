pragma ComponentBehavior: Bound
import QtQuick
import "components"

// What each open service asks you to bring.
Page {
    id: page
    touched: true
    wideShare: 0.28

    readonly property var rows: {
        const list = [];
        for (const sheet of page.v.sheets ?? [])
            for (const row of sheet.rows)
                list.push(row);
        return list;
    }

    Sheets {
        y: page.reachTop
        width: parent.width
        height: parent.height - y
        chrome: page.chrome
        Repeater {
            model: page.rows.length
            BringRow {
                required property int index
                width: parent?.width ?? 0
                view: page.rows[index] ?? ({})
            }
        }
    }
}

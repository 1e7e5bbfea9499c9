pragma ComponentBehavior: Bound
import QtQuick

// Answers to one question, one below the other: words first, why below, an arrow to say that a touch goes on.
Sheets {
    id: options

    property var sheets: []
    property string action: "choose"
    property string key: "id"
    // Answers of a word or two, all of which should be seen at once.
    property bool brief: false
    readonly property var rows: {
        const list = [];
        for (let s = 0; s < sheets.length; s++)
            for (let i = 0; i < sheets[s].options.length; i++)
                list.push({ "view": sheets[s].options[i], "first": s > 0 && i === 0 });
        return list;
    }

    spacing: Theme.gap

    Repeater {
        model: options.rows.length
        Option {
            required property int index
            readonly property var d: options.rows[index] ?? ({ "view": {}, "first": false })
            readonly property bool breakBefore: d.first
            width: parent.width
            view: d.view
            action: options.action
            key: options.key
            brief: options.brief
        }
    }
}

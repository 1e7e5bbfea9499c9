pragma ComponentBehavior: Bound
import QtQuick

// Several sentences, each with the same quiet mark.
Column {
    id: list

    property var lines: []
    property int px: Theme.body
    property string mark: ""
    property color ink: Theme.colours.ink

    visible: lines.length > 0
    spacing: Theme.unit
    Repeater {
        model: list.lines.length
        Item {
            id: line
            required property int index
            width: list.width
            height: words.height
            Icon {
                name: list.mark
                visible: list.mark !== ""
                size: list.px
                y: (words.lineHeight - height) / 2
                color: list.ink
            }
            Rectangle {
                visible: list.mark === ""
                width: Theme.unit
                height: width
                radius: width / 2
                y: (words.lineHeight - height) / 2
                color: list.ink
            }
            Label {
                id: words
                x: (list.mark === "" ? Theme.unit : list.px) + Theme.unit * 1.5
                width: parent.width - x
                text: list.lines[line.index] ?? ""
                px: list.px
                color: list.ink
            }
        }
    }
}

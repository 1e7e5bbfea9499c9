pragma ComponentBehavior: Bound
import QtQuick

// One thing to do, with its place in the order.
Item {
    id: line

    property int number: 1
    property string text: ""
    property bool single: false
    property int px: Theme.body

    implicitHeight: Math.max(disc.height, words.height)
    height: implicitHeight
    Rectangle {
        id: disc
        visible: !line.single
        width: Math.round(line.px * 1.45)
        height: width
        radius: width / 2
        y: Math.max(0, (words.lineHeight - height) / 2)
        color: Theme.colours.calmFill
        border.width: Theme.hairline
        border.color: Theme.colours.secondaryLine
        Label {
            anchors.centerIn: parent
            text: line.number
            px: Math.max(Theme.small, Math.round(line.px * 0.78))
            bold: true
            loose: false
            color: Theme.colours.calmInk
        }
    }
    Label {
        id: words
        x: line.single ? 0 : disc.width + Theme.unit * 1.5
        width: parent.width - x
        text: line.text
        px: line.px
    }
}

pragma ComponentBehavior: Bound
import QtQuick

// How far it is, by length and in words.
Column {
    id: line

    property real value: -1
    property string text: ""

    visible: value >= 0
    spacing: Theme.unit
    Rectangle {
        width: parent.width
        height: Theme.unit * 2
        radius: height / 2
        color: Theme.colours.card
        border.width: Theme.hairline
        border.color: Theme.colours.secondaryLine
        Rectangle {
            width: Math.max(height, parent.width * Math.max(0, Math.min(1, line.value)))
            height: parent.height
            radius: height / 2
            color: Theme.colours.primary
            Behavior on width { NumberAnimation { duration: Theme.swift } }
        }
    }
    Label {
        width: parent.width
        horizontalAlignment: Text.AlignHCenter
        text: line.text
        color: Theme.colours.soft
    }
}

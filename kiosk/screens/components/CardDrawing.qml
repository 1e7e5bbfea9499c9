pragma ComponentBehavior: Bound
import QtQuick

// A card of nobody's: lines and a head, no writing.
Rectangle {
    id: card

    property bool lying: false
    property bool fresh: false
    readonly property real k: width / 132

    radius: 9 * k
    color: Theme.highContrast ? "#000000" : Theme.scheme === "night" ? "#1B2940" : "#FFFFFF"
    border.width: 4 * k
    border.color: fresh ? Theme.colours.successMark : Theme.colours.drawDark

    Repeater {
        model: [[14, 16, 56], [14, 30, 44], [14, 44, 50], [14, 64, 104]]
        Rectangle {
            required property var modelData
            x: modelData[0] * card.k
            y: modelData[1] * card.k
            width: modelData[2] * card.k
            height: 6 * card.k
            radius: height / 2
            color: Theme.colours.drawMid
        }
    }
    Rectangle {
        x: 88 * card.k
        y: 14 * card.k
        width: 30 * card.k
        height: 38 * card.k
        radius: 4 * card.k
        color: Theme.colours.drawLight
        border.width: Theme.highContrast ? 2 : 0
        border.color: Theme.colours.drawDark
        Rectangle {
            anchors.horizontalCenter: parent.horizontalCenter
            y: 7 * card.k
            width: 13 * card.k
            height: 13 * card.k
            radius: width / 2
            color: Theme.colours.drawMid
        }
        Rectangle {
            anchors.horizontalCenter: parent.horizontalCenter
            y: 23 * card.k
            width: 22 * card.k
            height: 13 * card.k
            radius: 6 * card.k
            color: Theme.colours.drawMid
        }
    }
}

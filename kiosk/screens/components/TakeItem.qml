pragma ComponentBehavior: Bound
import QtQuick

// One thing that must not be left behind, and where it is.
Rectangle {
    id: item

    property var view: ({})
    readonly property string key: view.key ?? ""

    implicitHeight: Math.max(Theme.mm(36), words.height + Theme.unit * 4)
    height: implicitHeight
    radius: Theme.radius
    color: Theme.colours.successFill
    border.width: Theme.hairline + 1
    border.color: Theme.colours.successMark
    Icon {
        id: drawing
        x: Theme.padding
        anchors.verticalCenter: parent.verticalCenter
        name: item.key.indexOf("card") >= 0 ? "card" : "paper"
        size: Theme.mm(Theme.compact ? 17 : 22)
        pen: 1.6
        color: Theme.colours.successInk
    }
    Column {
        id: words
        x: drawing.x + drawing.width + Theme.unit * 3
        width: parent.width - x - Theme.padding
        anchors.verticalCenter: parent.verticalCenter
        Label {
            width: parent.width
            text: item.view.label ?? ""
            px: Math.round(Theme.strong * 1.1)
            bold: true
            lineHeight: Math.round(px * 1.3)
            color: Theme.colours.successInk
        }
        Label {
            width: parent.width
            text: item.view.place ?? ""
            color: Theme.colours.successInk
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick

// A telephone number, large enough to dial from.
Card {
    id: card

    property var view: ({})

    implicitHeight: words.height + Theme.padding * 1.4
    height: implicitHeight
    Icon {
        id: icon
        x: Theme.padding
        anchors.verticalCenter: parent.verticalCenter
        name: "phone"
        size: Theme.mm(Theme.compact ? 15 : 20)
        pen: 1.7
        color: Theme.colours.calmInk
    }
    Column {
        id: words
        x: icon.x + icon.width + Theme.unit * 3
        width: parent.width - x - Theme.padding
        anchors.verticalCenter: parent.verticalCenter
        Label {
            width: parent.width
            text: card.view.label ?? ""
            px: Theme.body
            color: Theme.colours.soft
        }
        Label {
            width: parent.width
            text: card.view.value ?? ""
            px: Theme.title
            bold: true
            lineHeight: Math.round(px * 1.3)
        }
    }
}

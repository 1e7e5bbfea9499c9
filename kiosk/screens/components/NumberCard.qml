pragma ComponentBehavior: Bound
import QtQuick

// A number to quote, large enough to copy down; with its code for a telephone's camera where there is one.
Card {
    id: card

    property var view: ({})
    property var qr: []

    visible: (view.label ?? "") !== ""
    implicitHeight: Math.max(words.height, code.visible ? code.height : 0) + Theme.padding * 1.4
    height: visible ? implicitHeight : 0
    Column {
        id: words
        x: Theme.padding
        anchors.verticalCenter: parent.verticalCenter
        width: parent.width - 2 * Theme.padding - (code.visible ? code.width + Theme.gap * 2 : 0)
        Label {
            width: parent.width
            text: card.view.label ?? ""
            px: Theme.small
            color: Theme.colours.soft
        }
        Label {
            width: parent.width
            text: card.view.value ?? ""
            px: Theme.strong
            bold: true
        }
    }
    QrCode {
        id: code
        visible: card.qr.length > 0
        anchors.right: parent.right
        anchors.rightMargin: Theme.padding
        anchors.verticalCenter: parent.verticalCenter
        rows: card.qr
        size: Theme.mm(Theme.compact ? 34 : 42)
    }
}

pragma ComponentBehavior: Bound
import QtQuick

// One photograph to choose.
Item {
    id: shot

    property var view: ({})
    readonly property bool isTarget: true
    readonly property real caption: Math.round(Theme.body * 1.45) + (noted ? Math.round(Theme.small * 1.45) : 0) + Theme.unit * 2

    objectName: "choose:" + (view.index ?? "")
    property real highest: 10000
    height: picture.height + 12 + caption
    property bool noted: false

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: touch.pressed ? Theme.colours.secondaryDown : Theme.colours.card
        border.width: touch.pressed ? 5 : Theme.hairline
        border.color: Theme.colours.secondaryLine
    }
    Image {
        id: picture
        x: 6
        y: 6
        width: parent.width - 12
        height: Math.max(40, Math.min(Math.round(width * 441 / 358), shot.highest - shot.caption - 12))
        fillMode: Image.PreserveAspectFit
        sourceSize.width: 480
        source: (shot.view.picture ?? "") !== "" ? shot.view.picture : ""
    }
    Column {
        id: words
        x: Theme.unit
        y: picture.y + picture.height + Theme.unit
        width: parent.width - 2 * Theme.unit
        Label {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: shot.view.label ?? ""
            bold: true
        }
        Label {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            visible: shot.noted
            text: shot.view.note ?? ""
            px: Theme.small
            bold: true
            color: Theme.colours.successInk
        }
    }
    Touch {
        id: touch
        anchors.fill: parent
        onTaken: revision => Hands.send(revision, "choose", { "index": shot.view.index })
    }
}

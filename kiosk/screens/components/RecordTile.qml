pragma ComponentBehavior: Bound
import QtQuick

// One row of records: when and what, how it stands, and its details; framed like a button where a touch opens it.
Item {
    id: tile

    property var view: ({})
    readonly property bool opens: (view.id ?? "") !== ""
    readonly property bool isTarget: opens
    readonly property string tone: view.tone ?? "calm"

    objectName: "open:" + (view.id ?? "")
    implicitHeight: Math.max(opens ? Theme.target : 0, words.height + Theme.unit * (opens ? 2 : 1))

    Rectangle {
        anchors.fill: parent
        visible: tile.opens
        radius: Theme.radius
        color: touch.pressed ? Theme.colours.secondaryDown : Theme.colours.card
        border.width: touch.pressed ? 5 : Theme.hairline
        border.color: touch.pressed ? Theme.colours.primary : Theme.colours.secondaryLine
    }
    Rectangle {
        id: mark
        x: Theme.unit
        anchors.verticalCenter: parent.verticalCenter
        visible: tile.tone !== "calm"
        width: visible ? Math.round(Theme.small * 1.5) : 0
        height: width
        radius: tile.tone === "danger" ? Theme.unit * 0.5 : width / 2
        color: Theme.fill(tile.tone)
        border.width: Theme.hairline
        border.color: Theme.mark(tile.tone)
        Icon {
            anchors.centerIn: parent
            name: tile.tone === "success" ? "tick" : tile.tone === "danger" ? "cross" : "attention"
            size: Theme.small
            pen: 2.6
            color: Theme.inkOn(tile.tone)
        }
    }
    Column {
        id: words
        x: mark.x + mark.width + (mark.visible ? Theme.unit : 0)
        anchors.verticalCenter: parent.verticalCenter
        width: parent.width - x - Theme.unit
        Label {
            width: parent.width
            text: tile.view.label ?? ""
            px: tile.opens && (tile.view.note ?? "") === "" ? Theme.body : Theme.small
            bold: true
            color: tile.opens ? Theme.colours.onSecondary : Theme.colours.ink
        }
        Label {
            width: parent.width
            visible: text !== ""
            text: tile.view.state ?? ""
            px: Theme.small
            color: Theme.colours.ink
        }
        Label {
            width: parent.width
            visible: text !== ""
            text: tile.view.note ?? ""
            px: Theme.small
            wrapMode: Text.WrapAnywhere
            color: Theme.colours.soft
        }
    }
    Rectangle {
        visible: !tile.opens
        anchors.bottom: parent.bottom
        width: parent.width
        height: Theme.hairline
        color: Theme.colours.secondaryLine
    }
    Touch {
        id: touch
        anchors.fill: parent
        enabled: tile.opens
        onTaken: revision => Hands.send(revision, "open", { "id": tile.view.id })
        onMissed: shake.restart()
    }
    SequentialAnimation {
        id: shake
        NumberAnimation { target: moved; property: "x"; to: 8; duration: 40 }
        NumberAnimation { target: moved; property: "x"; to: -8; duration: 60 }
        NumberAnimation { target: moved; property: "x"; to: 0; duration: 40 }
    }
    transform: Translate { id: moved }
}

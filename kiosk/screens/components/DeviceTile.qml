pragma ComponentBehavior: Bound
import QtQuick

// One device: a mark of its state, its name, its own word, and what that means; the first to mend is framed.
Item {
    id: tile

    property var view: ({})
    readonly property bool isTarget: true
    readonly property string tone: view.tone ?? "calm"
    readonly property bool leads: view.leads ?? false
    readonly property bool answers: (view.id ?? "") !== ""

    objectName: "device:" + (view.id ?? "")
    implicitHeight: Math.max(Theme.target, words.height + Theme.unit * 2)

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: touch.pressed ? Theme.colours.secondaryDown : Theme.colours.card
        border.width: touch.pressed || tile.leads ? 5 : Theme.hairline
        border.color: touch.pressed || tile.leads ? Theme.colours.primary : Theme.colours.secondaryLine
    }
    Rectangle {
        id: mark
        x: Theme.unit
        anchors.verticalCenter: parent.verticalCenter
        width: Math.round(Theme.small * 1.5)
        height: width
        radius: tile.tone === "danger" ? Theme.unit * 0.5 : width / 2
        color: Theme.fill(tile.tone)
        border.width: Theme.hairline
        border.color: Theme.mark(tile.tone)
        Icon {
            anchors.centerIn: parent
            name: tile.tone === "success" ? "tick" : tile.tone === "danger" ? "cross" : tile.tone === "attention" ? "attention" : "clock"
            size: Theme.small
            pen: 2.6
            color: Theme.inkOn(tile.tone)
        }
    }
    Column {
        id: words
        x: mark.x + mark.width + Theme.unit
        anchors.verticalCenter: parent.verticalCenter
        width: parent.width - x - Theme.unit
        Label {
            width: parent.width
            text: tile.view.label ?? ""
            px: Theme.small
            bold: true
            color: Theme.colours.onSecondary
        }
        Label {
            width: parent.width
            text: tile.view.state ?? ""
            px: Theme.small
            bold: tile.tone === "danger"
            color: tile.tone === "success" ? Theme.colours.soft : Theme.inkOn(tile.tone)
        }
        Label {
            width: parent.width
            visible: text !== ""
            text: tile.view.note ?? ""
            px: Theme.small
            color: Theme.colours.soft
        }
    }
    Touch {
        id: touch
        anchors.fill: parent
        enabled: tile.answers
        onTaken: revision => Hands.send(revision, "device", { "id": tile.view.id })
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

pragma ComponentBehavior: Bound
import QtQuick

// One answer. The earlier one is marked and named, never taken by itself.
Item {
    id: option

    property var view: ({})
    property string action: "choose"
    property string key: "id"
    property bool brief: false
    readonly property bool isTarget: true
    readonly property bool chosen: view.chosen ?? false

    objectName: action + ":" + (view.id ?? "")
    implicitHeight: Math.max(Theme.mm(brief ? 20 : Theme.compact ? 24 : 30), words.height + Theme.unit * (brief ? 1.5 : Theme.compact ? 2 : 4))
    height: implicitHeight

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: touch.pressed ? Theme.colours.secondaryDown : option.chosen ? Theme.colours.calmFill : Theme.colours.card
        border.width: touch.pressed ? 5 : option.chosen ? 4 : Theme.hairline
        border.color: option.chosen || touch.pressed ? Theme.colours.primary : Theme.colours.secondaryLine
    }
    Column {
        id: words
        x: Theme.unit * 4
        anchors.verticalCenter: parent.verticalCenter
        width: parent.width - x - Theme.strong - Theme.unit * 6
        Label {
            width: parent.width
            text: option.view.label ?? ""
            px: Theme.strong
            bold: true
            lineHeight: Math.round(px * 1.35)
            color: Theme.colours.onSecondary
        }
        Label {
            width: parent.width
            text: option.view.note ?? ""
            px: Theme.small
            color: Theme.colours.soft
        }
    }
    Icon {
        anchors.right: parent.right
        anchors.rightMargin: Theme.unit * 3
        anchors.verticalCenter: parent.verticalCenter
        name: option.chosen ? "tick" : "forward"
        size: Theme.strong
        pen: 2.6
        color: Theme.colours.calmInk
    }
    Touch {
        id: touch
        anchors.fill: parent
        onTaken: revision => {
            const map = {};
            map[option.key] = option.view.id;
            Hands.send(revision, option.action, map);
        }
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

pragma ComponentBehavior: Bound
import QtQuick

// One of several short answers side by side: a figure, a side, an arrow. A touch is the answer.
Item {
    id: choice

    property var view: ({})
    property string action: "choose"
    property string key: "id"
    property string arrow: ""
    property int px: Theme.strong
    readonly property bool isTarget: true

    objectName: action + ":" + (view.id ?? "")

    Rectangle {
        anchors.fill: parent
        radius: Math.min(Theme.radius, height / 2)
        color: touch.pressed ? Theme.colours.secondaryDown : Theme.colours.secondary
        border.width: touch.pressed ? 5 : Theme.hairline
        border.color: touch.pressed ? Theme.colours.primary : Theme.colours.secondaryLine
    }
    Icon {
        visible: choice.arrow !== ""
        anchors.centerIn: parent
        name: choice.arrow === "" ? "" : "down"
        rotation: choice.arrow === "up" ? 180 : choice.arrow === "left" ? 90 : choice.arrow === "right" ? 270 : 0
        size: Math.round(Math.min(parent.width, parent.height) * 0.6)
        pen: 3
        color: Theme.colours.onSecondary
    }
    Label {
        visible: choice.arrow === ""
        anchors.verticalCenter: parent.verticalCenter
        x: Theme.unit
        width: parent.width - 2 * Theme.unit
        horizontalAlignment: Text.AlignHCenter
        text: choice.arrow === "" ? (choice.view.label ?? "") : ""
        px: choice.px
        bold: true
        lineHeight: Math.round(px * 1.35)
        color: Theme.colours.onSecondary
    }
    Touch {
        id: touch
        anchors.fill: parent
        onTaken: revision => {
            const map = {};
            map[choice.key] = choice.view.id;
            Hands.send(revision, choice.action, map);
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

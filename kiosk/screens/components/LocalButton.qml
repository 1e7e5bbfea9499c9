pragma ComponentBehavior: Bound
import QtQuick

// A button of the view's own: it turns a sheet, types a key or closes an overlay, and sends nothing.
Item {
    id: button

    property string text: ""
    property string icon: ""
    property bool leading: false
    property bool open: true
    property bool bold: true
    property int px: Theme.body
    property bool dense: false
    readonly property bool isTarget: true

    signal tapped()

    implicitWidth: Math.max(Theme.target * 1.4, word.implicitWidth + Theme.unit * 6)
    implicitHeight: Math.max(Theme.mm(22), word.implicitHeight + Theme.unit)

    Rectangle {
        anchors.fill: parent
        radius: Theme.mm(4)
        color: touch.pressed ? Theme.colours.secondaryDown : button.leading ? Theme.colours.secondary : Theme.colours.card
        border.width: touch.pressed ? 4 : Theme.hairline
        border.color: button.leading ? Theme.colours.primary : Theme.colours.secondaryLine
    }
    Label {
        id: word
        anchors.centerIn: parent
        visible: button.icon === "" && text !== ""
        text: button.text
        px: button.px
        bold: button.bold
        loose: false
        wrapMode: Text.NoWrap
        color: Theme.colours.onSecondary
    }
    Icon {
        anchors.centerIn: parent
        name: button.icon
        size: button.px * 1.2
        color: Theme.colours.onSecondary
    }
    Touch {
        id: touch
        anchors.fill: parent
        onTaken: {
            if (button.open)
                button.tapped();
            else
                shake.restart();
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

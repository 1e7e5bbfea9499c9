pragma ComponentBehavior: Bound
import QtQuick

// A button. `on` marks the chosen one of a row; `bad` what breaks something.
Rectangle {
    id: push

    property string text: ""
    property bool on: false
    property bool bad: false
    property bool main: false
    property bool open: true
    property int px: Ink.text

    signal pushed()

    implicitWidth: label.implicitWidth + 22
    implicitHeight: Ink.row
    radius: 6
    opacity: open ? 1 : 0.42
    color: touch.pressed && open ? Ink.down : on ? (bad ? Ink.badFill : Ink.primary) : main ? Ink.primary : Ink.quiet
    border.width: 1
    border.color: bad ? (on ? Ink.bad : Ink.line) : on || main ? Ink.primary : Ink.line

    Words {
        id: label
        anchors.centerIn: parent
        width: Math.min(implicitWidth, parent.width - 8)
        horizontalAlignment: Text.AlignHCenter
        text: push.text
        font.pixelSize: push.px
        strong: push.on || push.main
        color: touch.pressed && push.open ? Ink.ink : push.bad ? Ink.bad : push.on || push.main ? Ink.overPrimary : Ink.ink
    }
    MouseArea {
        id: touch
        anchors.fill: parent
        enabled: push.open
        cursorShape: push.open ? Qt.PointingHandCursor : Qt.ArrowCursor
        onClicked: push.pushed()
    }
}

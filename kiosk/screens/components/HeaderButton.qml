pragma ComponentBehavior: Bound
import QtQuick

// A mode or help: a glyph over a word.
Item {
    id: button

    property var view: ({})
    property bool onHeader: true
    readonly property bool isTarget: true
    readonly property bool help: (view.role ?? "") === "help"
    readonly property bool on: view.pressed ?? false
    readonly property color ink: help ? Theme.colours.onHelp : on ? (onHeader ? Theme.colours.onHeaderOn : Theme.colours.onPrimary)
        : (onHeader ? Theme.colours.onHeader : Theme.colours.ink)

    objectName: view.action ?? ""
    implicitHeight: Math.max(Theme.mm(Theme.compact ? 22 : 25), words.implicitHeight + Theme.unit)

    Rectangle {
        anchors.fill: parent
        radius: Theme.mm(4)
        color: button.help ? (touch.pressed ? Theme.colours.helpDown : Theme.colours.help)
            : button.on ? (button.onHeader ? Theme.colours.headerOn : Theme.colours.primary)
            : (button.onHeader ? "transparent" : Theme.colours.card)
        border.width: button.help && !Theme.highContrast ? 0 : touch.pressed ? 4 : Theme.hairline
        border.color: button.onHeader ? Theme.colours.headerLine : Theme.colours.secondaryLine
    }
    Column {
        id: words
        anchors.centerIn: parent
        width: parent.width - 8
        Label {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: button.view.label ?? ""
            px: (button.view.caption ?? "") === "" ? Theme.chrome : Math.max(Theme.chrome, Theme.chrome * 1.3)
            bold: true
            loose: false
            lineHeight: 0.92
            color: button.ink
        }
        Label {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: button.view.caption ?? ""
            px: Theme.chrome
            loose: false
            lineHeight: 0.95
            color: button.ink
        }
    }
    Touch {
        id: touch
        anchors.fill: parent
        onTaken: revision => {
            const map = {};
            if ((button.view.payload_key ?? "") !== "")
                map[button.view.payload_key] = button.view.payload_value;
            Hands.send(revision, button.view.action, map);
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

pragma ComponentBehavior: Bound
import QtQuick

// One of the ways on: the verb, and nothing else to learn. Named after its action so that it can be found.
Item {
    id: button

    property var view: ({})
    property var offered: null
    property bool held: false
    property bool ready: true
    property string heldText: ""
    property int px: Theme.strong
    property bool compactText: false

    readonly property string role: view.role ?? "secondary"
    readonly property bool open: (view.enabled ?? true) && !held && ready
    readonly property bool isTarget: true
    readonly property bool down: touch.pressed && touch.containsMouse

    readonly property color ground: !open ? Theme.colours.surface
        : role === "primary" ? (down ? Theme.colours.primaryDown : Theme.colours.primary)
        : role === "danger" ? (down ? Theme.colours.dangerDown : Theme.colours.danger)
        : role === "help" ? (down ? Theme.colours.helpDown : Theme.colours.help)
        : role === "quiet" ? (down ? Theme.colours.secondaryDown : Theme.colours.card)
        : (down ? Theme.colours.secondaryDown : Theme.colours.secondary)
    readonly property color ink: !open ? Theme.colours.soft
        : role === "primary" ? Theme.colours.onPrimary
        : role === "danger" ? Theme.colours.onDanger
        : role === "help" ? Theme.colours.onHelp
        : role === "quiet" ? Theme.colours.ink
        : Theme.colours.onSecondary

    signal done()

    function payload(): var {
        const map = {};
        const key = view.payload_key ?? "";
        if (key !== "")
            map[key] = view.payload_value ?? "";
        const given = view.from_view ?? "";
        if (given !== "")
            map[given] = offered;
        return map;
    }
    function refuse(why: string) {
        shake.restart();
        Hands.answer(why);
    }

    objectName: view.action ?? ""
    implicitWidth: Math.max(Theme.target, label.implicitWidth + 2 * Theme.unit * (compactText ? 2 : 4))
    implicitHeight: Math.max(Theme.mm(compactText ? 19 : (Theme.compact ? 25 : 30)), words.implicitHeight + 2 * Theme.unit)

    Rectangle {
        id: plate
        anchors.fill: parent
        radius: Math.min(Theme.radius, height / 2)
        color: button.ground
        border.width: button.role === "quiet" || !button.open || Theme.highContrast ? Theme.hairline : 0
        border.color: !button.open ? Theme.colours.line : Theme.colours.secondaryLine
        Behavior on color { ColorAnimation { duration: Theme.quick } }
        Rectangle {
            visible: button.down
            anchors.fill: parent
            anchors.margins: 4
            radius: parent.radius - 3
            color: "transparent"
            border.width: 3
            border.color: button.ink
        }
    }
    // Not to be had yet: said by a mark, not by colour alone.
    Icon {
        id: shut
        readonly property real free: (parent.width - label.contentWidth) / 2
        visible: !button.open && free >= width + Theme.unit * 2
        anchors.verticalCenter: parent.verticalCenter
        x: free - width - Theme.unit
        name: "lock"
        size: Math.round(Theme.chrome * 1.1)
        color: button.ink
    }
    Column {
        id: words
        anchors.verticalCenter: parent.verticalCenter
        x: Theme.unit
        width: parent.width - 2 * Theme.unit
        Label {
            id: label
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: button.view.label ?? ""
            px: button.px
            bold: true
            color: button.ink
            lineHeight: Math.round(px * 1.4)
        }
        Label {
            id: caption
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: button.view.caption ?? ""
            px: Theme.small
            loose: false
            color: button.ink
        }
    }
    Touch {
        id: touch
        anchors.fill: parent
        onTaken: revision => {
            if (!(button.view.enabled ?? true) || !button.ready)
                button.refuse(button.view.why_not ?? "");
            else if (button.held)
                button.refuse(button.heldText);
            else if (!Hands.armed(revision, button.view.arms_after_ms ?? 0))
                button.refuse(Hands.tooEarly);
            else {
                Hands.send(revision, button.view.action, button.payload());
                button.done();
            }
        }
        onMissed: shake.restart()
    }
    SequentialAnimation {
        id: shake
        NumberAnimation { target: moved; property: "x"; to: 9; duration: 40 }
        NumberAnimation { target: moved; property: "x"; to: -9; duration: 60 }
        NumberAnimation { target: moved; property: "x"; to: 0; duration: 40 }
    }
    transform: Translate { id: moved }
}

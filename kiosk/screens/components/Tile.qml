pragma ComponentBehavior: Bound
import QtQuick

// One service: its name, for whom, how long, or why not. Closed is said by word, mark and dashes, not by grey alone.
Item {
    id: tile

    property var view: ({})
    property bool brief: false
    readonly property bool open: view.enabled ?? false
    readonly property bool isTarget: true
    readonly property bool closed: (view.state ?? "") === "closed"
    // With the largest letters a tile says its name and the one thing that matters: how long, or why not.
    readonly property bool tight: Theme.growth > 0.6
    readonly property bool checking: (view.state ?? "") === "checking"

    objectName: "service:" + (view.code ?? "")
    implicitHeight: words.height + 2 * Theme.unit * (Theme.compact ? 1.5 : 2.5)

    Rectangle {
        anchors.fill: parent
        radius: Theme.mm(4)
        color: touch.pressed ? Theme.colours.secondaryDown : tile.open ? Theme.colours.calmFill : Theme.colours.card
        border.width: touch.pressed ? 4 : Theme.hairline
        border.color: tile.open ? Theme.colours.secondaryLine : Theme.colours.line
    }
    Column {
        id: words
        x: Theme.unit * 2.5
        anchors.verticalCenter: parent.verticalCenter
        width: parent.width - Theme.unit * 5
        spacing: Theme.unit * 0.5
        Label {
            width: parent.width
            text: tile.view.title ?? ""
            px: tile.tight ? Theme.body : Theme.strong
            bold: true
            lineHeight: Math.round(px * 1.3)
            color: tile.open ? Theme.colours.onSecondary : Theme.colours.soft
        }
        Label {
            width: parent.width
            text: tile.tight ? "" : (tile.view.note ?? "")
            px: Theme.small
            color: tile.closed ? Theme.colours.attentionInk : Theme.colours.soft
        }
        Row {
            spacing: Theme.unit
            Busy {
                visible: tile.checking
                anchors.verticalCenter: parent.verticalCenter
                size: Theme.small
            }
            Icon {
                visible: !tile.checking && icon !== ""
                readonly property string icon: tile.closed ? "lock" : "clock"
                name: icon
                size: Theme.small
                anchors.verticalCenter: parent.verticalCenter
                color: tile.closed ? Theme.colours.attentionInk : Theme.colours.successInk
            }
            Label {
                width: Math.min(implicitWidth, words.width - Theme.small - Theme.unit)
                text: tile.open && (tile.view.minutes ?? "") !== "" ? tile.view.minutes : tile.tight && tile.closed && !tile.brief ? (tile.view.note ?? "") : (tile.view.state_text ?? "")
                px: Theme.small
                bold: true
                color: tile.closed ? Theme.colours.attentionInk : tile.checking ? Theme.colours.calmInk : Theme.colours.successInk
            }
        }
    }
    Touch {
        id: touch
        anchors.fill: parent
        onTaken: revision => {
            if (tile.open) {
                Hands.send(revision, "service", { "code": tile.view.code });
            } else {
                shake.restart();
                Hands.answer(tile.view.why_not ?? "");
            }
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

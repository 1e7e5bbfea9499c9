pragma ComponentBehavior: Bound
import QtQuick

// Do you need more time? Covers the page, loses nothing of it.
Item {
    id: overlay

    property var live: ({})
    readonly property bool isModal: true
    readonly property bool asked: live.more_time ?? false

    visible: asked

    Rectangle {
        anchors.fill: parent
        color: Theme.colours.veil
    }
    MouseArea {
        anchors.fill: parent
    }
    Card {
        id: box
        anchors.horizontalCenter: parent.horizontalCenter
        y: Theme.reach ? parent.height - height - Theme.margin : (parent.height - height) / 2
        width: Math.min(parent.width - 2 * Theme.margin, Theme.mm(300))
        height: inside.height + Theme.padding * 2
        Column {
            id: inside
            x: Theme.padding
            y: Theme.padding
            width: parent.width - Theme.padding * 2
            spacing: Theme.unit * 2
            Sentence {
                width: parent.width
                text: overlay.live.more_time_sentence ?? ""
            }
            Label {
                width: parent.width
                text: overlay.live.more_time_hint ?? ""
                color: Theme.colours.soft
            }
            Item { width: 1; height: Theme.unit }
            Button {
                width: parent.width
                visible: overlay.asked
                view: overlay.live.more_time_action ?? ({})
            }
            Button {
                width: parent.width
                visible: overlay.asked && (overlay.live.leave_action?.action ?? "") !== ""
                view: overlay.live.leave_action ?? ({})
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import "components"

// Which finger, where, and how often.
Page {
    id: page

    Card {
        width: parent.width
        height: parent.height
        FingerScene {
            x: Theme.padding
            y: Theme.padding
            width: parent.width - 2 * Theme.padding
            height: Math.max(0, foot.y - y - Theme.unit * 2)
            finger: page.v.finger ?? "any"
            picture: page.snap.picture ?? ""
        }
        Column {
            id: foot
            x: Theme.padding
            y: parent.height - height - Theme.padding
            width: parent.width - 2 * Theme.padding
            spacing: Theme.unit
            Label {
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                text: page.v.finger_label ?? ""
                px: Theme.title
                bold: true
                lineHeight: Math.round(px * 1.3)
            }
            Row {
                visible: (page.v.touches ?? 1) > 1
                anchors.horizontalCenter: parent.horizontalCenter
                spacing: Theme.unit * 2
                Repeater {
                    model: page.v.touches ?? 1
                    Rectangle {
                        required property int index
                        readonly property bool past: index + 1 < (page.v.touch ?? 1)
                        readonly property bool now: index + 1 === (page.v.touch ?? 1)
                        width: Theme.mm(11)
                        height: width
                        radius: width / 2
                        color: past ? Theme.colours.successFill : now ? Theme.colours.primary : Theme.colours.card
                        border.width: Theme.hairline + 1
                        border.color: past ? Theme.colours.successMark : Theme.colours.secondaryLine
                        Icon {
                            anchors.centerIn: parent
                            name: parent.past ? "tick" : ""
                            size: parent.width * 0.6
                            color: Theme.colours.successInk
                        }
                    }
                }
            }
            Label {
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                text: page.v.touch_text ?? ""
            }
            Label {
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                text: page.v.tries ?? ""
                color: Theme.colours.soft
            }
        }
    }
}

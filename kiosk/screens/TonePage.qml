pragma ComponentBehavior: Bound
import QtQuick
import "components"

// Headset, silence, tones; then where each was.
Page {
    id: page
    readonly property var sides: v.sides ?? []
    touched: sides.length > 0
    readonly property real high: Math.max(Theme.mm(26), Math.min(Theme.mm(44), stageHeight * 0.22))
    readonly property real padHeight: 2 * high + Theme.gap
    readonly property real padTop: Math.max(reachTop, stageHeight - padHeight)

    Card {
        width: parent.width
        height: Math.max(0, page.sides.length > 0 ? page.padTop - Theme.gap : parent.height)
        Posture {
            anchors.horizontalCenter: parent.horizontalCenter
            y: Theme.padding
            size: Math.max(0, Math.min(Theme.mm(150), parent.height - 2 * Theme.padding - foot.height, parent.width - 2 * Theme.padding))
            pose: "headset"
        }
        Column {
            id: foot
            x: Theme.padding
            y: parent.height - height - Theme.unit * 2
            width: parent.width - 2 * Theme.padding
            spacing: Theme.unit
            Label {
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                text: page.v.position ?? ""
                bold: true
                color: Theme.colours.calmInk
            }
            Bullets {
                width: parent.width
                lines: page.v.tips ?? []
                px: Theme.body
            }
        }
    }
    Repeater {
        model: page.sides.length
        Choice {
            required property int index
            view: page.sides[index] ?? ({})
            action: "heard"
            key: "side"
            width: index < 2 ? (page.stageWidth - Theme.gap) / 2 : page.stageWidth
            height: page.high
            x: index === 1 ? width + Theme.gap : 0
            y: page.padTop + (index < 2 ? 0 : page.high + Theme.gap)
        }
    }
}

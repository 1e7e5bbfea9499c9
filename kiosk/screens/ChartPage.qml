pragma ComponentBehavior: Bound
import QtQuick
import "components"

// One E, and four arrows to say where it is open.
Page {
    id: page
    readonly property string stage: v.stage ?? ""
    readonly property bool asks: stage === "letter"
    readonly property var arrows: v.arrows ?? []
    touched: asks
    wideShare: 0.32
    sentenceLargest: Theme.strong

    readonly property real pad: Math.min(Theme.mm(34), (page.stageHeight - page.reachTop - 2 * Theme.gap) / (page.reachTop > 0 ? 2 : 4), (page.stageWidth - 2 * Theme.gap) / 3)
    readonly property real crossTop: Math.max(page.reachTop, page.stageHeight - 2 * pad - Theme.gap)

    Optotype {
        visible: page.asks
        width: parent.width
        height: Math.max(0, page.crossTop - Theme.gap)
        rows: page.v.rows ?? []
        stroke: page.v.stroke_px ?? 0
    }
    Card {
        visible: !page.asks
        anchors.fill: parent
        Posture {
            anchors.centerIn: parent
            size: Math.min(Theme.mm(160), parent.height - 2 * Theme.padding, parent.width - 2 * Theme.padding)
            pose: page.stage === "cover" ? ((page.v.eye ?? "") === "right" ? "cover-left" : "cover-right") : page.stage
        }
    }
    // The arrows of a keyboard: up above, left, down and right below it.
    Repeater {
        model: page.asks ? page.arrows.length : 0
        Choice {
            required property int index
            readonly property string to: page.arrows[index]?.id ?? ""
            view: page.arrows[index] ?? ({})
            action: "point"
            key: "to"
            arrow: to
            width: page.pad
            height: page.pad
            x: (page.stageWidth - page.pad) / 2 + (to === "left" ? -1 : to === "right" ? 1 : 0) * (page.pad + Theme.gap)
            y: page.crossTop + (to === "up" ? 0 : page.pad + Theme.gap)
        }
    }
}

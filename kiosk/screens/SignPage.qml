pragma ComponentBehavior: Bound
import QtQuick
import "components"

// The name in one's own hand.
Page {
    id: page
    touched: true
    wideShare: Theme.growth > 0.6 ? 0.42 : 0.3
    ready: pad.ink >= (v.ink_needed ?? 1)
    offered: pad.strokes

    readonly property real ratio: (v.width ?? 10) / Math.max(1, v.height ?? 4)

    Item {
        id: box
        y: page.reachTop
        width: parent.width
        height: parent.height - y
        Label {
            id: paper
            width: parent.width
            text: page.v.paper ?? ""
            px: Theme.strong
            bold: true
        }
        SignaturePad {
            id: pad
            y: paper.visible ? paper.height + Theme.unit * 2 : 0
            width: Math.min(parent.width, (parent.height - y - clear.height - Theme.gap) * page.ratio)
            height: width / page.ratio
            anchors.horizontalCenter: parent.horizontalCenter
            hint: page.v.pad ?? ""
        }
        LocalButton {
            id: clear
            objectName: "clear"
            x: pad.x + pad.width - width
            y: pad.y + pad.height + Theme.gap
            height: Math.max(implicitHeight, Theme.mm(24))
            text: page.v.clear_label ?? ""
            open: pad.strokes.length > 0
            onTapped: pad.wipe()
        }
    }
}

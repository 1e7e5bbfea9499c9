pragma ComponentBehavior: Bound
import QtQuick
import "components"

// A device tried out: its drawing, and what it says itself.
Page {
    id: page
    readonly property var facts: page.v.facts ?? []

    LabelWidth {
        id: labels
        facts: page.facts
    }
    Card {
        width: parent.width
        height: parent.height
        DeviceDrawing {
            id: drawing
            readonly property real side: Math.min(parent.width - 2 * Theme.padding, parent.height - rows.height - 2 * Theme.padding - Theme.gap, Theme.mm(150))
            anchors.horizontalCenter: parent.horizontalCenter
            y: Theme.padding + Math.max(0, (parent.height - rows.height - 2 * Theme.padding - side) / 2)
            width: Math.max(0, side)
            height: width
            device: page.v.device ?? ""
        }
        Column {
            id: rows
            x: Theme.padding
            y: parent.height - height - Theme.padding
            width: parent.width - 2 * Theme.padding
            Repeater {
                model: page.facts.length
                FactRow {
                    required property int index
                    width: rows.width
                    view: page.facts[index] ?? ({})
                    labelWidth: labels.widest
                    ruled: index > 0
                }
            }
        }
    }
}

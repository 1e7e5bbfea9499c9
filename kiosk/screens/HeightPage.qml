pragma ComponentBehavior: Bound
import QtQuick
import "components"

// Under the height sensor.
Page {
    id: page

    Card {
        anchors.fill: parent
        Posture {
            anchors.horizontalCenter: parent.horizontalCenter
            y: Theme.padding
            size: Math.max(0, parent.height - 3 * Theme.padding - tips.height)
            pose: "stand"
        }
        Bullets {
            id: tips
            x: Theme.padding
            anchors.bottom: parent.bottom
            anchors.bottomMargin: Theme.padding
            width: parent.width - 2 * Theme.padding
            lines: page.v.tips ?? []
            px: Theme.body
        }
    }
}

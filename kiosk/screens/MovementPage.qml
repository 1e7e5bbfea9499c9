pragma ComponentBehavior: Bound
import QtQuick
import "components"

// A drawing of the movement beside oneself in the camera; then the seconds until the picture.
Page {
    id: page
    readonly property bool holds: (v.stage ?? "") === "hold"

    CameraView {
        id: mirror
        width: parent.width
        height: foot.y - Theme.unit * 2
        ratio: Theme.wide ? 1.2 : 0.9
        shoulders: false
        headWidth: 0
        headHeight: 0
        sign: page.v.camera_on ?? ""
    }
    Rectangle {
        width: drawing.size + Theme.unit * 2
        height: width
        x: (parent.width - mirror.boxWidth) / 2 + Theme.unit
        y: mirror.height - height - Theme.unit
        radius: Theme.radius
        color: Theme.colours.card
        border.width: Theme.hairline
        border.color: Theme.colours.line
        Posture {
            id: drawing
            anchors.centerIn: parent
            size: Math.min(Theme.mm(60), mirror.height * 0.42)
            pose: page.v.movement ?? "stand"
        }
    }
    Rectangle {
        visible: page.holds && (page.live.seconds ?? -1) > 0
        anchors.horizontalCenter: parent.horizontalCenter
        y: Theme.unit * 2
        width: Theme.mm(34)
        height: width
        radius: width / 2
        color: Theme.colours.primary
        Label {
            anchors.centerIn: parent
            text: `${page.live.seconds ?? ""}`
            px: Theme.hero
            bold: true
            color: Theme.colours.onPrimary
        }
    }
    Label {
        id: foot
        y: parent.height - height
        width: parent.width
        horizontalAlignment: Text.AlignHCenter
        text: page.v.position ?? ""
        bold: true
        color: Theme.colours.calmInk
    }
}

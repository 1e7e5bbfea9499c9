pragma ComponentBehavior: Bound
import QtQuick
import "components"

// The face before the camera, with one piece of advice at a time.
Page {
    id: page
    readonly property string stage: v.stage ?? ""
    readonly property bool challenging: stage === "challenge"
    readonly property bool looking: stage === "look" || stage === "again" || challenging

    CameraView {
        visible: page.stage !== "camera-away"
        width: parent.width
        height: foot.y - Theme.unit * 2
        ratio: Theme.wide ? 1.1 : 0.86
        looking: page.looking
        shoulders: false
        headHeight: 0.62
        headWidth: 0.62 * 0.74 / ratio
        // One thing at a time: in a challenge only the move that leads the page is asked for.
        advice: page.looking && !page.challenging ? (page.live.advice ?? "") : ""
        good: !page.challenging && (page.live.advice_good ?? false)
        held: page.challenging ? (page.v.done ?? 0) / Math.max(1, page.v.of ?? 0) : (page.live.held ?? 0)
        move: page.v.move ?? ""
        seen: page.live
        sign: page.v.camera_on ?? ""
        Scene {
            visible: !page.looking && page.stage !== "camera-away"
            anchors.centerIn: parent
            size: Theme.mm(70)
            picture: "shield"
        }
    }
    Card {
        visible: page.stage === "camera-away"
        width: parent.width
        height: foot.y - Theme.unit * 2
        Scene {
            anchors.centerIn: parent
            size: Math.min(Theme.mm(100), parent.height * 0.6)
            picture: "device-away"
        }
    }
    Column {
        id: foot
        y: parent.height - height
        width: parent.width
        Label {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: page.v.person ?? ""
            bold: true
        }
        Label {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: page.v.tries ?? ""
            color: Theme.colours.soft
        }
    }
}

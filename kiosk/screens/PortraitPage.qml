pragma ComponentBehavior: Bound
import QtQuick
import "components"

// Fill the outline; then choose one of three.
Page {
    id: page
    readonly property string stage: v.stage ?? ""
    readonly property var shots: v.shots ?? []
    touched: stage === "choose"
    readonly property bool noted: shots.some(shot => shot.note !== "")

    // On a wide screen the tips stand beside the picture, which keeps its whole height.
    readonly property bool beside: Theme.wide && stage === "guide"

    CameraView {
        id: camera
        visible: page.stage === "guide"
        width: page.beside ? Math.min(parent.width * 0.55, height * ratio) : parent.width
        height: page.beside ? parent.height : foot.y - Theme.unit * 2
        looking: page.stage === "guide"
        ratio: 0.81
        headWidth: page.v.outline_width ?? 0.5
        headHeight: page.v.outline_height ?? 0.5
        advice: page.live.advice ?? ""
        good: page.live.advice_good ?? false
        held: page.live.held ?? 0
        seen: page.live
        sign: page.v.camera_on ?? ""
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
    Row {
        id: choice
        visible: page.stage === "choose"
        y: page.reachTop
        spacing: Theme.gap
        Repeater {
            model: page.stage === "choose" ? page.shots.length : 0
            Shot {
                required property int index
                width: (page.stageWidth - (page.shots.length - 1) * Theme.gap) / Math.max(1, page.shots.length)
                highest: page.stageHeight - page.reachTop - (foot.height > 0 ? foot.height + Theme.unit * 2 : 0)
                noted: page.noted
                view: page.shots[index] ?? ({})
            }
        }
    }
    Column {
        id: foot
        x: page.beside ? camera.width + Theme.unit * 3 : 0
        y: page.beside ? Math.max(0, (parent.height - height) / 2) : parent.height - height
        width: parent.width - x
        spacing: Theme.unit
        Label {
            width: parent.width
            text: page.stage === "choose" && Theme.reach ? "" : (page.v.taken ?? "")
            bold: true
            color: Theme.colours.calmInk
        }
        Label {
            visible: text !== ""
            width: parent.width
            text: page.v.failed ?? ""
            bold: true
        }
        Bullets {
            width: parent.width
            lines: page.stage === "choose" && Theme.reach ? [] : (page.v.tips ?? [])
            px: Theme.body
            ink: Theme.colours.soft
        }
    }
}

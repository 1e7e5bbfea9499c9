pragma ComponentBehavior: Bound
import QtQuick
import "components"

// One measurement: what is set up or looked at, and what was found.
Page {
    id: page
    atLastSheet: card.atLast
    readonly property var facts: page.v.facts ?? []
    readonly property bool camera: page.v.camera ?? false

    LabelWidth {
        id: labels
        facts: page.facts
    }
    CameraView {
        visible: page.camera
        width: parent.width
        height: parent.height
        ratio: Theme.wide ? 1.1 : 0.86
        looking: page.camera
        shoulders: false
        headHeight: 0.62
        headWidth: 0.62 * 0.74 / ratio
        seen: page.live
        sign: page.v.camera_on ?? ""
    }
    SheetCard {
        id: card
        visible: !page.camera
        width: parent.width
        room: parent.height
        chrome: page.chrome
        Item {
            width: parent?.width ?? 0
            height: Theme.mm(Theme.compact ? 44 : Theme.wide ? 60 : 110)
            DeviceDrawing {
                anchors.horizontalCenter: parent.horizontalCenter
                width: parent.height - Theme.gap
                height: width
                device: page.v.device ?? ""
            }
        }
        Repeater {
            model: page.camera ? 0 : page.facts.length
            FactRow {
                required property int index
                width: parent?.width ?? 0
                view: page.facts[index] ?? ({})
                labelWidth: labels.widest
                ruled: index > 0
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import "components"

// One's own pass at the slot of the endorsement writer.
Page {
    id: page

    readonly property string stage: page.v.stage ?? "insert"
    readonly property bool out: stage === "take" || stage === "still-there" || stage === "pushed-back"

    Card {
        anchors.fill: parent
        Item {
            id: scene
            readonly property real k: Math.min(width / 400, height / 300)
            anchors.horizontalCenter: parent.horizontalCenter
            y: Theme.padding
            width: parent.width - 2 * Theme.padding
            height: parent.height - 2 * Theme.padding - place.height - Theme.unit
            Item {
                width: 400
                height: 300
                scale: scene.k
                transformOrigin: Item.TopLeft
                x: (scene.width - 400 * scene.k) / 2
                y: (scene.height - 300 * scene.k) / 2
                Rectangle {
                    x: 40
                    y: 10
                    width: 320
                    height: 130
                    radius: 16
                    color: Theme.colours.drawLight
                    border.width: 3
                    border.color: Theme.colours.drawDark
                }
                Rectangle {
                    x: 110
                    y: 92
                    width: 180
                    height: 22
                    radius: 8
                    color: page.out ? Theme.colours.successMark : Theme.colours.lamp
                    border.width: 3
                    border.color: Theme.colours.drawDark
                }
                CardDrawing {
                    width: 150
                    height: 96
                    x: 125
                    y: page.stage === "reading" ? 88 : page.out ? 150 : 176
                    visible: page.stage !== "reading"
                }
                Icon {
                    visible: page.stage !== "reading"
                    x: 300
                    y: 178
                    width: 52
                    height: 52
                    size: 52
                    pen: 3.6
                    name: "down"
                    rotation: page.out ? 0 : 180
                    color: Theme.colours.drawDark
                    transformOrigin: Item.Center
                }
            }
        }
        Label {
            id: place
            anchors.bottom: parent.bottom
            anchors.bottomMargin: Theme.padding
            anchors.horizontalCenter: parent.horizontalCenter
            width: Math.min(implicitWidth, parent.width - 2 * Theme.padding)
            horizontalAlignment: Text.AlignHCenter
            text: page.v.place ?? ""
            color: Theme.colours.soft
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import "components"

// A new document comes out of the dispenser's slot: a card lies flat, a passport stands.
Page {
    id: page

    readonly property string stage: page.v.stage ?? ""
    readonly property bool booklet: page.v.booklet ?? false

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
                    height: 120
                    radius: 16
                    color: Theme.colours.drawLight
                    border.width: 3
                    border.color: Theme.colours.drawDark
                }
                Rectangle {
                    x: 90
                    y: 90
                    width: 220
                    height: 20
                    radius: 8
                    color: page.stage === "fetching" ? Theme.colours.lamp : Theme.colours.successMark
                    border.width: 3
                    border.color: Theme.colours.drawDark
                }
                Rectangle {
                    visible: page.stage !== "fetching"
                    x: page.booklet ? 128 : 110
                    y: 104
                    width: page.booklet ? 144 : 180
                    height: 106
                    radius: page.booklet ? 4 : 10
                    color: Theme.colours.drawLight
                    border.width: 3
                    border.color: Theme.colours.drawDark
                    Rectangle {
                        visible: !page.booklet
                        x: 116
                        y: 30
                        width: 44
                        height: 54
                        radius: 4
                        color: Theme.colours.drawDark
                    }
                    Rectangle {
                        visible: !page.booklet
                        x: 18
                        y: 36
                        width: 80
                        height: 9
                        radius: 4
                        color: Theme.colours.drawDark
                    }
                    Rectangle {
                        visible: !page.booklet
                        x: 18
                        y: 58
                        width: 60
                        height: 9
                        radius: 4
                        color: Theme.colours.drawDark
                    }
                    Rectangle {
                        visible: page.booklet
                        x: 47
                        y: 32
                        width: 50
                        height: 50
                        radius: 25
                        color: Theme.colours.drawLight
                        border.width: 5
                        border.color: Theme.colours.drawDark
                    }
                }
                Icon {
                    visible: page.stage !== "fetching"
                    x: 174
                    y: 216
                    width: 52
                    height: 52
                    size: 52
                    pen: 3.6
                    name: "down"
                    color: Theme.colours.drawDark
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

pragma ComponentBehavior: Bound
import QtQuick
import "components"

// The code on a paper, held under the scanner.
Page {
    id: page

    readonly property string stage: page.v.stage ?? ""

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
                    x: 90
                    y: 190
                    width: 220
                    height: 90
                    radius: 16
                    color: Theme.colours.drawLight
                    border.width: 3
                    border.color: Theme.colours.drawDark
                }
                Rectangle {
                    x: 130
                    y: 206
                    width: 140
                    height: 26
                    radius: 8
                    color: Theme.colours.lamp
                    border.width: 3
                    border.color: Theme.colours.drawDark
                }
                Rectangle {
                    x: 120
                    y: 16
                    width: 160
                    height: 118
                    radius: 6
                    color: Theme.colours.drawLight
                    border.width: 3
                    border.color: Theme.colours.drawDark
                    Row {
                        anchors.horizontalCenter: parent.horizontalCenter
                        y: 66
                        spacing: 5
                        Repeater {
                            model: [4, 8, 3, 6, 10, 3, 5, 8, 4]
                            Rectangle {
                                required property int modelData
                                width: modelData
                                height: 40
                                color: Theme.colours.drawDark
                            }
                        }
                    }
                }
                Icon {
                    x: 174
                    y: 138
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

pragma ComponentBehavior: Bound
import QtQuick
import "components"

// The screen measured by a card held against its outline (ISO/IEC 7810 ID-1, 85.60 x 53.98 mm), then its colours and greys.
Page {
    id: page
    touched: true
    wideShare: 0.3
    readonly property bool sizing: (page.v.stage ?? "size") === "size"
    property int moved: 0
    readonly property int pixels: (page.v.pixels ?? 0) + moved
    offered: pixels

    Item {
        y: page.reachTop
        width: parent.width
        height: parent.height - y
        visible: page.sizing
        Rectangle {
            id: outline
            objectName: "card"
            anchors.horizontalCenter: parent.horizontalCenter
            y: Math.max(0, (buttons.y - height) / 2)
            width: Math.max(1, page.pixels)
            height: Math.round(width * 53.98 / 85.6)
            radius: width * 3.18 / 85.6
            color: "#FFFFFF"
            border.width: 1
            border.color: "#000000"
        }
        Row {
            id: buttons
            anchors.horizontalCenter: parent.horizontalCenter
            y: parent.height - height
            spacing: Theme.gap
            LocalButton {
                objectName: "narrower"
                text: page.v.narrower ?? ""
                open: page.pixels > (page.v.pixels ?? 0) / 2
                onTapped: page.moved -= 1
            }
            LocalButton {
                objectName: "wider"
                text: page.v.wider ?? ""
                open: page.pixels < Math.min(page.stageWidth, (page.v.pixels ?? 0) * 2)
                onTapped: page.moved += 1
            }
        }
    }
    // Sixteen greys, the darkest and the lightest two levels apart, and the six corners of the colour cube.
    Column {
        id: bands
        visible: !page.sizing
        y: page.reachTop
        width: parent.width
        spacing: Theme.gap
        readonly property real band: (parent.height - y - 3 * spacing) / 4
        Row {
            Repeater {
                model: 16
                Rectangle {
                    required property int index
                    width: page.stageWidth / 16
                    height: bands.band
                    color: Qt.rgba(index / 15, index / 15, index / 15, 1)
                }
            }
        }
        Row {
            Repeater {
                model: 6
                Rectangle {
                    required property int index
                    width: page.stageWidth / 6
                    height: bands.band
                    color: ["#FF0000", "#FFFF00", "#00FF00", "#00FFFF", "#0000FF", "#FF00FF"][index]
                }
            }
        }
        Row {
            Repeater {
                model: 8
                Rectangle {
                    required property int index
                    readonly property real level: (index + 1) * 4 / 255
                    width: page.stageWidth / 8
                    height: bands.band
                    color: Qt.rgba(level, level, level, 1)
                }
            }
        }
        Row {
            Repeater {
                model: 8
                Rectangle {
                    required property int index
                    readonly property real level: 1 - (index + 1) * 3 / 255
                    width: page.stageWidth / 8
                    height: bands.band
                    color: Qt.rgba(level, level, level, 1)
                }
            }
        }
    }
}

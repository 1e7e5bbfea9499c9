pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Shapes
import Kiosk.Bridge

// The citizen as the camera sees them, an outline to fill, and one piece of advice at a time.
Item {
    id: camera

    property bool looking: true
    property string advice: ""
    property bool good: false
    property real held: 0
    property var seen: ({})
    property string sign: ""
    // A move that is asked for, drawn where it goes: turns at their side of the outline, the others under the face.
    property string move: ""
    // The camera's own shape: what of its picture is shown is the middle, mirrored.
    readonly property real frameRatio: 16 / 9
    property real headWidth: 0.52
    property real headHeight: 0.55
    property bool shoulders: true
    property real ratio: 0.8
    readonly property real boxHeight: Math.min(height, width / ratio)
    readonly property real boxWidth: boxHeight * ratio
    readonly property color pen: good ? (Theme.highContrast ? "#FFFFFF" : "#7CF2A5") : "#FFFFFF"

    Rectangle {
        id: box
        anchors.horizontalCenter: parent.horizontalCenter
        width: camera.boxWidth
        height: camera.boxHeight
        radius: Theme.radius
        color: "#101A2B"
        border.width: camera.good ? 8 : Theme.hairline
        border.color: camera.good ? Theme.colours.successMark : Theme.colours.line
        clip: true
        CameraPreview {
            anchors.fill: parent
            anchors.margins: camera.good ? 8 : 2
            shown: camera.looking && camera.visible
        }
        Shape {
            id: outline
            anchors.fill: parent
            visible: camera.looking
            readonly property real cx: width / 2
            readonly property real cy: height * 0.44
            readonly property real rx: width * camera.headWidth / 2
            readonly property real ry: height * camera.headHeight / 2
            ShapePath {
                fillColor: "transparent"
                strokeColor: "#B0000000"
                strokeWidth: 11
                PathSvg { path: outline.head }
            }
            ShapePath {
                fillColor: "transparent"
                strokeColor: camera.pen
                strokeWidth: 6
                strokeStyle: camera.good ? ShapePath.SolidLine : ShapePath.DashLine
                dashPattern: [3, 2]
                capStyle: ShapePath.FlatCap
                PathSvg { path: outline.head }
            }
            readonly property string head: {
                const oval = `M${cx} ${cy - ry} A${rx} ${ry} 0 1 1 ${cx - 0.1} ${cy - ry} Z`;
                if (!camera.shoulders)
                    return oval;
                const neck = cy + ry * 0.94;
                const wide = Math.min(width * 0.47, rx * 1.9);
                return oval + ` M${cx - rx * 0.5} ${neck} C${cx - rx * 0.6} ${neck + ry * 0.2} ${cx - wide} ${neck + ry * 0.16} ${cx - wide} ${height} M${cx + rx * 0.5} ${neck} C${cx + rx * 0.6} ${neck + ry * 0.2} ${cx + wide} ${neck + ry * 0.16} ${cx + wide} ${height}`;
            }
        }
        // Where the face is seen: moves with it, so that everyone can tell that it is them the advice is for.
        Item {
            id: found
            readonly property real frameWidth: Math.max(box.width, box.height * camera.frameRatio)
            readonly property real frameHeight: frameWidth / camera.frameRatio
            visible: camera.looking && (camera.seen.has_face ?? false) && !camera.good
            width: (camera.seen.face_width ?? 0) * frameWidth
            height: (camera.seen.face_height ?? 0) * frameHeight
            x: box.width / 2 + (0.5 - (camera.seen.face_x ?? 0)) * frameWidth - width
            y: box.height / 2 + ((camera.seen.face_y ?? 0) - 0.5) * frameHeight
            Repeater {
                model: 4
                Item {
                    id: corner
                    required property int index
                    readonly property bool atRight: index % 2 === 1
                    readonly property bool atFoot: index > 1
                    readonly property real arm: Math.min(found.width, found.height) * 0.22
                    x: atRight ? found.width - arm : 0
                    y: atFoot ? found.height - arm : 0
                    width: arm
                    height: arm
                    Rectangle {
                        y: corner.atFoot ? corner.arm - height : 0
                        width: corner.arm
                        height: 6
                        color: "#FFD24A"
                        border.color: "#B0000000"
                    }
                    Rectangle {
                        x: corner.atRight ? corner.arm - width : 0
                        width: 6
                        height: corner.arm
                        color: "#FFD24A"
                        border.color: "#B0000000"
                    }
                }
            }
        }
        Rectangle {
            visible: camera.sign !== ""
            x: parent.width - width - Theme.unit * 2
            y: parent.height - height - Theme.unit * (camera.held > 0 ? 7 : 2)
            width: lamp.width + signText.implicitWidth + Theme.unit * 4
            height: signText.implicitHeight + Theme.unit
            radius: height / 2
            color: "#E6000000"
            Rectangle {
                id: lamp
                x: Theme.unit * 1.5
                anchors.verticalCenter: parent.verticalCenter
                width: Theme.unit * 1.6
                height: width
                radius: width / 2
                color: "#FF5A4F"
                border.width: 2
                border.color: "#FFFFFF"
            }
            Label {
                id: signText
                anchors.left: lamp.right
                anchors.leftMargin: Theme.unit
                anchors.verticalCenter: parent.verticalCenter
                text: camera.sign
                color: "#FFFFFF"
            }
        }
        Rectangle {
            readonly property bool sideways: camera.move === "turn-left" || camera.move === "turn-right"
            visible: camera.move !== ""
            width: Math.min(Theme.mm(30), box.width * 0.26)
            height: width
            radius: width / 2
            color: "#E6000000"
            border.width: 3
            border.color: "#FFD24A"
            x: camera.move === "turn-left" ? box.width * 0.04 : camera.move === "turn-right" ? box.width * 0.96 - width : (box.width - width) / 2
            y: sideways ? box.height * 0.44 - height / 2 : box.height * 0.94 - height - Theme.unit * 5
            Icon {
                anchors.centerIn: parent
                name: camera.move
                size: parent.width * 0.66
                pen: 1.8
                color: "#FFFFFF"
            }
        }
        Rectangle {
            visible: camera.advice !== ""
            anchors.horizontalCenter: parent.horizontalCenter
            y: Theme.unit * 2
            width: Math.min(parent.width - Theme.unit * 4, words.implicitWidth + mark.width + Theme.unit * 7)
            height: words.height + Theme.unit * 2
            radius: Theme.mm(4)
            color: camera.good ? Theme.colours.successFill : Theme.colours.card
            border.width: Theme.hairline + 1
            border.color: camera.good ? Theme.colours.successMark : Theme.colours.secondaryLine
            Icon {
                id: mark
                x: Theme.unit * 2
                anchors.verticalCenter: parent.verticalCenter
                name: camera.good ? "tick" : "info"
                size: Theme.strong
                color: camera.good ? Theme.colours.successInk : Theme.colours.calmInk
            }
            Label {
                id: words
                x: mark.x + mark.width + Theme.unit * 2
                width: parent.width - x - Theme.unit * 2
                anchors.verticalCenter: parent.verticalCenter
                text: camera.advice
                px: Theme.strong
                bold: true
                lineHeight: Math.round(px * 1.35)
                color: camera.good ? Theme.colours.successInk : Theme.colours.ink
            }
        }
        Rectangle {
            visible: camera.held > 0
            x: Theme.unit * 3
            y: parent.height - height - Theme.unit * 3
            width: parent.width - Theme.unit * 6
            height: Theme.unit * 2
            radius: height / 2
            color: "#CC000000"
            border.width: 2
            border.color: "#FFFFFF"
            Rectangle {
                width: Math.max(height, parent.width * Math.min(1, camera.held))
                height: parent.height
                radius: height / 2
                color: "#7CF2A5"
            }
        }
    }
}

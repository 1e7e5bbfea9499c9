pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Shapes

// The terminal seen from the front: screen, camera, and the lit place below the screen where the card goes.
Item {
    id: scene

    property string picture: "card-to-reader"
    readonly property real k: Math.min(width / 400, height / 380)
    readonly property bool lying: picture === "card-stays" || picture === "card-read"
    readonly property bool away: picture === "device-away"
    readonly property bool refused: picture === "card-not-taken"
    readonly property string badge: picture === "card-read" ? "tick" : refused || away ? "cross" : ""
    readonly property bool lift: picture === "card-again"

    Item {
        width: 400
        height: 380
        scale: scene.k
        transformOrigin: Item.TopLeft
        x: (scene.width - 400 * scene.k) / 2
        y: (scene.height - 380 * scene.k) / 2

        Rectangle {
            x: 84
            y: 4
            width: 232
            height: 146
            radius: 14
            color: Theme.highContrast ? "#000000" : Theme.colours.header
            border.width: Theme.highContrast || Theme.scheme === "night" ? 3 : 0
            border.color: Theme.colours.drawDark
            Rectangle {
                anchors.horizontalCenter: parent.horizontalCenter
                y: 11
                width: 11
                height: 11
                radius: 6
                color: Theme.scheme === "day" ? "#7FB2FF" : Theme.colours.drawDark
            }
            Rectangle {
                x: 14
                y: 32
                width: 204
                height: 100
                radius: 6
                color: Theme.colours.drawLight
                opacity: Theme.scheme === "day" ? 0.16 : 1
            }
        }
        Shape {
            width: 400
            height: 380
            ShapePath {
                fillColor: Theme.colours.drawLight
                strokeColor: Theme.highContrast ? Theme.colours.drawDark : "transparent"
                strokeWidth: Theme.highContrast ? 3 : 0
                joinStyle: ShapePath.RoundJoin
                PathSvg { path: "M58 196 L342 196 L384 352 L16 352 Z" }
            }
            ShapePath {
                fillColor: scene.away ? Theme.colours.drawMid : Theme.colours.lamp
                strokeColor: Theme.colours.drawDark
                strokeWidth: 3
                joinStyle: ShapePath.RoundJoin
                PathSvg { path: "M128 228 L272 228 L290 328 L110 328 Z" }
            }
        }
        CardDrawing {
            width: 132
            height: 84
            x: 134
            y: scene.lying ? 236 : scene.lift ? 132 : 158
            visible: !scene.away
            lying: scene.lying
            fresh: scene.picture === "new-card-to-reader"
            Behavior on y { NumberAnimation { duration: Theme.swift; easing.type: Easing.OutCubic } }
        }
        Icon {
            visible: !scene.lying && !scene.away && !scene.refused
            x: 178
            y: scene.lift ? 224 : 252
            name: "down"
            size: 44
            pen: 3.2
            rotation: scene.lift ? 180 : 0
            color: Theme.highContrast ? "#000000" : "#16305C"
            transformOrigin: Item.Center
            width: 44
            height: 44
        }
        Rectangle {
            visible: scene.badge !== ""
            x: 232
            y: scene.lying ? 214 : 138
            width: 60
            height: 60
            radius: 30
            color: scene.badge === "tick" ? Theme.colours.successFill : Theme.colours.attentionFill
            border.width: 4
            border.color: scene.badge === "tick" ? Theme.colours.successMark : Theme.colours.attentionMark
            Icon {
                anchors.centerIn: parent
                name: scene.badge
                size: 38
                pen: 3
                color: scene.badge === "tick" ? Theme.colours.successInk : Theme.colours.attentionInk
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Shapes

// A hand from above with the finger that is meant, over the sensor.
Item {
    id: scene

    property string finger: "any"
    property string picture: "finger-place"
    readonly property bool leftHand: finger.indexOf("left") === 0
    readonly property bool thumb: finger.indexOf("thumb") > 0
    readonly property bool away: picture === "device-away"
    readonly property real k: Math.min(width / 360, height / 330)
    readonly property color plain: Theme.highContrast ? "#000000" : Theme.colours.drawLight
    readonly property color meant: Theme.highContrast ? "#FFFFFF" : Theme.colours.primary

    Item {
        width: 360
        height: 330
        scale: scene.k
        transformOrigin: Item.TopLeft
        x: (scene.width - 360 * scene.k) / 2
        y: (scene.height - 330 * scene.k) / 2

        Shape {
            width: 360
            height: 330
            visible: !scene.away
            transform: Scale {
                origin.x: 180
                xScale: scene.leftHand ? -1 : 1
            }
            ShapePath {
                fillColor: scene.plain
                strokeColor: Theme.colours.drawDark
                strokeWidth: 4
                joinStyle: ShapePath.RoundJoin
                PathSvg { path: "M134 180 L134 72 A17 17 0 0 1 168 72 L168 160 L174 160 L174 52 A17 17 0 0 1 208 52 L208 160 L214 160 L214 64 A17 17 0 0 1 248 64 L248 164 L254 168 L254 98 A16 16 0 0 1 286 98 L286 230 C286 282 258 314 208 314 C166 314 146 296 128 262 L86 206 A18 18 0 0 1 112 182 L134 202 Z" }
            }
            ShapePath {
                fillColor: scene.finger === "any" || scene.thumb ? "transparent" : scene.meant
                strokeColor: scene.finger === "any" || scene.thumb ? "transparent" : Theme.colours.drawDark
                strokeWidth: 4
                PathSvg { path: "M134 150 L134 72 A17 17 0 0 1 168 72 L168 150 A17 17 0 0 1 134 150 Z" }
            }
            ShapePath {
                fillColor: scene.finger !== "any" && scene.thumb ? scene.meant : "transparent"
                strokeColor: scene.finger !== "any" && scene.thumb ? Theme.colours.drawDark : "transparent"
                strokeWidth: 4
                joinStyle: ShapePath.RoundJoin
                PathSvg { path: "M128 262 L86 206 A18 18 0 0 1 112 182 L150 218 Z" }
            }
        }
        Rectangle {
            visible: scene.picture !== "finger-lift" || scene.away
            x: scene.away ? 130 : scene.leftHand ? 264 : 8
            y: scene.away ? 90 : 34
            width: 88
            height: 108
            radius: 16
            color: Theme.highContrast ? "#000000" : Theme.colours.header
            border.width: 4
            border.color: scene.away ? Theme.colours.attentionMark : Theme.colours.drawDark
            Shape {
                anchors.fill: parent
                ShapePath {
                    fillColor: "transparent"
                    strokeColor: scene.away ? "#FFFFFF" : Theme.highContrast ? "#FFFFFF" : "#8FD6A9"
                    strokeWidth: 4
                    capStyle: ShapePath.RoundCap
                    PathSvg { path: scene.away ? "M28 38 L60 70 M60 38 L28 70" : "M26 74 L26 52 A18 18 0 0 1 62 52 L62 66 M35 80 L35 54 A9 9 0 0 1 53 54 L53 78 M44 54 L44 84 M17 62 L17 50 A27 27 0 0 1 71 50 L71 58" }
                }
            }
        }
        Icon {
            visible: scene.picture === "finger-lift" || scene.picture === "finger-again"
            x: scene.leftHand ? 284 : 24
            y: 160
            name: "down"
            rotation: scene.picture === "finger-lift" ? 180 : 0
            size: 52
            width: 52
            height: 52
            pen: 3
            color: Theme.colours.calmInk
        }
    }
}

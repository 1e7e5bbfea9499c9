pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Shapes

// The other drawings, each made of plain shapes on a field of 120 x 120.
Item {
    id: scene

    property string picture: "wait"
    property real size: Theme.mm(90)
    readonly property string art: arts[picture] ?? ""
    readonly property string fill: fills[picture] ?? ""

    readonly property var fills: ({
        "wait": "M60 12 A48 48 0 1 1 59.9 12 Z",
        "paper-receipt": "M38 44 L82 44 L82 108 L76 104 L70 108 L64 104 L58 108 L52 104 L46 108 L38 104 Z",
        "paper-page": "M32 40 L88 40 L88 112 L32 112 Z",
        "officer": "M60 20 A20 20 0 1 1 59.9 20 Z M24 108 C24 82 40 70 60 70 C80 70 96 82 96 108 Z",
        "telephone": "M34 18 L48 18 L55 40 L45 48 C50 60 60 70 72 75 L80 65 L102 72 L102 86 C102 96 95 103 86 102 C50 99 21 70 18 34 C17 25 24 18 34 18 Z",
        "tick": "M60 12 A48 48 0 1 1 59.9 12 Z",
        "shield": "M60 10 L102 26 L102 60 C102 86 82 104 60 112 C38 104 18 86 18 60 L18 26 Z",
        "closed": "M60 12 A48 48 0 1 1 59.9 12 Z",
        "device-away": "M20 28 L100 28 L100 84 L20 84 Z"
    })
    readonly property var arts: ({
        "wait": "M60 32 L60 61 L79 73",
        "paper-receipt": "M16 44 L104 44 M24 20 L96 20 L104 44 L16 44 Z M48 58 L72 58 M48 70 L72 70 M48 82 L64 82",
        "paper-page": "M14 40 L106 40 M22 16 L98 16 L106 40 L14 40 Z M44 56 L76 56 M44 68 L76 68 M44 80 L76 80 M44 92 L62 92",
        "officer": "M38 32 C38 18 82 18 82 32 L38 32 M34 34 C48 30 72 30 86 34 M60 84 L68 88 L68 95 C68 100 64 103 60 105 C56 103 52 100 52 95 L52 88 Z",
        "telephone": "M70 20 C88 22 98 32 100 50 M70 36 C78 37 83 42 84 50",
        "tick": "M36 62 L53 79 L86 42",
        "shield": "M40 60 L55 75 L82 46",
        "closed": "M34 60 L86 60",
        "device-away": "M46 100 L74 100 M60 84 L60 100 M46 42 L74 70 M74 42 L46 70"
    })

    implicitWidth: size
    implicitHeight: size
    visible: art !== ""

    Shape {
        width: 120
        height: 120
        scale: scene.size / 120
        transformOrigin: Item.TopLeft
        ShapePath {
            fillColor: scene.picture === "tick" ? Theme.colours.successFill : scene.picture === "device-away" || scene.picture === "closed" ? Theme.colours.attentionFill : Theme.colours.drawLight
            strokeColor: Theme.highContrast ? Theme.colours.drawDark : "transparent"
            strokeWidth: Theme.highContrast ? 3 : -1
            PathSvg { path: scene.fill === "" ? "M0 0" : scene.fill }
        }
        ShapePath {
            fillColor: "transparent"
            strokeColor: scene.picture === "tick" ? Theme.colours.successMark : scene.picture === "device-away" || scene.picture === "closed" ? Theme.colours.attentionInk : Theme.colours.drawDark
            strokeWidth: 5
            capStyle: ShapePath.RoundCap
            joinStyle: ShapePath.RoundJoin
            PathSvg { path: scene.art === "" ? "M0 0" : scene.art }
        }
    }
}

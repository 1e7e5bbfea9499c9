pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Shapes

// One move: its number, a drawing of it, and the words.
Item {
    id: row

    property var view: ({})
    readonly property real size: Theme.mm(Theme.compact ? 26 : 34)
    readonly property string art: arts[view.picture ?? ""] ?? ""
    readonly property string body: bodies[view.picture ?? ""] ?? ""

    // The machine's body filled, and over it what a hand does; on a field of 120 x 120.
    readonly property var bodies: ({
        "open": "M14 62 L106 62 L106 106 L14 106 Z",
        "pull": "M10 40 L70 40 L70 100 L10 100 Z",
        "put": "M10 58 L110 58 L110 108 L10 108 Z",
        "clean": "M14 74 L106 74 L106 100 L14 100 Z",
        "turn": "M34 44 L86 44 L86 92 L34 92 Z",
        "close": "M14 62 L106 62 L106 106 L14 106 Z",
        "cable": "M8 40 L56 40 L56 84 L8 84 Z",
        "wait": "M60 14 A46 46 0 1 1 59.9 14 Z",
        "call": "M34 18 L48 18 L55 40 L45 48 C50 60 60 70 72 75 L80 65 L102 72 L102 86 C102 96 95 103 86 102 C50 99 21 70 18 34 C17 25 24 18 34 18 Z"
    })
    readonly property var arts: ({
        "open": "M14 62 L34 14 L112 34 L106 62 M60 52 L60 24 M48 36 L60 24 L72 36",
        "pull": "M40 56 L84 56 L84 84 L40 84 M84 70 L116 70 M104 58 L116 70 L104 82",
        "put": "M38 12 L82 12 L82 44 L38 44 Z M60 50 L60 92 M48 80 L60 92 L72 80",
        "clean": "M26 66 C32 40 60 34 82 46 L94 66 Z M20 112 L30 106 M48 114 L54 106 M78 114 L84 106 M40 24 L40 12 M34 18 L46 18 M92 24 L92 14 M87 19 L97 19",
        "turn": "M60 56 A12 12 0 1 1 59.9 56 Z M28 30 C44 12 76 12 92 30 M92 14 L93 31 L76 30 M60 92 L60 112 M38 112 L82 112",
        "close": "M14 62 L106 62 M20 48 L106 48 M60 10 L60 40 M48 28 L60 40 L72 28",
        "cable": "M56 52 L68 52 M56 72 L68 72 M76 44 L96 44 L96 80 L76 80 Z M96 62 C112 62 116 78 110 96 M76 52 L70 52 M76 72 L70 72",
        "wait": "M60 34 L60 62 L80 74",
        "call": "M70 20 C88 22 98 32 100 50 M70 36 C78 37 83 42 84 50"
    })

    implicitHeight: Math.max(size, words.height)
    height: implicitHeight

    Label {
        id: number
        anchors.verticalCenter: parent.verticalCenter
        width: Theme.strong
        text: String(row.view.number ?? "")
        px: Theme.strong
        bold: true
        color: Theme.colours.calmInk
    }
    Item {
        id: drawing
        x: number.width + Theme.unit
        anchors.verticalCenter: parent.verticalCenter
        width: row.size
        height: row.size
        Shape {
            width: 120
            height: 120
            scale: row.size / 120
            transformOrigin: Item.TopLeft
            ShapePath {
                fillColor: Theme.colours.drawLight
                strokeColor: Theme.highContrast ? Theme.colours.drawDark : "transparent"
                strokeWidth: Theme.highContrast ? 3 : -1
                PathSvg { path: row.body === "" ? "M0 0" : row.body }
            }
            ShapePath {
                fillColor: "transparent"
                strokeColor: Theme.colours.drawDark
                strokeWidth: 5
                capStyle: ShapePath.RoundCap
                joinStyle: ShapePath.RoundJoin
                PathSvg { path: row.art === "" ? "M0 0" : row.art }
            }
        }
    }
    Label {
        id: words
        anchors.verticalCenter: parent.verticalCenter
        x: drawing.x + drawing.width + Theme.unit * 2
        width: parent.width - x
        text: row.view.text ?? ""
        px: Theme.body
    }
}

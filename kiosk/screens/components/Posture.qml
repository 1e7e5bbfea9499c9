pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Shapes

// A person of a few lines, standing, listening, covering an eye, or in one of the movements an examination asks for.
Item {
    id: figure

    property string pose: "stand"
    property real size: Theme.mm(90)
    property color ink: Theme.colours.calmInk

    readonly property string head: "M50 12 A9 9 0 1 1 49.9 12 Z"
    readonly property string trunk: "M50 32 L50 66"
    readonly property string hanging: "M50 40 L36 62 M50 40 L64 62"
    readonly property string legs: "M50 66 L40 96 M50 66 L60 96"
    readonly property var poses: ({
        "stand": `${head} ${trunk} ${hanging} ${legs} M28 98 L72 98 M80 14 L80 98 M76 14 L84 14`,
        "arms-up": `${head} ${trunk} M50 40 L34 12 M50 40 L66 12 ${legs}`,
        "fists": `${head} ${trunk} M50 42 L32 50 L30 34 M50 42 L68 50 L70 34 M30 34 A5 5 0 1 1 29.9 34 Z M70 34 A5 5 0 1 1 69.9 34 Z ${legs}`,
        "fingers": `${head} ${trunk} M50 42 L30 52 L26 32 M50 42 L70 52 L74 32 M26 32 L18 22 M26 32 L23 19 M26 32 L28 18 M26 32 L33 20 M26 32 L36 28 M74 32 L82 22 M74 32 L77 19 M74 32 L72 18 M74 32 L67 20 M74 32 L64 28 ${legs}`,
        "squat": "M46 30 A9 9 0 1 1 45.9 30 Z M46 49 L42 72 M45 56 L72 56 M42 72 L64 72 L58 96 M42 72 L66 75 L62 96 M50 96 L72 96",
        "knee-up": `${head} ${trunk} ${hanging} M50 66 L50 96 M50 66 L70 64 L68 84`,
        "head-left": "M50 20 A16 16 0 1 1 49.9 20 Z M50 52 L50 62 M24 84 Q26 62 50 62 Q74 62 76 84 M32 36 L25 38 L33 42 M20 20 L8 20 M13 14 L7 20 L13 26",
        "head-right": "M50 20 A16 16 0 1 1 49.9 20 Z M50 52 L50 62 M24 84 Q26 62 50 62 Q74 62 76 84 M68 36 L75 38 L67 42 M80 20 L92 20 M87 14 L93 20 L87 26",
        "bend": "M24 40 A9 9 0 1 1 23.9 40 Z M34 48 L60 56 M40 50 L36 74 M46 52 L42 76 M60 56 L56 96 M60 56 L66 96",
        "headset": "M50 24 A22 22 0 1 1 49.9 24 Z M28 46 Q28 18 50 18 Q72 18 72 46 M24 40 L31 40 L31 56 L24 56 Z M69 40 L76 40 L76 56 L69 56 Z M50 68 L50 76 M22 96 Q26 76 50 76 Q74 76 78 96",
        "cover-left": "M50 20 A22 26 0 1 1 49.9 20 Z M37 42 A4 4 0 1 1 36.9 42 Z M54 38 L76 34 L80 52 L58 54 Z M78 44 L92 66 M42 60 L58 60",
        "cover-right": "M50 20 A22 26 0 1 1 49.9 20 Z M63 42 A4 4 0 1 1 62.9 42 Z M46 38 L24 34 L20 52 L42 54 Z M22 44 L8 66 M42 60 L58 60",
        "nearer": `${head} ${trunk} ${hanging} ${legs} M94 50 L74 50 M81 43 L74 50 L81 57`,
        "farther": `${head} ${trunk} ${hanging} ${legs} M74 50 L94 50 M87 43 L94 50 L87 57`
    })

    implicitWidth: size
    implicitHeight: size
    width: size
    height: size

    Shape {
        width: 100
        height: 110
        scale: figure.size / 110
        transformOrigin: Item.TopLeft
        x: (figure.size - 100 * scale) / 2
        preferredRendererType: Shape.GeometryRenderer
        ShapePath {
            strokeColor: figure.ink
            strokeWidth: 4
            fillColor: "transparent"
            capStyle: ShapePath.RoundCap
            joinStyle: ShapePath.RoundJoin
            PathSvg { path: figure.poses[figure.pose] ?? figure.poses["stand"] }
        }
    }
}

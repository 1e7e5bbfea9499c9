pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Shapes

// The part of the machine at hand, as it is seen from where one stands; the arrow marks where to open or to pull.
Item {
    id: drawing

    property string device: ""
    readonly property var parts: drawings[device] ?? drawings["some"]

    // [body filled, what is drawn over it, the place, the arrow]; on a field of 120 x 120.
    readonly property var drawings: ({
        "some": ["M16 20 L104 20 L104 104 L16 104 Z", "M30 36 L90 36 M30 52 L90 52 M30 68 L66 68", "M78 78 L96 78 L96 96 L78 96 Z", "M108 87 L98 87 M102 82 L97 87 L102 92"],
        "display": ["M26 6 L94 6 L94 114 L26 114 Z", "M34 14 L86 14 L86 106 L34 106 Z M44 88 L76 88", "M44 36 L76 36 L76 56 L44 56 Z", "M60 84 L60 62 M52 70 L60 61 L68 70"],
        "id-reader": ["M14 26 L106 26 L106 94 L14 94 Z", "M34 42 L86 42 L86 76 L34 76 Z M42 50 A5 6 0 1 1 42 62 Z M56 52 L78 52 M56 60 L78 60 M44 84 A22 10 0 0 0 76 84", "M26 34 L94 34 L94 86 L26 86 Z", "M60 4 L60 28 M52 20 L60 29 L68 20"],
        "document-reader": ["M18 30 L102 30 L102 96 L18 96 Z", "M30 84 L90 84 M40 42 L80 42 L80 74 L40 74 Z M46 66 L74 66 M46 70 L74 70", "M30 38 L90 38 L90 80 L30 80 Z", "M60 6 L60 30 M52 22 L60 31 L68 22"],
        "camera": ["M40 10 L80 10 L80 110 L40 110 Z", "M60 22 A12 12 0 1 1 59.9 22 Z M60 29 A5 5 0 1 1 59.9 29 Z M50 62 L70 62 M50 72 L70 72 M50 82 L70 82", "M60 18 A16 16 0 1 1 59.9 18 Z", "M108 34 L82 34 M91 26 L82 34 L91 42"],
        "fingerprint": ["M26 34 L94 34 L102 104 L18 104 Z", "M46 92 L46 66 A14 14 0 0 1 74 66 L74 92 M53 92 L53 67 A7 7 0 0 1 67 67 L67 92 M60 92 L60 68", "M38 46 L82 46 L82 98 L38 98 Z", "M60 6 L60 38 M52 30 L60 39 L68 30"],
        "receipt-printer": ["M18 44 L102 44 L102 108 L18 108 Z", "M18 44 L28 18 L110 30 L102 44 M42 74 L78 74 M46 74 L46 98 L74 98 L74 74 M52 82 L68 82 M52 89 L68 89 M60 48 A8 8 0 1 1 59.9 48 Z", "M18 44 L28 18 L110 30 L102 44 Z", "M60 34 L60 6 M52 14 L60 5 L68 14"],
        "page-printer": ["M10 30 L94 30 L94 106 L10 106 Z", "M10 30 L20 14 L84 14 L94 30 M22 46 L82 46 M26 22 L78 22 M10 84 L94 84 M40 95 L64 95", "M10 84 L94 84 L94 106 L10 106 Z", "M96 95 L116 95 M108 87 L116 95 L108 103"],
        "locker": ["M14 10 L106 10 L106 110 L14 110 Z", "M14 35 L106 35 M14 60 L106 60 M14 85 L106 85 M60 10 L60 110 M52 22 L52 26 M52 47 L52 51 M52 72 L52 76 M98 22 L98 26 M98 47 L98 51 M98 97 L98 101 M52 97 L52 101", "M62 62 L104 62 L104 83 L62 83 Z", "M84 72 L114 72 M106 64 L115 72 L106 80"],
        "dispenser": ["M12 26 L88 26 L88 106 L12 106 Z", "M24 38 L60 38 L60 92 L24 92 Z M24 47 L60 47 M24 56 L60 56 M24 65 L60 65 M24 74 L60 74 M24 83 L60 83 M70 66 L88 66", "M24 38 L60 38 L60 92 L24 92 Z", "M42 34 L42 4 M34 13 L42 4 L50 13"],
        "intake": ["M14 18 L106 18 L106 106 L14 106 Z", "M34 34 L86 34 L86 40 L34 40 Z M26 60 L94 60 L94 98 L26 98 Z M52 79 L68 79", "M26 60 L94 60 L94 98 L26 98 Z", "M60 84 L60 116 M52 108 L60 117 L68 108"],
        "endorsement-writer": ["M12 40 L100 40 L100 104 L12 104 Z", "M12 40 L22 16 L108 26 L100 40 M34 66 L78 66 L78 72 L34 72 Z M30 88 A8 8 0 1 1 29.9 88 M60 88 A8 8 0 1 1 59.9 88", "M12 40 L22 16 L108 26 L100 40 Z", "M60 30 L60 4 M52 12 L60 3 L68 12"],
        "licence-printer": ["M12 40 L100 40 L100 104 L12 104 Z", "M12 40 L22 16 L108 26 L100 40 M76 76 L100 76 M24 58 L60 58 L60 92 L24 92 Z M32 74 L52 74", "M12 40 L22 16 L108 26 L100 40 Z", "M60 30 L60 4 M52 12 L60 3 L68 12"],
        "plate-printer": ["M10 34 L94 34 L94 104 L10 104 Z", "M10 34 L20 14 L84 14 L94 34 M24 52 L80 52 L80 68 L24 68 Z M32 60 L72 60 M10 84 L94 84 M40 94 L64 94", "M10 84 L94 84 L94 104 L10 104 Z", "M96 94 L116 94 M108 86 L116 94 L108 102"],
        "temporary-id-maker": ["M12 40 L100 40 L100 104 L12 104 Z", "M12 40 L22 16 L108 26 L100 40 M30 60 L74 60 L74 90 L30 90 Z M38 68 A5 6 0 1 1 38 80 Z M52 70 L68 70 M52 78 L68 78", "M12 40 L22 16 L108 26 L100 40 Z", "M60 30 L60 4 M52 12 L60 3 L68 12"],
        "scanner": ["M22 46 L98 46 L98 104 L22 104 Z", "M34 58 L86 58 L86 92 L34 92 Z M42 66 L42 84 M50 66 L50 84 M56 66 L56 84 M66 66 L66 84 M72 66 L72 84 M78 66 L78 84", "M28 52 L92 52 L92 98 L28 98 Z", "M60 8 L60 42 M52 34 L60 43 L68 34"],
        "exam-booth": ["M20 8 L100 8 L100 112 L20 112 Z", "M30 18 L90 18 L90 60 L30 60 Z M52 28 L68 28 M52 28 L52 50 M52 39 L66 39 M52 50 L68 50 M44 76 A16 16 0 0 1 76 76 M42 76 L48 76 L48 88 L42 88 Z M72 76 L78 76 L78 88 L72 88 Z", "M38 66 L82 66 L82 94 L38 94 Z", "M112 80 L86 80 M94 72 L85 80 L94 88"],
        "door": ["M30 8 L90 8 L90 112 L30 112 Z", "M38 16 L82 16 L82 104 L38 104 Z M74 58 L74 70 M90 20 L96 20 M90 100 L96 100", "M66 52 L82 52 L82 76 L66 76 Z", "M112 64 L86 64 M94 56 L85 64 L94 72"],
        "lights": ["M14 44 L106 44 L106 76 L14 76 Z", "M30 60 A6 6 0 1 1 29.9 60 M60 60 A6 6 0 1 1 59.9 60 M90 60 A6 6 0 1 1 89.9 60 M30 90 L30 100 M60 90 L60 100 M90 90 L90 100", "M20 48 L100 48 L100 72 L20 72 Z", "M60 10 L60 40 M52 32 L60 41 L68 32"],
        "presence": ["M40 14 L80 14 L80 46 L40 46 Z", "M60 22 A8 8 0 1 1 59.9 22 M46 62 A20 12 0 0 0 74 62 M38 76 A30 18 0 0 0 82 76 M30 90 A40 24 0 0 0 90 90", "M46 18 L74 18 L74 42 L46 42 Z", "M108 30 L84 30 M92 22 L83 30 L92 38"],
        "audio": ["M24 10 L96 10 L96 110 L24 110 Z", "M60 24 A18 18 0 1 1 59.9 24 M60 34 A8 8 0 1 1 59.9 34 M44 84 L76 84 M60 92 A6 6 0 1 1 59.9 92", "M48 86 L72 86 L72 108 L48 108 Z", "M112 97 L78 97 M86 89 L77 97 L86 105"],
        "help-button": ["M22 22 L98 22 L98 98 L22 98 Z", "M60 36 A24 24 0 1 1 59.9 36 Z M60 48 A8 8 0 0 1 66 62 L60 68 L60 72 M60 78 L60 80", "M60 36 A24 24 0 1 1 59.9 36 Z", "M60 2 L60 28 M52 20 L60 29 L68 20"],
        "key-switch": ["M22 22 L98 22 L98 98 L22 98 Z", "M60 34 A26 26 0 1 1 59.9 34 Z M56 46 L64 46 L64 62 L68 74 L52 74 L56 62 Z", "M60 34 A26 26 0 1 1 59.9 34 Z", "M92 12 A46 46 0 0 1 114 44 M106 38 L114 45 L118 35"],
        "ups": ["M20 18 L92 18 L92 106 L20 106 Z", "M34 34 L78 34 L78 58 L34 58 Z M58 66 L46 84 L58 84 L54 98 L68 80 L56 80 Z", "M30 30 L82 30 L82 62 L30 62 Z", "M94 88 L114 88 M106 80 L114 88 L106 96"]
    })

    Shape {
        width: 120
        height: 120
        scale: drawing.width / 120
        transformOrigin: Item.TopLeft
        ShapePath {
            fillColor: Theme.colours.drawLight
            strokeColor: Theme.colours.drawDark
            strokeWidth: 3
            joinStyle: ShapePath.RoundJoin
            PathSvg { path: drawing.parts[0] }
        }
        ShapePath {
            fillColor: Theme.colours.attentionFill
            strokeColor: Theme.colours.attentionMark
            strokeWidth: 4
            joinStyle: ShapePath.RoundJoin
            PathSvg { path: drawing.parts[2] }
        }
        ShapePath {
            fillColor: "transparent"
            strokeColor: Theme.colours.drawDark
            strokeWidth: 3
            capStyle: ShapePath.RoundCap
            joinStyle: ShapePath.RoundJoin
            PathSvg { path: drawing.parts[1] }
        }
        ShapePath {
            fillColor: "transparent"
            strokeColor: Theme.colours.attentionMark
            strokeWidth: 6
            capStyle: ShapePath.RoundCap
            joinStyle: ShapePath.RoundJoin
            PathSvg { path: drawing.parts[3] }
        }
    }
}

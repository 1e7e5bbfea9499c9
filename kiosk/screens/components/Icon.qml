pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Shapes

// Line drawings of ours on a 24 x 24 field; drawn with the pen only, so that they follow the theme.
Item {
    id: icon

    property string name: ""
    property color color: Theme.colours.ink
    property real size: Theme.body
    property real pen: 2.2

    readonly property var paths: ({
        "tick": "M5 12.5 L10 17.5 L19.5 7",
        "cross": "M6 6 L18 18 M18 6 L6 18",
        "back": "M14.5 5 L7.5 12 L14.5 19",
        "forward": "M9.5 5 L16.5 12 L9.5 19",
        "down": "M12 4 L12 19 M5.5 12.5 L12 19 L18.5 12.5",
        "door": "M5 21 L5 3 L15 3 L15 21 M15 5 L20 7 L20 21 L3 21 M11.5 12 L11.5 13.2",
        "attention": "M12 3.5 L22 20.5 L2 20.5 Z M12 10 L12 14.5 M12 17.2 L12 17.5",
        "stop": "M8 2.8 L16 2.8 L21.2 8 L21.2 16 L16 21.2 L8 21.2 L2.8 16 L2.8 8 Z M12 7.5 L12 13 M12 16.2 L12 16.5",
        "info": "M12 2.8 A9.2 9.2 0 1 1 11.99 2.8 Z M12 11 L12 17 M12 7.2 L12 7.5",
        "clock": "M12 2.8 A9.2 9.2 0 1 1 11.99 2.8 Z M12 7 L12 12.2 L15.8 14.4",
        "phone": "M6.2 3.2 L9.2 3.2 L10.8 8 L8.6 9.8 C9.6 12.2 11.8 14.4 14.2 15.4 L16 13.2 L20.8 14.8 L20.8 17.8 C20.8 19.6 19.4 20.9 17.6 20.8 C10 20.2 3.8 14 3.2 6.4 C3.1 4.6 4.4 3.2 6.2 3.2 Z",
        "card": "M2.5 5.5 L21.5 5.5 L21.5 18.5 L2.5 18.5 Z M6 9.5 L12 9.5 M6 12.5 L11 12.5 M6 15.5 L13 15.5 M15.5 9 L18.5 9 L18.5 13.5 L15.5 13.5 Z",
        "paper": "M5.5 2.8 L14.5 2.8 L18.5 6.8 L18.5 21.2 L5.5 21.2 Z M14.5 2.8 L14.5 6.8 L18.5 6.8 M8.5 11 L15.5 11 M8.5 14 L15.5 14 M8.5 17 L12.5 17",
        "car": "M3 16.5 L3 12 L5.2 11 L7 6.5 L17 6.5 L18.8 11 L21 12 L21 16.5 Z M5.2 11 L18.8 11 M5.5 16.5 L5.5 19 M18.5 16.5 L18.5 19 M6.2 13.8 L7.8 13.8 M16.2 13.8 L17.8 13.8",
        "passport": "M5 2.8 L19 2.8 L19 21.2 L5 21.2 Z M12 6.5 A4 4 0 1 1 11.99 6.5 Z M8 10.5 L16 10.5 M12 6.5 C10.4 9 10.4 12 12 14.5 C13.6 12 13.6 9 12 6.5 M8.5 18 L15.5 18",
        "erase": "M9 5 L21 5 L21 19 L9 19 L2.5 12 Z M12 9.2 L17.5 14.8 M17.5 9.2 L12 14.8",
        "zoom": "M10.5 3.5 A7 7 0 1 1 10.49 3.5 Z M15.6 15.6 L21 21 M10.5 7.5 L10.5 13.5 M7.5 10.5 L13.5 10.5",
        "lock": "M5 10.5 L19 10.5 L19 21 L5 21 Z M8 10.5 L8 7.5 A4 4 0 0 1 16 7.5 L16 10.5",
        "camera": "M2.8 7 L7.5 7 L9 4.5 L15 4.5 L16.5 7 L21.2 7 L21.2 19.5 L2.8 19.5 Z M12 9 A4 4 0 1 1 11.99 9 Z",
        "turn-left": "M20 17 C20 10 15 8 5 9 M10 3.5 L4 9 L10 14.5",
        "turn-right": "M4 17 C4 10 9 8 19 9 M14 3.5 L20 9 L14 14.5",
        "open-mouth": "M3 10 C7 6.5 10 6.5 12 8 C14 6.5 17 6.5 21 10 C19 17.5 15.5 19.5 12 19.5 C8.5 19.5 5 17.5 3 10 Z M6.5 10.8 C10 12 14 12 17.5 10.8",
        "blink": "M2.5 9 C7 15.5 17 15.5 21.5 9 M5 13 L3 15.6 M9.2 15 L8.4 18 M14.8 15 L15.6 18 M19 13 L21 15.6",
        "come-nearer": "M9 9 L3.5 3.5 M3.5 8 L3.5 3.5 L8 3.5 M15 9 L20.5 3.5 M16 3.5 L20.5 3.5 L20.5 8 M9 15 L3.5 20.5 M3.5 16 L3.5 20.5 L8 20.5 M15 15 L20.5 20.5 M16 20.5 L20.5 20.5 L20.5 16",
        "sun": "M12 7.5 A4.5 4.5 0 1 1 11.99 7.5 Z M12 2 L12 4 M12 20 L12 22 M2 12 L4 12 M20 12 L22 12"
    })

    implicitWidth: size
    implicitHeight: size
    visible: name !== ""

    Shape {
        width: 24
        height: 24
        scale: icon.size / 24
        transformOrigin: Item.TopLeft
        preferredRendererType: Shape.GeometryRenderer
        ShapePath {
            strokeColor: icon.color
            strokeWidth: icon.pen
            fillColor: "transparent"
            capStyle: ShapePath.RoundCap
            joinStyle: ShapePath.RoundJoin
            PathSvg { path: icon.paths[icon.name] ?? "M0 0" }
        }
    }
}

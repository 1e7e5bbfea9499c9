pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Shapes

// The mark of this terminal: a plain shield with a tick, drawn by us; no emblem of any authority.
Item {
    id: shield

    property real size: Theme.mm(17)
    property color outline: Theme.colours.help
    property color tick: Theme.colours.onHeader

    implicitWidth: size * 0.84
    implicitHeight: size

    Shape {
        width: 42
        height: 50
        scale: shield.size / 50
        transformOrigin: Item.TopLeft
        ShapePath {
            strokeColor: shield.outline
            strokeWidth: 4.4
            fillColor: "transparent"
            joinStyle: ShapePath.RoundJoin
            PathSvg { path: "M21 3 L39 9.5 L39 25 C39 36 31 43.5 21 47 C11 43.5 3 36 3 25 L3 9.5 Z" }
        }
        ShapePath {
            strokeColor: shield.tick
            strokeWidth: 4.4
            fillColor: "transparent"
            capStyle: ShapePath.RoundCap
            joinStyle: ShapePath.RoundJoin
            PathSvg { path: "M13 25 L19 31 L30 19.5" }
        }
    }
}

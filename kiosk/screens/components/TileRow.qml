pragma ComponentBehavior: Bound
import QtQuick

// One or two tiles of equal height.
Item {
    id: row

    property var tiles: []
    property int columns: 2
    property real extra: 0
    property bool brief: false
    readonly property real own: Math.max(left.implicitHeight, right.visible ? right.implicitHeight : 0)

    height: own + extra
    Tile {
        id: left
        width: (row.width - (row.columns - 1) * Theme.gap) / row.columns
        height: row.height
        brief: row.brief
        view: row.tiles[0] ?? ({})
    }
    Tile {
        id: right
        visible: row.tiles.length > 1
        x: left.width + Theme.gap
        width: left.width
        height: row.height
        brief: row.brief
        view: row.tiles[1] ?? ({})
    }
}

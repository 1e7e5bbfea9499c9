pragma ComponentBehavior: Bound
import QtQuick

// A row of tiles, under the name of its branch where it is the first of one.
Item {
    id: block

    property string heading: ""
    property var tiles: []
    property int columns: 2
    property real extra: 0
    property bool brief: false
    readonly property real own: row.own + row.y

    height: own + extra
    Label {
        id: title
        width: parent.width
        text: block.heading
        px: Theme.body
        bold: true
    }
    TileRow {
        id: row
        y: title.visible ? title.height + Theme.unit : 0
        width: parent.width
        tiles: block.tiles
        columns: block.columns
        extra: block.extra
        brief: block.brief
    }
}

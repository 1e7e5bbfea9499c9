pragma ComponentBehavior: Bound
import QtQuick

// Services as tiles in two columns; as many rows as there is room for, the rest on further sheets.
Sheets {
    id: board

    property var tiles: []
    readonly property int columns: width < Theme.mm(150) + Theme.small * 6 ? 1 : 2
    readonly property int rows: Math.ceil(list.length / columns)
    readonly property var list: board.tiles

    spacing: Theme.gap

    Repeater {
        model: board.rows
        Item {
            id: row
            required property int index
            width: board.width
            height: Math.max(left.implicitHeight, right.visible ? right.implicitHeight : 0)
            Tile {
                id: left
                width: (row.width - (board.columns - 1) * Theme.gap) / board.columns
                height: row.height
                view: board.list[row.index * board.columns] ?? ({})
            }
            Tile {
                id: right
                visible: board.columns > 1 && row.index * board.columns + 1 < board.list.length
                x: left.width + Theme.gap
                width: left.width
                height: row.height
                view: visible ? board.list[row.index * board.columns + 1] ?? ({}) : ({})
            }
        }
    }
}

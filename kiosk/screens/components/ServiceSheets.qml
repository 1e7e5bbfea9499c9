pragma ComponentBehavior: Bound
import QtQuick

// Sheets of services, each with the name of its branch; in rows of as many tiles as there is room for.
Sheets {
    id: board

    property var sheets: []
    readonly property int columns: width < Theme.mm(130) + Theme.small * 6 ? 1 : 2
    readonly property var rows: {
        const list = [];
        for (let s = 0; s < sheets.length; s++) {
            const tiles = sheets[s].tiles;
            for (let i = 0; i < tiles.length; i += columns)
                list.push({ "heading": i === 0 ? sheets[s].title : "", "breaks": s > 0 && i === 0, "tiles": tiles.slice(i, i + columns) });
        }
        return list;
    }

    spacing: Theme.gap
    Repeater {
        model: board.rows.length
        Column {
            id: row
            required property int index
            readonly property var d: board.rows[index] ?? ({ "heading": "", "breaks": false, "tiles": [] })
            readonly property bool breakBefore: d.breaks
            readonly property real tallest: {
                let most = 0;
                for (let i = 0; i < tiles.count; i++)
                    most = Math.max(most, (tiles.itemAt(i) as Tile)?.implicitHeight ?? 0);
                return most;
            }
            width: board.width
            spacing: Theme.unit * 1.5
            Label {
                width: parent.width
                text: row.d.heading
                px: Theme.body
                bold: true
            }
            Row {
                spacing: Theme.gap
                Repeater {
                    id: tiles
                    model: row.d.tiles.length
                    Tile {
                        required property int index
                        width: (board.width - (board.columns - 1) * Theme.gap) / board.columns
                        view: row.d.tiles[index] ?? ({})
                    }
                }
            }
        }
    }
}

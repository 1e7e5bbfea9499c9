pragma ComponentBehavior: Bound
import QtQuick

// Services as tiles in two columns; as many rows as there is room for, the rest on further sheets.
Sheets {
    id: board

    property var sheets: []
    property bool fill: false
    readonly property int columns: width - sideWidth < Theme.mm(130) + Theme.small * 6 ? 1 : 2
    readonly property var rows: {
        const list = [];
        for (let s = 0; s < sheets.length; s++) {
            const tiles = sheets[s].tiles;
            for (let i = 0; i < tiles.length; i += columns)
                list.push({ "heading": i === 0 ? sheets[s].title : "", "breaks": s > 0 && i === 0, "tiles": tiles.slice(i, i + columns) });
        }
        return list;
    }
    // Where all rows fit, they share the room, so that the board is full and calm.
    property int made: 0
    readonly property real natural: {
        let sum = made * 0;
        for (let i = 0; i < lines.count; i++) {
            const line = lines.itemAt(i) as TileBlock;
            sum += line ? line.own : 0;
        }
        return sum;
    }
    readonly property real over: height - natural - (rows.length - 1) * spacing - 1
    readonly property real extra: fill && natural > 0 && over > 0 ? Math.floor(Math.min(over / Math.max(1, rows.length), Theme.mm(34))) : 0
    // The reason a service is closed is left to the answer to a touch where letters are large and room is dear.
    property bool brief: false

    spacing: Theme.gap

    Repeater {
        id: lines
        model: board.rows.length
        onItemAdded: board.made++
        onItemRemoved: board.made++
        TileBlock {
            required property int index
            readonly property var d: board.rows[index] ?? ({ "heading": "", "breaks": false, "tiles": [] })
            readonly property bool breakBefore: d.breaks
            width: parent?.width ?? 0
            heading: board.brief && Theme.growth > 0.6 ? "" : d.heading
            tiles: d.tiles
            columns: board.columns
            extra: board.extra
            brief: board.brief
        }
    }
}

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
    property real extra: 0

    function share() {
        if (!fill)
            return;
        let sum = 0;
        for (let i = 0; i < lines.count; i++) {
            const line = lines.itemAt(i) as TileBlock;
            sum += line ? line.own : 0;
        }
        const left = height - sum - (lines.count - 1) * spacing - 1;
        extra = sum > 0 && left > 0 ? Math.floor(Math.min(left / lines.count, Theme.mm(34))) : 0;
    }

    spacing: Theme.gap
    onHeightChanged: Qt.callLater(share)
    onContentHeightChanged: Qt.callLater(share)

    Repeater {
        id: lines
        model: board.rows.length
        TileBlock {
            required property int index
            readonly property var d: board.rows[index] ?? ({ "heading": "", "breaks": false, "tiles": [] })
            readonly property bool breakBefore: d.breaks
            width: parent?.width ?? 0
            heading: d.heading
            tiles: d.tiles
            columns: board.columns
            extra: board.extra
        }
    }
}

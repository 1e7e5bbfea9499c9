pragma ComponentBehavior: Bound
import QtQuick

// A column that never scrolls: what does not fit is turned like a page. Blocks stay whole; a text breaks between lines.
Item {
    id: sheets

    default property alias content: column.data
    property real spacing: Theme.gap
    property var chrome: ({})
    property int sheet: 0
    property real fitted: contentHeight + (count > 1 ? pager.height + Theme.gap : 0)
    readonly property real contentHeight: extent()
    readonly property bool whole: contentHeight <= height + 0.5 && !forced()
    readonly property real room: whole ? height : Math.max(0, height - pager.height - Theme.gap)
    readonly property var cuts: cut(room)
    readonly property int count: cuts.length
    readonly property bool atLast: sheet >= count - 1
    readonly property bool paged: count > 1

    onCountChanged: sheet = Math.max(0, Math.min(sheet, count - 1))

    function blocks(): var {
        const list = [];
        for (let i = 0; i < column.children.length; i++) {
            const child = column.children[i];
            if (child.visible && child.height > 0)
                list.push(child);
        }
        return list;
    }
    function extent(): real {
        let sum = 0;
        const list = blocks();
        for (let i = 0; i < list.length; i++)
            sum += list[i].height + (i > 0 ? sheets.spacing : 0);
        return sum;
    }
    function forced(): bool {
        for (const block of blocks())
            if (block["breakBefore"] === true)
                return true;
        return false;
    }
    // Pieces: [top, bottom] in the column that must not be cut.
    function cut(available: real): var {
        const found = [];
        let start = 0;
        let end = 0;
        let y = 0;
        let empty = true;
        for (const block of blocks()) {
            const line = block["lineStep"] ?? 0;
            const pieces = line > 0 ? Math.max(1, Math.round(block.height / line)) : 1;
            for (let i = 0; i < pieces; i++) {
                const top = y + (line > 0 ? i * line : 0);
                const bottom = i === pieces - 1 ? y + block.height : top + line;
                const turn = !empty && (bottom - start > available + 0.5 || (i === 0 && block["breakBefore"] === true));
                if (turn) {
                    found.push([start, end]);
                    start = top;
                }
                end = bottom;
                empty = false;
            }
            y += block.height + sheets.spacing;
        }
        found.push([start, end]);
        return found;
    }

    Item {
        id: pane
        width: parent.width
        height: Math.max(0, (sheets.cuts[sheets.sheet] ?? [0, 0])[1] - (sheets.cuts[sheets.sheet] ?? [0, 0])[0])
        clip: sheets.paged
        Column {
            id: column
            width: parent.width
            spacing: sheets.spacing
            y: -(sheets.cuts[sheets.sheet] ?? [0, 0])[0]
        }
    }
    Pager {
        id: pager
        visible: sheets.count > 1
        anchors.bottom: parent.bottom
        width: parent.width
        chrome: sheets.chrome
        sheet: sheets.sheet
        count: sheets.count
        onTurned: by => sheets.sheet = Math.max(0, Math.min(sheets.count - 1, sheets.sheet + by))
    }
}

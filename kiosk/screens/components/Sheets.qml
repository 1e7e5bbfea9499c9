pragma ComponentBehavior: Bound
import QtQuick

// A column that never scrolls: what does not fit is turned like a page. Blocks stay whole; a text breaks between lines.
Item {
    id: sheets

    default property alias content: column.data
    property real spacing: Theme.gap
    property var chrome: ({})
    property int sheet: 0
    readonly property real contentHeight: extent()
    readonly property bool whole: contentHeight <= height + 0.5 && !forced()
    // In reach mode of a wide layout the pager stands at the side, where height is dear; its place is kept free
    // whether or not it is needed, so that the width of the content never depends on its height.
    property bool beside: Theme.reach && Theme.wide
    readonly property real sideWidth: beside ? pager.implicitWidth + Theme.gap : 0
    readonly property real room: whole || beside ? height : Math.max(0, height - pager.implicitHeight - Theme.gap)
    readonly property var cuts: cut(room)
    readonly property int count: cuts.length
    readonly property bool atLast: sheet >= count - 1
    readonly property bool paged: count > 1
    // A block too large for any sheet: a fault of the layout, found by the gallery.
    readonly property bool overfull: {
        for (const piece of cuts)
            if (piece[1] - piece[0] > room + 1)
                return true;
        return false;
    }

    onCountChanged: sheet = Math.max(0, Math.min(sheet, count - 1))
    onCutsChanged: hideOthers()
    onSheetChanged: hideOthers()
    Component.onCompleted: hideOthers()

    // What lies on another sheet is not drawn at all; clipping is for the text that goes on there.
    function hideOthers() {
        const shown = cuts[Math.min(sheet, count - 1)] ?? [0, 0];
        let y = 0;
        for (const block of blocks()) {
            const here = y + block.height > shown[0] + 0.5 && y < shown[1] - 0.5;
            block.opacity = here ? 1 : 0;
            block.enabled = here;
            y += block.height + sheets.spacing;
        }
    }

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
    // Where a block may be cut: between the lines of a text, or where it says itself; offsets from its top.
    function edges(block: var): var {
        const list = [0];
        const own = block["breaks"];
        if (own !== undefined) {
            for (const at of own)
                list.push(at);
        } else {
            const line = block["lineStep"] ?? 0;
            if (line > 0)
                for (let at = line; at < block.height - 1; at += line)
                    list.push(at);
        }
        list.push(block.height);
        return list;
    }
    // Sheets as [top, bottom] in the column. A heading stays with what follows it.
    function cut(available: real): var {
        const found = [];
        const all = blocks();
        let start = 0;
        let end = 0;
        let y = 0;
        let empty = true;
        for (let n = 0; n < all.length; n++) {
            const at = edges(all[n]);
            for (let i = 0; i + 1 < at.length; i++) {
                const top = y + at[i];
                const bottom = y + at[i + 1];
                let least = bottom;
                if (all[n]["heads"] === true && n + 1 < all.length)
                    least = bottom + spacing + edges(all[n + 1])[1];
                if (!empty && (least - start > available + 0.5 || (i === 0 && all[n]["breakBefore"] === true))) {
                    found.push([start, end]);
                    start = top;
                }
                end = bottom;
                empty = false;
            }
            y += all[n].height + spacing;
        }
        found.push([start, end]);
        return found;
    }

    Item {
        id: pane
        width: parent.width - (sheets.beside ? sheets.sideWidth : 0)
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
        upright: sheets.beside
        x: parent.width - width
        y: parent.height - height
        width: upright ? implicitWidth : parent.width
        height: upright ? Math.min(parent.height, Theme.mm(66)) : implicitHeight
        chrome: sheets.chrome
        sheet: sheets.sheet
        count: sheets.count
        onTurned: by => sheets.sheet = Math.max(0, Math.min(sheets.count - 1, sheets.sheet + by))
    }
}

pragma ComponentBehavior: Bound
import QtQuick

// Language, large text, contrast, reach ... help: the same on every page. In as few rows as fit.
Grid {
    id: grid

    property var actions: []
    property bool onHeader: true
    readonly property int count: actions.length
    readonly property var widths: actions.map(action => Math.max(Theme.target, word(action) + 2 * Theme.unit + 8))
    readonly property real natural: widths.reduce((sum, width) => sum + width, 0) + Math.max(0, count - 1) * Theme.gap
    property real room: natural
    property bool stretch: false
    readonly property var columnWidths: fitted()
    readonly property real spare: stretch ? Math.max(0, room - needed(columnWidths)) / columnWidths.length : 0

    columns: columnWidths.length
    columnSpacing: Theme.gap
    rowSpacing: Theme.gap

    // Words are measured rather than guessed.
    FontMetrics {
        id: captions
        font.family: Theme.family
        font.pixelSize: Theme.chrome
    }
    FontMetrics {
        id: glyphs
        font.family: Theme.family
        font.pixelSize: Math.max(Theme.chrome, Theme.chrome * 1.3)
        font.weight: Font.Bold
    }
    function word(action: var): real {
        const caption = captions.font.pixelSize > 0 ? captions.advanceWidth(action.caption ?? "") : 0;
        const glyph = glyphs.font.pixelSize > 0 ? glyphs.advanceWidth(action.label ?? "") : 0;
        return Math.ceil(Math.max(caption, glyph));
    }
    function needed(widths: var): real {
        return widths.reduce((sum, width) => sum + width, 0) + (widths.length - 1) * Theme.gap;
    }
    // The fewest rows in which every column is as wide as its widest word.
    function fitted(): var {
        for (let rows = 1; rows < count; rows++) {
            const each = Math.ceil(count / rows);
            const found = widths.slice(0, each).map((_, column) => Math.max(...widths.filter((_, at) => at % each === column)));
            if (needed(found) <= room)
                return found;
        }
        return [Math.max(Theme.target, ...widths)];
    }
    Repeater {
        model: grid.count
        HeaderButton {
            required property int index
            view: grid.actions[index] ?? ({})
            onHeader: grid.onHeader
            width: grid.columnWidths[index % grid.columns] + grid.spare
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick

// Language, large text, contrast, reach ... help: the same on every page. As many columns as the longest word allows.
Grid {
    id: grid

    property var actions: []
    property bool onHeader: true
    readonly property int count: actions.length
    readonly property real cell: Math.max(Theme.target, widest() + 2 * Theme.unit + 8)
    readonly property real natural: count * cell + (count - 1) * Theme.gap
    property real room: natural
    readonly property int fitting: Math.max(1, Math.floor((room + Theme.gap) / (cell + Theme.gap)))
    readonly property int rowsNeeded: Math.max(1, Math.ceil(count / fitting))
    readonly property real cellWidth: stretch ? (room - (columns - 1) * Theme.gap) / Math.max(1, columns) : cell
    property bool stretch: false

    columns: Math.max(1, Math.ceil(count / rowsNeeded))
    columnSpacing: Theme.gap
    rowSpacing: Theme.gap

    // The widest word decides, measured rather than guessed.
    FontMetrics {
        id: metrics
        font.family: Theme.family
        font.pixelSize: Theme.chrome
        font.weight: Font.Bold
    }
    FontMetrics {
        id: glyphs
        font.family: Theme.family
        font.pixelSize: Math.max(Theme.chrome, Theme.chrome * 1.3)
        font.weight: Font.Bold
    }
    function widest(): real {
        let most = 0;
        for (const action of actions)
            most = Math.max(most, metrics.font.pixelSize > 0 ? metrics.advanceWidth(action.caption ?? "") : 0,
                glyphs.font.pixelSize > 0 ? glyphs.advanceWidth(action.label ?? "") : 0);
        return Math.ceil(most);
    }
    Repeater {
        model: grid.count
        HeaderButton {
            required property int index
            view: grid.actions[index] ?? ({})
            onHeader: grid.onHeader
            width: grid.cellWidth
        }
    }
}

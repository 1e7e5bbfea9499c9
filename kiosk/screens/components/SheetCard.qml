pragma ComponentBehavior: Bound
import QtQuick

// A card as high as what it holds, at most as high as the room; what does not fit goes on further sheets.
Card {
    id: card

    default property alias content: sheets.content
    property var chrome: ({})
    property real room: 0
    property alias spacing: sheets.spacing
    property alias sheet: sheets.sheet
    readonly property alias atLast: sheets.atLast
    readonly property alias paged: sheets.paged
    property real inset: Theme.padding
    property alias beside: sheets.beside

    height: Math.min(room, sheets.contentHeight + 2 * inset + 1)
    Sheets {
        id: sheets
        x: card.inset
        y: card.inset
        width: parent.width - 2 * card.inset
        height: card.room > 0 ? Math.max(0, Math.min(card.room - 2 * card.inset, contentHeight + 1)) : 0
        chrome: card.chrome
        spacing: 0
    }
}

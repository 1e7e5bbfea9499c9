pragma ComponentBehavior: Bound
import QtQuick

// A titled text on a card, turned sheet by sheet.
Item {
    id: sheets

    property var chrome: ({})
    property var text: ({})
    property bool headed: true
    readonly property alias atLast: card.atLast
    readonly property var paragraphs: text.paragraphs ?? []

    SheetCard {
        id: card
        width: parent.width
        room: parent.height
        chrome: sheets.chrome
        spacing: Theme.unit * 2
        Label {
            visible: sheets.headed && text !== ""
            width: parent?.width ?? 0
            text: sheets.text.heading ?? ""
            px: Theme.strong
            bold: true
            readonly property bool heads: true
        }
        Repeater {
            model: sheets.paragraphs.length
            Label {
                required property int index
                width: parent?.width ?? 0
                text: sheets.paragraphs[index] ?? ""
                lineHeight: Math.round(px * 1.6)
            }
        }
        Label {
            width: parent?.width ?? 0
            text: sheets.text.source ?? ""
            px: Theme.small
            color: Theme.colours.soft
        }
    }
}

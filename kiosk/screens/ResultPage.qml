pragma ComponentBehavior: Bound
import QtQuick
import "components"

// What headquarters answered: how far something has come, then facts under their headings.
Page {
    id: page
    atLastSheet: card.atLast
    readonly property var rows: page.v.rows ?? []

    LabelWidth {
        id: labels
        facts: page.rows.map(row => row.fact)
    }
    SheetCard {
        id: card
        width: parent.width
        room: parent.height
        chrome: page.chrome
        Repeater {
            model: (page.v.course ?? []).length
            StageRow {
                required property int index
                width: parent?.width ?? 0
                view: (page.v.course ?? [])[index] ?? ({})
                last: index === (page.v.course ?? []).length - 1
            }
        }
        Repeater {
            model: page.rows.length
            ResultLine {
                required property int index
                width: parent?.width ?? 0
                view: page.rows[index] ?? ({})
                labelWidth: labels.widest
                ruled: index > 0 || (page.v.course ?? []).length > 0
            }
        }
    }
}

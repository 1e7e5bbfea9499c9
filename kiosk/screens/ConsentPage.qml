pragma ComponentBehavior: Bound
import QtQuick
import "components"

// What is asked, why, where it is compared, how long it is kept; agreeing and another way weigh the same.
Page {
    id: page
    atLastSheet: card.atLast
    leadWaits: true

    LabelWidth {
        id: labels
        facts: page.v.facts ?? []
    }
    SheetCard {
        id: card
        width: parent.width
        room: parent.height
        beside: Theme.reach && Theme.wide && page.ways.length === 0
        chrome: page.chrome
        Repeater {
            model: (page.v.facts ?? []).length
            FactRow {
                required property int index
                width: parent?.width ?? 0
                view: (page.v.facts ?? [])[index] ?? ({})
                ruled: index > 0
                labelWidth: labels.widest
            }
        }
    }
}

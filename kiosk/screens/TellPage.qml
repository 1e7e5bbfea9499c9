pragma ComponentBehavior: Bound
import QtQuick
import "components"

// What happened is the sentence; here is whether document and money are safe, what to do now, a number to quote.
Page {
    id: page
    wideShare: 0.44
    readonly property var parts: v.parts ?? []

    LabelWidth {
        id: labels
        facts: page.v.facts ?? []
    }
    SheetCard {
        width: parent.width
        room: parent.height
        beside: Theme.reach && Theme.wide && page.ways.length === 0
        chrome: page.chrome
        spacing: Theme.unit * 1.5
        Repeater {
            model: page.parts.length
            Part {
                required property int index
                width: parent?.width ?? 0
                view: page.parts[index] ?? ({})
                small: (page.parts[index]?.kind ?? "") === "quote" ? (page.v.code ?? "") : ""
            }
        }
        Repeater {
            model: (page.v.facts ?? []).length
            FactRow {
                required property int index
                width: parent?.width ?? 0
                view: (page.v.facts ?? [])[index] ?? ({})
                ruled: true
                labelWidth: labels.widest
            }
        }
    }
}

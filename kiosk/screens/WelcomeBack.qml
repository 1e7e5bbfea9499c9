pragma ComponentBehavior: Bound
import QtQuick
import "components"

// What happened to the money and the document when the last visit broke off.
Page {
    id: page

    Sheets {
        anchors.fill: parent
        beside: Theme.reach && Theme.wide && page.ways.length === 0
        chrome: page.chrome
        spacing: Theme.gap * 1.5
        Repeater {
            model: (page.v.facts ?? []).length
            Line {
                required property int index
                width: parent?.width ?? 0
                text: (page.v.facts ?? [])[index] ?? ""
                tone: "calm"
            }
        }
        NumberCard {
            width: parent?.width ?? 0
            view: page.v.number ?? ({})
        }
    }
}

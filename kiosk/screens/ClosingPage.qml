pragma ComponentBehavior: Bound
import QtQuick
import "components"

// The last page cannot be overlooked: what to take, from where; then the number, and what was done.
Page {
    id: page

    Sheets {
        id: sheets
        width: parent.width
        height: parent.height
        chrome: page.chrome
        spacing: Theme.gap * 1.5

        Label {
            width: parent.width
            visible: text !== "" && (page.v.take ?? []).length > 0
            text: page.v.take_heading ?? ""
            px: Theme.strong
            bold: true
        }
        Repeater {
            model: (page.v.take ?? []).length
            TakeItem {
                required property int index
                width: parent.width
                view: (page.v.take ?? [])[index] ?? ({})
            }
        }
        Repeater {
            model: (page.v.still_here ?? []).length
            Line {
                required property int index
                width: parent.width
                text: (page.v.still_here ?? [])[index] ?? ""
                tone: "attention"
            }
        }
        Line {
            width: parent.width
            text: page.v.unprinted ?? ""
            tone: "attention"
        }
        NumberCard {
            width: parent.width
            view: page.v.number ?? ({})
            qr: page.v.qr ?? []
        }
        Facts {
            width: parent.width
            facts: page.v.facts ?? []
        }
        SecondsLeft {
            width: parent.width
            text: page.live.seconds_text ?? ""
        }
    }
}

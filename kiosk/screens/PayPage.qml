pragma ComponentBehavior: Bound
import QtQuick
import "components"

// How much, for what; the code as large as there is room, and what to do with it.
Page {
    id: page
    readonly property bool coded: (v.stage ?? "") === "code" && (v.qr ?? []).length > 0
    readonly property bool side: Theme.wide

    Card {
        anchors.fill: parent
        Figure {
            id: amount
            x: Theme.padding
            y: Theme.padding
            width: page.side && page.coded ? (parent.width - 2 * Theme.padding) * 0.44 : parent.width - 2 * Theme.padding
            view: page.v.amount ?? ({})
            px: Theme.hero
        }
        Column {
            id: words
            x: Theme.padding
            y: amount.y + amount.height + Theme.unit * 2
            width: amount.width
            spacing: Theme.unit
            Label {
                width: parent.width
                text: page.v.bill ?? ""
                bold: true
            }
            Label {
                width: parent.width
                text: page.v.order ?? ""
                px: Theme.small
                color: Theme.colours.soft
            }
        }
        QrCode {
            id: code
            visible: page.coded
            readonly property real upper: page.side ? Theme.padding : words.y + words.height + Theme.unit * 2
            readonly property real area: (page.side ? parent.height - Theme.padding : steps.y - Theme.unit * 2) - upper
            rows: page.coded ? page.v.qr : []
            size: Math.min(area, page.side ? parent.width * 0.52 - Theme.padding : parent.width - 2 * Theme.padding, Theme.mm(190))
            x: page.side ? parent.width - Theme.padding - width : (parent.width - width) / 2
            y: upper + (area - height) / 2
        }
        Scene {
            visible: !page.coded
            anchors.horizontalCenter: parent.horizontalCenter
            y: words.y + words.height + (steps.y - words.y - words.height - height) / 2
            size: Math.min(Theme.mm(80), Math.max(10, steps.y - words.y - words.height - Theme.unit * 4))
            picture: "wait"
        }
        Column {
            id: steps
            x: Theme.padding
            width: amount.width
            y: parent.height - height - Theme.padding
            spacing: Theme.unit
            Repeater {
                model: (page.v.how ?? []).length
                NumberedLine {
                    required property int index
                    width: steps.width
                    number: index + 1
                    text: (page.v.how ?? [])[index] ?? ""
                    single: (page.v.how ?? []).length < 2
                }
            }
            Label {
                width: parent.width
                text: page.live.seconds_text ?? ""
                bold: true
                color: Theme.colours.calmInk
            }
        }
    }
}

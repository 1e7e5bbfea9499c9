pragma ComponentBehavior: Bound
import QtQuick
import "components"

// How much, for what; the code as large as there is room, and what to do with it.
Page {
    id: page
    readonly property bool coded: (v.stage ?? "") === "code" && (v.qr ?? []).length > 0
    readonly property bool side: Theme.wide && coded
    readonly property var steps: v.how ?? []
    readonly property real sideRoom: Math.min(card.height - 2 * Theme.padding, card.width * 0.5)
    readonly property real tallRoom: Math.max(Theme.mm(70), Math.min(card.width - 2 * Theme.padding, Theme.mm(170), card.height - 2 * Theme.padding - words.contentHeight - Theme.gap))
    wideShare: Theme.growth > 0.6 ? 0.42 : 0.32

    Card {
        id: card
        anchors.fill: parent
        Sheets {
            id: words
            x: Theme.padding
            y: Theme.padding
            width: page.side ? card.width - 3 * Theme.padding - page.sideRoom : card.width - 2 * Theme.padding
            height: page.side || !page.coded ? card.height - 2 * Theme.padding : card.height - 2 * Theme.padding - page.tallRoom - Theme.gap
            chrome: page.chrome
            beside: false
            spacing: Theme.unit * 1.5
            Figure {
                width: parent?.width ?? 0
                height: implicitHeight
                view: page.v.amount ?? ({})
                px: page.side ? Theme.title : Theme.hero
            }
            Label {
                width: parent?.width ?? 0
                text: page.v.bill ?? ""
                bold: true
            }
            Label {
                width: parent?.width ?? 0
                text: page.v.order ?? ""
                px: Theme.small
                color: Theme.colours.soft
            }
            Label {
                width: parent?.width ?? 0
                text: page.live.seconds_text ?? ""
                bold: true
                color: Theme.colours.calmInk
            }
            Repeater {
                model: page.steps.length
                NumberedLine {
                    required property int index
                    width: parent?.width ?? 0
                    number: index + 1
                    text: page.steps[index] ?? ""
                    single: page.steps.length < 2
                }
            }
            Scene {
                visible: !page.coded && page.height > Theme.mm(180)
                x: ((parent?.width ?? 0) - width) / 2
                width: size
                height: visible ? size : 0
                size: Theme.mm(70)
                picture: "wait"
            }
        }
        QrCode {
            id: code
            visible: page.coded
            rows: page.coded ? page.v.qr : []
            size: page.side ? page.sideRoom : page.tallRoom
            x: page.side ? card.width - Theme.padding - width : (card.width - width) / 2
            y: page.side ? (card.height - height) / 2 : card.height - Theme.padding - height
        }
    }
}

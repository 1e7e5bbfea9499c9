pragma ComponentBehavior: Bound
import QtQuick
import "components"

// In one glance: what can be done here now, what to bring, how long, what is closed and why, whom to call.
Page {
    id: page

    plain: true
    touched: true

    readonly property real middleLine: Theme.viewHeight / 2 - page.screenTop

    Touch {
        objectName: "begin"
        anchors.fill: parent
        onTaken: revision => Hands.send(revision, "begin", ({}))
    }
    Rectangle {
        id: band
        x: -Theme.margin
        width: Theme.wide ? Math.round(page.width * 0.4) : page.width
        height: Theme.wide ? page.height : board.y + Theme.mm(26)
        color: Theme.colours.header
        Column {
            id: hello
            x: Theme.margin
            y: Theme.mm(Theme.compact ? 8 : 12)
            width: parent.width - 2 * Theme.margin
            spacing: Theme.unit * 2
            Sentence {
                width: parent.width
                text: page.snap.sentence ?? ""
                px: Theme.hero
                color: Theme.colours.onHeader
            }
            Label {
                width: parent.width
                text: page.snap.hint ?? ""
                color: Theme.colours.softOnHeader
            }
            Label {
                width: parent.width
                text: page.v.card_door ?? ""
                color: Theme.colours.softOnHeader
            }
            Label {
                width: parent.width
                text: page.v.touch ?? ""
                bold: true
                color: Theme.colours.onHeader
            }
        }
    }
    Card {
        id: board
        x: Theme.wide ? band.width - Theme.margin + page.gutter : 0
        y: Theme.reach ? Math.max(page.middleLine, Theme.wide ? 0 : hello.y + hello.height + Theme.mm(5)) : Theme.wide ? page.topInset : hello.y + hello.height + Theme.mm(11)
        width: Theme.wide ? page.width - band.width - page.gutter - Theme.margin : page.inner
        height: (alarms.visible ? alarms.y - Theme.gap : page.height - page.bottomInset) - y
        Item {
            x: Theme.padding
            y: Theme.reach ? Theme.unit * 2 : Theme.padding
            width: parent.width - 2 * Theme.padding
            height: parent.height - y - (Theme.reach ? Theme.unit * 2 : Theme.padding)
            Row {
                id: heading
                spacing: Theme.unit * 2
                Label {
                    text: page.v.heading ?? ""
                    px: Theme.body
                    bold: true
                }
                Label {
                    text: page.v.open_count ?? ""
                    px: Theme.small
                    color: Theme.colours.soft
                    lineHeight: Math.round(Theme.body * 1.45)
                }
            }
            Tiles {
                anchors.fill: parent
                anchors.topMargin: heading.height + Theme.unit
                chrome: page.chrome
                sheets: page.v.sheets ?? []
                fill: true
            }
        }
    }
    Column {
        id: alarms
        visible: (page.v.alarms ?? []).length > 0
        x: board.x
        y: page.height - page.bottomInset - height
        width: board.width
        spacing: Theme.unit
        Repeater {
            model: (page.v.alarms ?? []).length
            Line {
                required property int index
                width: parent.width
                text: page.v.alarms[index] ?? ""
                tone: "attention"
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import "components"

// In one glance: what can be done here now, what to bring, how long, what is closed and why, whom to call.
Page {
    id: page

    plain: true
    leftRoom: Theme.wide ? band.width - 2 * Theme.margin : 0
    touched: true

    readonly property var alarmed: v.alarms ?? []
    // Announcements are shown one at a time; nothing has to be touched for the next.
    readonly property var notices: v.notices ?? []
    property int turn: 0
    readonly property string notice: notices.length > 0 ? notices[turn % notices.length] : ""
    readonly property real noticeHeight: {
        let most = 0;
        for (const text of notices)
            most = Math.max(most, lines(text, Theme.body, noticeWidth) * Theme.body * 1.45 + Theme.unit * 3);
        return Math.ceil(most);
    }
    readonly property real noticeWidth: (Theme.wide && !Theme.reach ? helloWidth : board.width) - Theme.unit * 7 - Theme.body
    readonly property real helloRoom: Theme.wide ? height - Theme.mm(20) - lowHeight : height - Theme.mm(Theme.reach ? 30 : 150)
    readonly property real helloWidth: (Theme.wide ? Math.round(width * 0.4) : width) - 2 * Theme.margin
    function helloHeight(hero: int): real {
        let sum = lines(snap.sentence ?? "", hero, helloWidth) * hero * 1.36 + Theme.unit * 8;
        for (const text of [snap.hint ?? "", v.touch ?? ""])
            sum += lines(text, Theme.body, helloWidth) * Theme.body * 1.45;
        for (const text of Theme.wide && Theme.reach ? [] : alarmed)
            sum += lines(text, Theme.body, helloWidth - Theme.unit * 7 - Theme.body) * Theme.body * 1.45 + Theme.unit * 5;
        return sum;
    }
    // An announcement gives way to whatever a citizen needs to begin.
    readonly property bool noticed: notice !== "" && (Theme.wide ? !Theme.reach && helloHeight(heroPx) + noticeHeight + Theme.unit * 4 <= helloRoom
        : page.height - page.bottomInset - board.y - noticeHeight - alarmsHeight - Theme.gap >= Theme.mm(Theme.growth > 0.6 ? 170 : 120))
    readonly property real alarmsHeight: alarmed.length * (Theme.body * 3 + Theme.unit * 4)
    readonly property int heroPx: helloHeight(Theme.hero) <= helloRoom ? Theme.hero : helloHeight(Theme.title) <= helloRoom ? Theme.title : Theme.small
    readonly property bool roomy: helloHeight(heroPx) + lines(v.card_door ?? "", Theme.body, helloWidth) * Theme.body * 1.45 + Theme.unit * 2 <= helloRoom
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
                px: page.heroPx
                color: Theme.colours.onHeader
            }
            Label {
                width: parent.width
                text: page.helloHeight(page.heroPx) <= page.helloRoom ? (page.snap.hint ?? "") : ""
                color: Theme.colours.softOnHeader
            }
            Label {
                width: parent.width
                text: page.roomy ? (page.v.card_door ?? "") : ""
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
        height: (alarms.height > 0 && !Theme.wide ? alarms.y - Theme.gap : page.height - page.bottomInset) - y
        Item {
            x: Theme.padding
            y: Theme.reach ? Theme.unit * 2 : Theme.padding
            width: parent.width - 2 * Theme.padding
            height: parent.height - y - (Theme.reach ? Theme.unit * 2 : Theme.padding)
            Flow {
                id: heading
                width: parent.width
                height: visible ? implicitHeight : 0
                visible: !(Theme.reach && Theme.wide && Theme.growth > 0.6)
                spacing: Theme.unit * 2
                Label {
                    text: page.v.heading ?? ""
                    px: Theme.body
                    bold: true
                }
                Label {
                    text: (Theme.wide && Theme.reach) || Theme.growth > 0.6 ? "" : (page.v.open_count ?? "")
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
                brief: Theme.growth > 0.6
            }
        }
    }
    Column {
        id: alarms
        x: Theme.wide && !Theme.reach ? 0 : board.x
        y: Theme.wide && Theme.reach ? page.topInset : Theme.wide ? hello.y + hello.height + Theme.unit * 2 : page.height - page.bottomInset - height
        width: Theme.wide && !Theme.reach ? page.helloWidth : board.width
        spacing: Theme.unit
        Repeater {
            model: page.alarmed.length
            Line {
                required property int index
                width: parent.width
                text: page.alarmed[index] ?? ""
                tone: "attention"
            }
        }
        Line {
            width: parent.width
            height: visible ? page.noticeHeight : 0
            visible: page.noticed
            text: page.notice
            tone: "calm"
        }
    }
    Timer {
        interval: 12000
        repeat: true
        running: page.notices.length > 1
        onTriggered: page.turn++
    }
}

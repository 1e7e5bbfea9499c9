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
    // A picture takes its turn in the place of the announcements, before them.
    readonly property int turns: notices.length + (sharing ? 1 : 0)
    readonly property int now: turns > 0 ? turn % turns : 0
    readonly property string notice: sharing ? (notices[now - 1] ?? "") : (notices[now] ?? "")
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
    // A picture has a place of its own and gives way to all that is to be read: no tile goes to another sheet for it.
    // Where room is dear an eighth of it is left away above and below.
    readonly property string picture: v.picture ?? ""
    readonly property bool pictured: picture !== "" && view.status !== Image.Error && !(Theme.wide && Theme.reach)
    readonly property real mat: Theme.unit
    readonly property real pictureWidth: Theme.wide ? helloWidth : board.width
    readonly property real pictureLow: page.height - page.bottomInset - (Theme.wide || alarms.height <= 0 ? 0 : alarms.height + Theme.gap)
    readonly property real underHello: Theme.wide && alarms.height > 0 ? alarms.y + alarms.height : hello.y + hello.height
    readonly property real boardNeeds: tiles.natural + (tiles.rows.length - 1) * tiles.spacing + heading.height + Theme.unit + 2 * Theme.padding + Theme.mm(4)
    readonly property real pictureRoom: Theme.wide ? pictureLow - underHello - Theme.gap : Theme.reach ? board.y - underHello - 2 * Theme.gap : pictureLow - board.y - boardNeeds - Theme.gap
    readonly property real pictureHeight: Math.round(Math.min(pictureRoom, (pictureWidth - 2 * mat) / 2.5 + 2 * mat))
    readonly property bool fits: pictured && pictureHeight >= (pictureWidth - 2 * mat) / 3.3 + 2 * mat
    readonly property bool sharing: fits && !Theme.reach
    // With many tiles there is a lower place, in which the picture stands beside the announcements, or what it shows.
    readonly property real stripHeight: Math.round(Math.min(pictureRoom, Theme.mm(70)))
    readonly property real stripWidth: Math.round((stripHeight - 2 * mat) * 2.5) + 2 * mat
    readonly property real besideWidth: board.width - stripWidth - Theme.gap
    readonly property bool beside: {
        if (!pictured || Theme.wide || Theme.reach || sharing || stripHeight < Theme.mm(44))
            return false;
        for (const text of notices.length > 0 ? notices : [v.picture_alt ?? ""])
            if (lines(text, Theme.body, besideWidth - Theme.unit * 7 - Theme.body) * Theme.body * 1.45 + Theme.unit * 3 > stripHeight)
                return false;
        return true;
    }
    readonly property bool framed: beside || (fits && (!sharing || now === 0))
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
        height: (Theme.wide ? page.height - page.bottomInset : page.sharing || page.beside ? frame.y - Theme.gap : alarms.height > 0 ? alarms.y - Theme.gap : note.visible ? note.y - Theme.gap : page.height - page.bottomInset) - y
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
                id: tiles
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
        y: Theme.wide && Theme.reach ? page.topInset : Theme.wide ? hello.y + hello.height + Theme.unit * 2 : (page.sharing || page.beside || !note.visible ? page.height - page.bottomInset : note.y - Theme.unit) - height
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
    }
    Line {
        id: note
        readonly property bool poster: page.sharing && !Theme.wide
        x: page.beside ? frame.x + frame.width + Theme.gap : alarms.x
        y: poster || page.beside ? frame.y : Theme.wide ? page.underHello + (alarms.height > 0 ? Theme.unit : Theme.unit * 2) : page.height - page.bottomInset - height
        width: page.beside ? page.besideWidth : alarms.width
        height: visible ? (poster || page.beside ? frame.height : page.noticeHeight) : 0
        visible: text !== "" && (poster || page.beside || page.noticed)
        text: page.notice !== "" || !page.beside ? page.notice : (page.v.picture_alt ?? "")
        px: poster && page.lines(page.notice, Theme.title, page.noticeWidth - Theme.title) * Theme.title * 1.45 <= page.pictureHeight - Theme.unit * 6 ? Theme.title : Theme.body
        tone: "calm"
    }
    Rectangle {
        id: frame
        visible: page.framed
        x: Theme.wide ? 0 : board.x
        y: Theme.reach ? board.y - Theme.gap - height : page.pictureLow - height
        width: page.beside ? page.stripWidth : page.pictureWidth
        height: page.beside ? page.stripHeight : page.pictureHeight
        radius: Theme.radius
        color: Theme.colours.card
        border.width: Theme.hairline
        border.color: Theme.colours.line
        Image {
            id: view
            x: page.mat
            y: page.mat
            width: parent.width - 2 * page.mat
            height: parent.height - 2 * page.mat
            fillMode: Image.PreserveAspectCrop
            sourceSize.width: Math.round(width)
            asynchronous: true
            source: page.picture
            Accessible.role: Accessible.Graphic
            Accessible.name: page.v.picture_alt ?? ""
        }
        // At night a picture is as quiet as the page around it.
        Rectangle {
            anchors.fill: view
            visible: Theme.scheme === "night"
            color: Theme.colours.card
            opacity: 0.45
        }
    }
    Timer {
        interval: 12000
        repeat: true
        running: page.turns > 1
        onTriggered: page.turn++
    }
}

pragma ComponentBehavior: Bound
import QtQuick

// What every page has in the same place: the sentence, why, what went wrong, what is happening; the thing itself; ways on.
// Narrow and tall: one column. Wide: what to do on the left, the thing on the right.
Item {
    id: page

    property var snap: ({})
    property var live: ({})
    property int revision: -1

    default property alias content: stage.data
    readonly property var v: snap.page ?? ({})
    readonly property var chrome: snap.chrome ?? ({})
    readonly property var ways: snap.ways ?? []

    // What the view itself adds to an intent (rule 20 keeps it here), and when there is something to send.
    property bool ready: true
    property var offered: null
    property bool atLastSheet: true
    property bool waysReady: true

    property bool plain: false
    property int sentencePx: Theme.title
    // The stage holds things to touch: in reach mode they lie in the lower half of the screen.
    property bool touched: false
    property real wideShare: 0.4
    readonly property real lower: Math.max(0, Theme.viewHeight / 2 - page.y - stage.y)
    readonly property real reachTop: Theme.reach && touched ? Math.min(lower, stage.height) : 0
    readonly property alias stageHeight: stage.height
    readonly property alias stageWidth: stage.width
    readonly property bool waysLeft: Theme.wide && !Theme.reach && stageUsed
    property bool stageUsed: true

    readonly property real topInset: Theme.mm(Theme.compact ? 6 : Theme.wide ? 10 : 14)
    readonly property real bottomInset: Theme.mm(Theme.compact ? 5 : 9)
    readonly property real inner: width - 2 * Theme.margin
    readonly property real leftWidth: Theme.wide && stageUsed && !plain ? Math.round(inner * wideShare) : inner
    readonly property real gutter: Theme.mm(Theme.compact ? 9 : 16)

    // Once, when the page has its first content: drafts are taken over here and never again.
    signal begun()
    property bool started: false
    onSnapChanged: {
        if (!started) {
            started = true;
            begun();
        }
    }

    x: 0
    anchors.fill: parent

    Column {
        id: words
        visible: !page.plain
        x: Theme.margin
        y: page.topInset
        width: page.leftWidth
        spacing: Theme.unit * 2
        Sentence {
            width: parent.width
            text: page.snap.sentence ?? ""
            px: page.sentencePx
        }
        Label {
            width: parent.width
            text: page.snap.hint ?? ""
            px: Theme.body
            color: Theme.colours.soft
        }
        Item {
            visible: error.visible || status.visible
            width: 1
            height: 1
        }
        Line {
            id: error
            width: parent.width
            text: page.snap.error ?? ""
            tone: "attention"
        }
        Line {
            id: status
            width: parent.width
            text: page.snap.status ?? ""
            tone: (page.snap.tone ?? "calm")
            busy: page.snap.busy ?? false
        }
        Line {
            width: parent.width
            text: page.chrome.finishing ?? ""
            tone: "attention"
            busy: true
        }
    }
    Item {
        id: stage
        visible: page.stageUsed
        x: Theme.wide && !page.plain ? Theme.margin + page.leftWidth + page.gutter : Theme.margin
        y: page.plain ? 0 : Theme.wide ? page.topInset : words.y + words.height + Theme.mm(Theme.compact ? 5 : 9)
        width: Theme.wide && !page.plain ? page.inner - page.leftWidth - page.gutter : page.inner
        height: Math.max(0, (ways.visible && !page.waysLeft ? ways.y - Theme.gap * 1.5 : page.height - page.bottomInset) - y)
    }
    Column {
        id: ways
        visible: page.ways.length > 0
        x: page.waysLeft ? Theme.margin : stage.x
        y: page.height - page.bottomInset - height
        width: page.waysLeft ? page.leftWidth : page.stageUsed ? stage.width : Math.min(page.inner, Theme.mm(220))
        spacing: Theme.gap
        Repeater {
            model: page.ways.length
            Button {
                required property int index
                readonly property var d: page.ways[index] ?? ({})
                width: parent.width
                view: d
                held: (d.after_last_sheet ?? false) && !page.atLastSheet
                heldText: page.chrome.read_to_end ?? ""
                ready: page.waysReady
            }
        }
    }
}

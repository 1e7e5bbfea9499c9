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
    // How many characters stand in the page's field; -1 where it has none.
    property int typed: -1

    onTypedChanged: Hands.count(revision, typed, ready)
    onReadyChanged: Hands.count(revision, typed, ready)
    property bool waysReady: true
    // The leading way waits until everything was shown (the page of facts, law and rights).
    property bool leadWaits: false

    property bool plain: false
    property int sentenceLargest: Theme.title
    property real lowHeight: 0
    // Width left of the thing itself where header actions may stand in reach mode; 0 where there is none.
    property real leftRoom: plain || !Theme.wide ? 0 : leftWidth
    property real screenTop: 0
    // The stage holds things to touch: in reach mode they lie in the lower half of the screen.
    property bool touched: false
    property real wideShare: 0.4
    readonly property real lower: Math.max(0, Theme.viewHeight / 2 - screenTop - stage.y)
    readonly property real reachTop: Theme.reach && touched ? Math.min(lower, stage.height) : 0
    readonly property alias stageHeight: stage.height
    readonly property alias stageWidth: stage.width
    readonly property bool waysLeft: Theme.wide && !Theme.reach && stageUsed 
        && (tall(0.2) + waysHeight(leftWidth) <= height - topInset - bottomInset || height - waysHeight(inner - leftWidth - gutter) < Theme.mm(110))
    // Room for the words before they meet what lies below them.
    readonly property real wordsRoom: Theme.wide && stageUsed ? height - topInset - bottomInset - lowHeight - (waysLeft && ways.visible ? ways.height + Theme.gap : 0)
        : height - topInset - stageLeast - (ways.visible ? ways.height + Theme.gap * 1.5 : 0) - bottomInset
    // Least height of the thing itself in a tall layout.
    property real stageLeast: Theme.mm(130)
    // How much the words give way: letters down to the size the citizen asked for, then the reason, then what is
    // being waited for; never what is to be done or what went wrong. Estimated first, corrected once it is laid out.
    readonly property var shares: [1, 0.8, 0.6, 0.4, 0.2, 0, 0, 0]
    readonly property int estimated: {
        for (let step = 0; step < 5; step++)
            if (tall(shares[step]) <= wordsRoom)
                return step;
        return tall(0) <= wordsRoom ? 5 : led(0) + told(0) <= wordsRoom ? 6 : 7;
    }
    property int tighter: 0
    readonly property int level: Math.min(7, estimated + tighter)
    readonly property real fit: shares[level]
    readonly property bool hinted: level < 6
    readonly property bool stated: level < 7 || (snap.error ?? "") + (chrome.finishing ?? "") === "" && (snap.tone ?? "calm") !== "calm"
    readonly property real excess: plain ? 0 : words.height - wordsRoom

    onExcessChanged: Qt.callLater(tighten)
    onWidthChanged: tighter = 0
    function tighten() {
        if (excess > 1 && level < 7)
            tighter++;
    }
    readonly property int sentencePx: between(Theme.small, sentenceLargest, fit)
    readonly property int hintPx: between(Theme.small, Theme.body, fit)

    function between(least: int, most: int, share: real): int {
        return Math.round(least + (Math.max(least, most) - least) * share);
    }
    function lines(text: string, px: int, room: real): int {
        return text === "" || room <= 0 ? 0 : Math.ceil(metrics.advanceWidth(text) * px / Math.max(1, metrics.font.pixelSize) / room * (/[\u4e00-\u9fff]/.test(text) ? 1.04 : 1.08 + 2.4 * px / room));
    }
    function waysHeight(room: real): real {
        let sum = 0;
        for (const way of page.ways)
            sum += Math.max(Theme.mm(Theme.compact ? 25 : 30), lines(way.label, Theme.strong, room - 2 * Theme.unit) * Theme.strong * 1.3 + 2 * Theme.unit) + Theme.gap;
        return sum;
    }
    function tall(share: real): real {
        return led(share) + reasoned(share) + told(share);
    }
    function led(share: real): real {
        const title = between(Theme.small, sentenceLargest, share);
        return lines(snap.sentence ?? "", title, leftWidth) * title * 1.36;
    }
    function reasoned(share: real): real {
        const body = between(Theme.small, Theme.body, share);
        return (snap.hint ?? "") === "" ? 0 : lines(snap.hint, body, leftWidth) * body * 1.45 + Theme.unit * 2;
    }
    function told(share: real): real {
        return lineOf(snap.error ?? "", share) + lineOf(snap.status ?? "", share) + lineOf(chrome.finishing ?? "", share) + Theme.unit * 2 + 1;
    }
    function lineOf(text: string, share: real): real {
        const body = between(Theme.small, Theme.body, share);
        return text === "" ? 0 : lines(text, body, leftWidth - Theme.unit * 6 - body * 1.15) * body * 1.45 + Theme.unit * 5;
    }

    property bool stageUsed: true

    readonly property real topInset: Theme.mm(Theme.compact ? 6 : Theme.wide ? 10 : 14)
    readonly property real bottomInset: Theme.mm(Theme.compact ? 5 : 9)
    readonly property real inner: width - 2 * Theme.margin
    readonly property real leftWidth: Theme.wide && !plain && (stageUsed || Theme.reach) ? Math.round(inner * wideShare) : inner
    readonly property real gutter: Theme.mm(Theme.compact ? 9 : 16)

    // Once, when the page has its first content: drafts are taken over here and never again.
    signal begun()
    property bool started: false
    onSnapChanged: {
        tighter = 0;
        if (!started && snap.page !== undefined) {
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
            text: page.hinted ? (page.snap.hint ?? "") : ""
            px: page.hintPx
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
            px: page.hintPx
            text: page.snap.error ?? ""
            tone: "attention"
        }
        Line {
            id: status
            width: parent.width
            px: page.hintPx
            text: page.stated ? (page.snap.status ?? "") : ""
            tone: (page.snap.tone ?? "calm")
            busy: page.snap.busy ?? false
        }
        Line {
            width: parent.width
            text: page.chrome.finishing ?? ""
            px: page.hintPx
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
    FontMetrics {
        id: metrics
        font.family: Theme.family
        font.pixelSize: Theme.strong
        font.weight: Font.Bold
    }
    // Where height is dear (reach in a wide layout) ways stand beside each other; of three, the last two may anywhere.
    readonly property int sideBySide: {
        const count = page.ways.length;
        if (count < 2)
            return 1;
        let most = 0;
        for (const way of page.ways)
            most = Math.max(most, metrics.font.pixelSize > 0 ? metrics.advanceWidth(way.label) : 0);
        const fitting = Math.floor((ways.width + Theme.gap) / (most + Theme.unit * 6 + Theme.gap));
        if (Theme.reach && Theme.wide)
            return Math.max(1, Math.min(count, fitting));
        return count === 3 && fitting >= 2 ? 2 : 1;
    }
    readonly property bool leadAlone: !(Theme.reach && Theme.wide) && sideBySide === 2
    Flow {
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
                width: page.sideBySide === 1 || (page.leadAlone && index === 0) ? ways.width : (ways.width - (page.sideBySide - 1) * Theme.gap) / page.sideBySide - 0.5
                view: d
                held: ((d.after_last_sheet ?? false) || (page.leadWaits && role === "primary")) && !page.atLastSheet
                heldText: page.chrome.read_to_end ?? ""
                ready: page.waysReady
            }
        }
    }
}

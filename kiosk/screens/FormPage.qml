pragma ComponentBehavior: Bound
import QtQuick
import "components"

// One field: what is on file, ready answers, a number pad; or what of these there is.
Page {
    id: page
    touched: true
    wideShare: both ? 0.26 : 0.36
    readonly property bool padded: (v.keypad?.length ?? 0) > 0
    readonly property bool listed: (v.sheets ?? []).length > 0
    // The pad alone answers everything; ready answers stand beside it where there is room for both.
    readonly property bool both: padded && listed && !(Theme.growth > 0.6 && (Theme.wide || Theme.reach))
    readonly property bool checked: (v.check?.label ?? "") !== ""
    ready: !padded || keypad.complete
    offered: keypad.joined
    typed: padded ? keypad.text.length : -1
    onBegun: keypad.text = page.snap.page.keypad?.draft ?? ""

    Column {
        id: top
        width: parent.width
        spacing: Theme.unit * 1.5
        Label {
            width: parent.width
            visible: text !== "" && !(page.padded && Theme.wide && Theme.growth > 0.6)
            text: page.v.position ?? ""
            px: Theme.small
            bold: true
            color: Theme.colours.calmInk
        }
        Facts {
            width: parent.width
            visible: page.checked
            facts: page.checked ? [page.v.check] : []
        }
    }
    Options {
        id: options
        visible: page.listed && (page.both || !page.padded)
        readonly property real from: top.height > 0 ? top.height + Theme.gap : 0
        y: Math.max(from, page.reachTop)
        width: page.both && (Theme.wide || Theme.reach) ? (parent.width - Theme.gap * 2) * 0.46 : parent.width
        height: page.both && !Theme.wide && !Theme.reach ? Math.min(contentHeight + 1, (parent.height - y) * 0.42) : parent.height - y
        chrome: page.chrome
        sheets: page.v.sheets ?? []
        action: "answer"
        key: "text"
    }
    Keypad {
        id: keypad
        visible: page.padded
        readonly property bool beside: page.both && (Theme.wide || Theme.reach)
        x: beside ? options.width + Theme.gap * 2 : 0
        y: beside ? options.from : page.both ? options.y + options.height + Theme.gap * 2 : options.from
        width: parent.width - x
        height: parent.height - y
        keysTop: Math.max(0, page.reachTop - y)
        view: page.v.keypad ?? ({})
    }
}

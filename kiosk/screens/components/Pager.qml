pragma ComponentBehavior: Bound
import QtQuick

// Turns sheets: previous first, next last, where I am between them. In a row, or upright at the side.
Item {
    id: pager

    property var chrome: ({})
    property int sheet: 0
    property int count: 1
    property bool upright: false
    readonly property bool worded: !upright && fits(width)
    readonly property real wordWidth: Math.ceil(Math.max(metrics.advanceWidth(chrome.previous_label ?? ""), metrics.advanceWidth(chrome.next_label ?? ""))) + Theme.unit * 6

    signal turned(int by)

    function fits(room: real): bool {
        return metrics.font.pixelSize > 0 && wordWidth * 2 + where.implicitWidth + Theme.gap * 2 <= room;
    }

    implicitHeight: before.implicitHeight
    // Room for two figures on either side, whatever stands there now: the content's width must not depend on it.
    implicitWidth: Math.max(Theme.target, small.font.pixelSize > 0 ? Math.ceil(small.advanceWidth("88 / 88")) : 0) + 4

    FontMetrics {
        id: small
        font.family: Theme.family
        font.pixelSize: Theme.small
        font.weight: Font.Bold
    }
    FontMetrics {
        id: metrics
        font.family: Theme.family
        font.pixelSize: Theme.body
        font.weight: Font.Bold
    }
    LocalButton {
        id: before
        objectName: "previous-sheet"
        height: pager.upright ? Theme.target + 1 : implicitHeight
        width: pager.upright ? pager.width : pager.worded ? pager.wordWidth : implicitWidth
        text: pager.worded ? (pager.chrome.previous_label ?? "") : ""
        icon: pager.worded ? "" : "back"
        visible: pager.sheet > 0
        onTapped: pager.turned(-1)
    }
    Label {
        id: where
        x: (parent.width - width) / 2
        y: (parent.height - height) / 2
        text: (pager.sheet + 1) + " / " + pager.count
        px: pager.upright ? Theme.small : Theme.body
        bold: true
        loose: false
        wrapMode: Text.NoWrap
    }
    LocalButton {
        id: after
        objectName: "next-sheet"
        x: parent.width - width
        y: parent.height - height
        width: before.width
        height: before.height
        text: pager.worded ? (pager.chrome.next_label ?? "") : ""
        icon: pager.worded ? "" : "forward"
        visible: pager.sheet < pager.count - 1
        leading: true
        onTapped: pager.turned(1)
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import "components"

// A plate of coloured dots and the figures it may show. No theme changes its colours.
Page {
    id: page
    readonly property var figures: v.figures ?? []
    touched: figures.length > 0
    wideShare: 0.32
    sentenceLargest: Theme.strong
    readonly property int columns: 4
    readonly property int lineCount: Math.ceil(figures.length / columns)
    readonly property real wide: (stageWidth - (columns - 1) * Theme.gap) / columns
    readonly property real high: Math.max(Theme.target, Math.min(Theme.mm(26), stageHeight * 0.16))
    readonly property real padHeight: lineCount > 0 ? lineCount * high + (lineCount - 1) * Theme.gap : 0
    readonly property real padTop: Math.max(reachTop, stageHeight - padHeight)

    Rectangle {
        id: ground
        width: parent.width
        height: Math.max(0, page.figures.length > 0 ? page.padTop - Theme.gap : parent.height - solution.height)
        radius: Theme.radius
        color: "#FFFFFF"
        border.width: Theme.hairline
        border.color: Theme.colours.line
        Image {
            anchors.centerIn: parent
            width: Math.min(parent.width, parent.height) - Theme.unit * 2
            height: width
            source: page.v.picture ?? ""
            sourceSize.width: 600
            sourceSize.height: 600
            smooth: true
        }
    }
    Label {
        id: solution
        y: parent.height - height
        width: parent.width
        topPadding: Theme.unit * 2
        horizontalAlignment: Text.AlignHCenter
        text: page.v.solution ?? ""
        px: Theme.strong
        bold: true
        lineHeight: Math.round(px * 1.4)
    }
    Repeater {
        model: page.figures.length
        Choice {
            required property int index
            view: page.figures[index] ?? ({})
            action: "figure"
            key: "text"
            px: Math.min(Theme.title, Math.round(page.high * 0.5))
            width: page.wide
            height: page.high
            x: (index % page.columns) * (page.wide + Theme.gap)
            y: page.padTop + Math.floor(index / page.columns) * (page.high + Theme.gap)
        }
    }
}

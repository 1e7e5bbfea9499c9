pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Shapes

// The cabinet as it stands there: which door, whether it is open, what lies behind it.
Item {
    id: cabinet

    property var view: ({})
    readonly property int columns: Math.max(1, view.columns ?? 1)
    readonly property int count: view.compartments ?? 0
    readonly property int rows: Math.ceil(count / columns)
    readonly property int door: view.compartment ?? 0
    readonly property string stage: view.state ?? "opening"
    readonly property bool open: stage === "open" || stage === "still-open"
    readonly property real space: Math.max(6, Math.min(Theme.mm(6), cellRoom * 0.12))
    readonly property real cellRoom: Math.min(width / columns, height / Math.max(1, rows) * 1.45)
    readonly property real cellWidth: Math.min(cellRoom, Theme.mm(74)) - space
    readonly property real cellHeight: Math.min(height / Math.max(1, rows) - space, cellWidth * 0.74)
    readonly property bool numbered: cellWidth > Theme.small * 2.4 && cellHeight > Theme.small * 1.5
    readonly property color doorInk: Theme.scheme === "day" ? "#0B6B34" : Theme.colours.successMark

    Grid {
        id: grid
        anchors.centerIn: parent
        columns: cabinet.columns
        columnSpacing: cabinet.space
        rowSpacing: cabinet.space
        Repeater {
            model: cabinet.count
            Rectangle {
                id: cell
                required property int index
                readonly property bool here: index + 1 === cabinet.door
                width: cabinet.cellWidth
                height: cabinet.cellHeight
                radius: Math.min(Theme.mm(3), height * 0.12)
                color: !here ? Theme.colours.drawLight : cabinet.open ? (Theme.highContrast ? "#000000" : "#06200F") : Theme.colours.attentionFill
                border.width: here ? 5 : Theme.hairline
                border.color: here ? (cabinet.open ? cabinet.doorInk : Theme.colours.attentionMark) : Theme.colours.secondaryLine
                Label {
                    anchors.centerIn: parent
                    visible: cabinet.numbered && !(cell.here && cabinet.open)
                    text: cell.index + 1
                    px: Theme.small
                    bold: cell.here
                    loose: false
                    color: cell.here ? Theme.colours.attentionInk : Theme.highContrast ? "#FFFFFF" : Theme.colours.ink
                }
                CardDrawing {
                    visible: cell.here && cabinet.open && (cabinet.view.content ?? "") === "new-card"
                    anchors.centerIn: parent
                    anchors.horizontalCenterOffset: cell.width * 0.06
                    width: Math.min(cell.width * 0.62, cell.height * 0.86)
                    height: width * 0.636
                    fresh: true
                }
                Icon {
                    visible: cell.here && cabinet.open && (cabinet.view.content ?? "") !== "new-card"
                    anchors.centerIn: parent
                    anchors.horizontalCenterOffset: cell.width * 0.06
                    name: "down"
                    size: Math.min(cell.width, cell.height) * 0.6
                    color: "#FFFFFF"
                }
            }
        }
    }
    // The open door swings to the left, over its neighbour.
    Shape {
        visible: cabinet.open && cabinet.door > 0
        readonly property int row: Math.floor((cabinet.door - 1) / cabinet.columns)
        readonly property int column: (cabinet.door - 1) % cabinet.columns
        readonly property real w: cabinet.cellWidth * 0.3
        readonly property real h: cabinet.cellHeight
        x: grid.x + column * (cabinet.cellWidth + cabinet.space) - w + 3
        y: grid.y + row * (cabinet.cellHeight + cabinet.space)
        width: w
        height: h
        ShapePath {
            fillColor: Theme.highContrast ? "#FFFFFF" : cabinet.doorInk
            strokeColor: Theme.highContrast ? "#000000" : Theme.colours.card
            strokeWidth: 3
            joinStyle: ShapePath.RoundJoin
            PathSvg { path: `M${cabinet.cellWidth * 0.3} 0 L0 ${-cabinet.cellHeight * 0.12} L0 ${cabinet.cellHeight * 1.12} L${cabinet.cellWidth * 0.3} ${cabinet.cellHeight} Z` }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import "components"

// Every device on one page, what to do first marked; a touch begins what there is to do.
Page {
    id: page
    touched: true
    sentenceLargest: Theme.strong
    wideShare: 0.3
    stageLeast: Theme.mm(200)

    Sheets {
        id: board
        readonly property int columns: width - sideWidth < Theme.mm(130) + Theme.small * 14 ? 1 : 2
        readonly property var rows: page.v.rows ?? []
        y: page.reachTop
        width: parent.width
        height: parent.height - y
        chrome: page.chrome
        spacing: Theme.gap
        Repeater {
            model: Math.ceil(board.rows.length / board.columns)
            Row {
                id: line
                required property int index
                spacing: Theme.gap
                width: parent?.width ?? 0
                height: Math.max(first.implicitHeight, second.visible ? second.implicitHeight : 0)
                DeviceTile {
                    id: first
                    width: (line.width - (board.columns - 1) * line.spacing) / board.columns
                    height: line.height
                    view: board.rows[line.index * board.columns] ?? ({})
                }
                DeviceTile {
                    id: second
                    visible: board.columns > 1 && (view.id ?? "") !== ""
                    width: first.width
                    height: line.height
                    view: board.columns > 1 ? (board.rows[line.index * board.columns + 1] ?? ({})) : ({})
                }
            }
        }
    }
}

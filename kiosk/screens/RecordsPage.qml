pragma ComponentBehavior: Bound
import QtQuick
import "components"

// A list for technicians, as dense as gloves allow; what has more behind it opens with a touch.
Page {
    id: page
    touched: true
    sentenceLargest: Theme.strong
    wideShare: 0.26
    stageLeast: Theme.mm(120)
    onBegun: board.sheet = 0

    Sheets {
        id: board
        readonly property var rows: page.v.rows ?? []
        y: page.reachTop
        width: parent.width
        height: parent.height - y
        chrome: page.chrome
        spacing: Theme.gap
        Repeater {
            model: board.rows.length
            RecordTile {
                required property int index
                width: parent?.width ?? 0
                view: board.rows[index] ?? ({})
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import "components"

// A name of Chinese characters.
Page {
    id: page
    touched: true
    wideShare: Theme.compact ? (Theme.growth > 0.6 ? 0.31 : 0.26) : 0.3
    ready: board.complete
    offered: board.text
    typed: board.chars(board.text).length
    onBegun: board.text = page.snap.page.draft ?? ""

    NameBoard {
        id: board
        anchors.fill: parent
        keysTop: page.reachTop
        view: page.v
    }
}

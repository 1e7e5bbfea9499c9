pragma ComponentBehavior: Bound
import QtQuick
import "components"

// The whole terminal is closed: said large, with what can be done elsewhere.
Page {
    id: page

    sentenceLargest: Theme.hero

    SheetCard {
        visible: (page.v.instead ?? []).length > 0 || (page.v.since ?? "") !== ""
        width: parent.width
        room: parent.height
        chrome: page.chrome
        spacing: Theme.unit * 2.5
        Label {
            width: parent?.width ?? 0
            text: page.v.since ?? ""
            color: Theme.colours.soft
        }
        Bullets {
            width: parent?.width ?? 0
            lines: page.v.instead ?? []
            mark: "forward"
            px: Theme.strong
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import "components"

// Every service by branch.
Page {
    id: page
    touched: true
    wideShare: 0.28

    Tiles {
        y: page.reachTop
        width: parent.width
        height: parent.height - y
        chrome: page.chrome
        sheets: page.v.sheets ?? []
        brief: Theme.reach && Theme.wide
    }
}

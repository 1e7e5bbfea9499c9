pragma ComponentBehavior: Bound
import QtQuick
import "components"

// One question; a touch is the answer.
Page {
    id: page
    touched: true
    wideShare: 0.36

    Options {
        y: page.reachTop
        width: parent.width
        height: parent.height - y
        chrome: page.chrome
        sheets: page.v.sheets ?? []
        action: "choose"
        key: "id"
    }
}

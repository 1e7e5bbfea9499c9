pragma ComponentBehavior: Bound
import QtQuick
import "components"

// After every visit: take your documents; and, for whoever wants to, how it was.
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
        action: "rate"
        key: "id"
        brief: true
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import "components"

// Every service by branch.
Page {
    id: page
    touched: true
    wideShare: 0.28

    readonly property var rows: {
        const list = [];
        for (const sheet of page.v.sheets ?? [])
            list.push(sheet);
        return list;
    }

    ServiceSheets {
        y: page.reachTop
        width: parent.width
        height: parent.height - y
        chrome: page.chrome
        sheets: page.rows
    }
}

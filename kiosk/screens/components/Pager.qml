pragma ComponentBehavior: Bound
import QtQuick

// Turns sheets: previous left, next right, where I am between them.
Item {
    id: pager

    property var chrome: ({})
    property int sheet: 0
    property int count: 1

    signal turned(int by)

    implicitHeight: Math.max(before.implicitHeight, after.implicitHeight)

    LocalButton {
        id: before
        objectName: "previous-sheet"
        width: Math.max(implicitWidth, after.implicitWidth)
        text: pager.chrome.previous_label ?? ""
        visible: pager.sheet > 0
        onTapped: pager.turned(-1)
    }
    Label {
        anchors.centerIn: parent
        text: (pager.sheet + 1) + " / " + pager.count
        px: Theme.body
        bold: true
        loose: false
    }
    LocalButton {
        id: after
        objectName: "next-sheet"
        anchors.right: parent.right
        width: Math.max(implicitWidth, before.implicitWidth)
        text: pager.chrome.next_label ?? ""
        visible: pager.sheet < pager.count - 1
        leading: true
        onTapped: pager.turned(1)
    }
}

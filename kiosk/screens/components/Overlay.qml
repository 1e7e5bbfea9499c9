pragma ComponentBehavior: Bound
import QtQuick

// Something shown large over the page, of the view's own: it closes and nothing has happened.
Item {
    id: overlay

    default property alias content: inside.data
    property var chrome: ({})
    property string heading: ""
    property bool open: false

    anchors.fill: parent
    visible: open
    z: 10

    Rectangle {
        anchors.fill: parent
        color: Theme.colours.surface
        MouseArea {
            anchors.fill: parent
        }
    }
    Label {
        id: title
        x: Theme.margin
        y: Theme.mm(9)
        width: parent.width - 2 * Theme.margin
        text: overlay.heading
        px: Theme.strong
        bold: true
    }
    Item {
        id: inside
        x: Theme.margin
        y: title.y + (title.visible ? title.height + Theme.unit * 2 : 0)
        width: parent.width - 2 * Theme.margin
        height: close.y - Theme.gap - y
    }
    LocalButton {
        id: close
        objectName: "close-overlay"
        anchors.horizontalCenter: parent.horizontalCenter
        y: parent.height - height - Theme.mm(6)
        width: Math.max(implicitWidth, Theme.mm(90))
        height: Math.max(implicitHeight, Theme.mm(Theme.compact ? 22 : 28))
        leading: true
        px: Theme.strong
        text: overlay.chrome.close_label ?? ""
        onTapped: overlay.open = false
    }
}

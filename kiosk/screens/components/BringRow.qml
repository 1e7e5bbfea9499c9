pragma ComponentBehavior: Bound
import QtQuick

// One service and what to bring for it; a touch begins it.
Item {
    id: row

    property var view: ({})
    readonly property bool isTarget: true

    objectName: "service:" + (view.code ?? "")
    implicitHeight: words.height + Theme.unit * (Theme.compact ? 3 : 5)
    height: implicitHeight

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: touch.pressed ? Theme.colours.secondaryDown : Theme.colours.card
        border.width: touch.pressed ? 5 : Theme.hairline
        border.color: Theme.colours.secondaryLine
    }
    Column {
        id: words
        x: Theme.unit * 4
        anchors.verticalCenter: parent.verticalCenter
        width: parent.width - x - Theme.strong - Theme.unit * 6
        spacing: Theme.unit * 0.5
        Label {
            width: parent.width
            text: row.view.title ?? ""
            px: Theme.strong
            bold: true
            lineHeight: Math.round(px * 1.35)
        }
        Label {
            width: parent.width
            text: row.view.bring ?? ""
            px: Theme.body
            color: Theme.colours.soft
        }
        Label {
            width: parent.width
            text: row.view.minutes ?? ""
            px: Theme.small
            bold: true
            color: Theme.colours.successInk
        }
    }
    Icon {
        anchors.right: parent.right
        anchors.rightMargin: Theme.unit * 3
        anchors.verticalCenter: parent.verticalCenter
        name: "forward"
        size: Theme.strong
        color: Theme.colours.calmInk
    }
    Touch {
        id: touch
        anchors.fill: parent
        onTaken: revision => Hands.send(revision, "service", { "code": row.view.code })
    }
}

pragma ComponentBehavior: Bound
import QtQuick

// One stage of something under way: done, now or to come, by shape and weight as well as colour.
Item {
    id: row

    property var view: ({})
    property bool last: false
    readonly property string mark: view.mark ?? "todo"
    readonly property int disc: Math.round(Theme.body * 1.6)
    readonly property real air: Theme.unit * (Theme.compact ? 0.7 : 1.2)
    readonly property bool beside: label.implicitWidth + note.implicitWidth + Theme.gap <= words.width

    implicitHeight: Math.max(disc, words.height) + 2 * air
    height: implicitHeight

    Rectangle {
        visible: !row.last
        x: row.disc / 2 - width / 2
        y: row.air + row.disc
        width: 3
        height: Math.max(0, row.height - row.disc)
        color: row.mark === "done" ? Theme.colours.successMark : Theme.colours.line
    }
    Rectangle {
        id: dot
        y: row.air
        width: row.disc
        height: row.disc
        radius: row.disc / 2
        color: row.mark === "current" ? Theme.colours.primary : row.mark === "done" ? Theme.colours.successFill : Theme.colours.card
        border.width: row.mark === "current" ? 0 : Theme.hairline
        border.color: row.mark === "done" ? Theme.colours.successMark : Theme.colours.secondaryLine
        Icon {
            visible: row.mark === "done"
            anchors.centerIn: parent
            name: "tick"
            size: row.disc * 0.62
            pen: 3
            color: Theme.colours.successInk
        }
        Label {
            visible: row.mark !== "done"
            anchors.centerIn: parent
            text: row.view.number ?? ""
            px: Math.max(Theme.small, Math.round(Theme.body * 0.78))
            bold: row.mark === "current"
            loose: false
            color: row.mark === "current" ? Theme.colours.onPrimary : Theme.colours.soft
        }
    }
    Item {
        id: words
        x: row.disc + Theme.unit * 2
        y: row.air + Math.max(0, (row.disc - label.lineHeight) / 2)
        width: parent.width - x
        height: row.beside ? Math.max(label.height, note.height) : label.height + note.height
        Label {
            id: label
            width: row.beside ? implicitWidth : parent.width
            text: row.view.label ?? ""
            px: Theme.body
            bold: row.mark === "current"
            color: row.mark === "todo" ? Theme.colours.soft : row.mark === "current" ? Theme.colours.calmInk : Theme.colours.ink
        }
        Label {
            id: note
            x: row.beside ? parent.width - width : 0
            y: row.beside ? 0 : label.height
            width: row.beside ? implicitWidth : parent.width
            height: visible ? implicitHeight : 0
            text: row.view.note ?? ""
            px: Theme.body
            color: Theme.colours.soft
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick

// One label and its value; below each other where there is no room side by side.
Item {
    id: row

    property var view: ({})
    property real labelShare: 0.27
    property bool ruled: false
    readonly property bool beside: width > Theme.body * 14 && label.implicitWidth <= width * 0.36
    readonly property real air: Theme.unit * (Theme.compact ? 0.9 : 1.4)

    implicitHeight: (beside ? Math.max(label.height, value.height) : label.height + value.height) + 2 * air
    height: implicitHeight

    Rectangle {
        visible: row.ruled
        width: parent.width
        height: Theme.hairline
        color: Theme.colours.line
    }
    Label {
        id: label
        y: row.air
        width: row.beside ? row.width * Math.max(row.labelShare, Math.min(0.36, implicitWidth / Math.max(1, row.width))) : row.width
        text: row.view.label ?? ""
        px: Theme.body
        color: Theme.colours.soft
    }
    Label {
        id: value
        x: row.beside ? row.width * 0.36 + Theme.unit * 1.5 : 0
        y: row.beside ? row.air : label.y + label.height
        width: row.width - x
        text: row.view.value ?? ""
        px: Theme.body
        bold: row.view.strong ?? false
        color: Theme.colours.ink
    }
}

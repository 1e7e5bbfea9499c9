pragma ComponentBehavior: Bound
import QtQuick

// One label and its value; below each other where there is no room side by side.
Item {
    id: row

    property var view: ({})
    property real labelWidth: 0
    property bool ruled: false
    readonly property bool beside: labelWidth > 0 && labelWidth <= width * 0.4 && width - labelWidth > Theme.body * 7
    readonly property real air: Theme.unit * (Theme.compact ? 0.9 : 1.4)

    readonly property var breaks: {
        const list = [];
        const lines = beside ? Math.max(label.lineCount, value.lineCount) : label.lineCount + value.lineCount;
        for (let i = 1; i < lines; i++)
            list.push(air + i * value.lineHeight);
        return list;
    }

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
        width: row.beside ? row.labelWidth : row.width
        text: row.view.label ?? ""
        px: Theme.body
        color: Theme.colours.soft
    }
    Label {
        id: value
        x: row.beside ? row.labelWidth + Theme.unit * 3 : 0
        y: row.beside ? row.air : label.y + label.height
        width: row.width - x
        text: row.view.value ?? ""
        px: Theme.body
        bold: row.view.strong ?? false
        color: Theme.colours.ink
    }
}

pragma ComponentBehavior: Bound
import QtQuick

// A white card with a heading, and room for what belongs under it.
Rectangle {
    id: panel

    property string title: ""
    property string aside: ""
    // Whether the height comes from outside instead of from the content.
    property bool fills: false
    default property alias content: inside.data

    color: Ink.card
    radius: 10
    border.width: 1
    border.color: Ink.line
    implicitHeight: fills ? 160 : inside.y + inside.childrenRect.height + 14

    Words {
        id: heading
        x: 14
        y: 10
        height: 22
        text: panel.title
        strong: true
        font.pixelSize: Ink.head
    }
    Words {
        anchors.right: parent.right
        anchors.rightMargin: 14
        anchors.left: heading.right
        anchors.leftMargin: Ink.gap
        anchors.baseline: heading.baseline
        horizontalAlignment: Text.AlignRight
        text: panel.aside
        note: true
    }
    Item {
        id: inside
        x: 14
        y: 42
        width: panel.width - 28
        height: panel.height - y - 14
    }
}

pragma ComponentBehavior: Bound
import QtQuick

// Something laid over the window until it is closed.
Item {
    id: veil

    property string title: ""
    property int wide: 560
    property int high: 400
    default property alias content: inside.data

    signal closed()

    anchors.fill: parent
    z: 10

    Rectangle {
        anchors.fill: parent
        color: "#99081429"
        MouseArea {
            anchors.fill: parent
            onClicked: veil.closed()
        }
    }
    Rectangle {
        anchors.centerIn: parent
        width: Math.min(veil.wide, veil.width - 40)
        height: Math.min(veil.high, veil.height - 40)
        radius: 12
        color: Ink.card
        MouseArea { anchors.fill: parent }
        Words {
            x: 20
            y: 14
            height: Ink.row
            text: veil.title
            strong: true
            font.pixelSize: Ink.head
        }
        Push {
            anchors.right: parent.right
            anchors.rightMargin: 16
            y: 14
            text: "关闭"
            onPushed: veil.closed()
        }
        Item {
            id: inside
            anchors.fill: parent
            anchors.margins: 20
            anchors.topMargin: 58
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick

// Situations to choose from; choosing one again brings the next person of it.
Panel {
    id: people

    property var situations: []
    property string current: ""
    property string chosen: ""
    property int nth: 0

    signal asked(string command, var given)

    function choose(situation: var) {
        nth = situation.id === chosen && chosen === current ? (nth + 1) % situation.count : 0;
        chosen = situation.id;
        asked("person-arrives", {"situation": situation.id, "nth": nth});
    }

    fills: true
    title: "换一个人"
    aside: "再点一次换下一位"

    ListView {
        id: list
        anchors.fill: parent
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        model: people.situations.length
        delegate: Item {
            id: line
            required property int index
            readonly property var situation: people.situations[index] ?? ({"id": "", "label": "", "count": 0, "group": ""})
            readonly property bool headed: situation.group !== ""
            readonly property bool on: situation.id === people.current
            width: list.width
            height: headed ? 58 : 29
            Words {
                visible: line.headed
                y: 8
                height: 20
                text: line.situation.group
                strong: true
                note: true
            }
            Rectangle {
                objectName: "person-" + line.situation.id
                anchors.bottom: parent.bottom
                width: parent.width
                height: 27
                radius: 6
                color: touch.pressed ? Ink.down : line.on ? Ink.primary : touch.containsMouse ? Ink.quiet : Ink.card
                Words {
                    x: 8
                    width: parent.width - count.width - 20
                    height: parent.height
                    text: line.situation.label
                    color: line.on && !touch.pressed ? Ink.overPrimary : Ink.ink
                }
                Words {
                    id: count
                    anchors.right: parent.right
                    anchors.rightMargin: 8
                    height: parent.height
                    text: (line.on && people.chosen === people.current ? (people.nth + 1) + " / " : "") + line.situation.count
                    note: true
                    color: line.on && !touch.pressed ? Ink.overPrimary : Ink.soft
                }
                MouseArea {
                    id: touch
                    anchors.fill: parent
                    hoverEnabled: true
                    onClicked: people.choose(line.situation)
                }
            }
        }
        Rectangle {
            visible: list.contentHeight > list.height
            anchors.right: parent.right
            anchors.rightMargin: -10
            y: list.visibleArea.yPosition * list.height
            width: 4
            radius: 2
            height: list.visibleArea.heightRatio * list.height
            color: Ink.line
        }
    }
}

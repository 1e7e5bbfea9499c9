pragma ComponentBehavior: Bound
import QtQuick

// Who stands in front of the terminal.
Panel {
    id: visitor

    property var person: null

    signal asked(string command, var given)

    fills: true
    title: "机前的人"

    Words {
        anchors.centerIn: parent
        visible: visitor.person === null
        text: "没有人，请在下面选一位"
        note: true
    }
    Item {
        anchors.fill: parent
        visible: visitor.person !== null
        Rectangle {
            id: frame
            width: 82
            height: 102
            radius: 6
            color: Ink.quiet
            clip: true
            Image {
                anchors.fill: parent
                source: visitor.person?.face ?? ""
                fillMode: Image.PreserveAspectCrop
                sourceSize.height: 204
                asynchronous: true
            }
        }
        Column {
            anchors.left: frame.right
            anchors.leftMargin: 12
            anchors.right: parent.right
            spacing: 2
            Words {
                width: parent.width - leave.width
                height: Ink.row
                text: visitor.person?.name ?? ""
                strong: true
                font.pixelSize: 18
            }
            Words {
                width: parent.width
                text: visitor.person?.situation ?? ""
            }
            Words {
                width: parent.width
                text: visitor.person?.number ?? ""
                note: true
            }
            Words {
                width: parent.width
                text: "新证：" + (visitor.person?.new_card ?? "")
                note: true
            }
        }
        Push {
            id: leave
            objectName: "person-leaves"
            anchors.right: parent.right
            text: "走开"
            onPushed: visitor.asked("person-leaves", {})
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick

// Says on every page that devices are simulated.
Rectangle {
    id: tag

    property string text: ""

    visible: text !== ""
    implicitWidth: visible ? word.implicitWidth + Theme.unit * 3 : 0
    implicitHeight: word.implicitHeight
    radius: height / 2
    color: Theme.colours.attentionFill
    border.width: Theme.hairline
    border.color: Theme.colours.attentionMark
    Label {
        id: word
        anchors.centerIn: parent
        text: tag.text
        px: Theme.chrome
        wrapMode: Text.NoWrap
        color: Theme.colours.attentionInk
    }
}

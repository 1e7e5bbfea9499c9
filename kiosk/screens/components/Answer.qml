pragma ComponentBehavior: Bound
import QtQuick

// The answer to a touch that was not taken, in words, above the row of actions.
Rectangle {
    id: answer

    function say(text: string) {
        if (text === "")
            return;
        words.text = text;
        opacity = 1;
        gone.restart();
    }

    opacity: 0
    visible: opacity > 0
    width: Math.min(words.implicitWidth + Theme.padding * 2, parent ? parent.width - 2 * Theme.margin : 0)
    height: words.height + Theme.unit * 3
    radius: Theme.radius
    color: Theme.colours.attentionFill
    border.width: Theme.hairline + 1
    border.color: Theme.colours.attentionMark
    Behavior on opacity { NumberAnimation { duration: Theme.swift } }
    Label {
        id: words
        anchors.verticalCenter: parent.verticalCenter
        x: Theme.padding
        width: answer.width - 2 * Theme.padding
        horizontalAlignment: Text.AlignHCenter
        bold: true
        color: Theme.colours.attentionInk
    }
    Timer {
        id: gone
        interval: 4000
        onTriggered: answer.opacity = 0
    }
}

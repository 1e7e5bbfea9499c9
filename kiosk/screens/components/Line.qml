pragma ComponentBehavior: Bound
import QtQuick

// A line with a mark: advice, an error, what is happening. Shape and colour say the same.
Rectangle {
    id: line

    property string text: ""
    property string tone: "calm"
    property bool busy: false
    property int px: Theme.body
    readonly property string shape: tone === "danger" ? "stop" : tone === "attention" ? "attention" : tone === "success" ? "tick" : "info"

    visible: text !== ""
    implicitHeight: visible ? words.height + Theme.unit * 3 : 0
    radius: Theme.mm(4)
    color: Theme.fill(tone)
    border.width: tone === "calm" && !Theme.highContrast ? 0 : Theme.hairline
    border.color: Theme.mark(tone)

    Busy {
        visible: line.busy
        x: Theme.unit * 2.5
        anchors.verticalCenter: parent.verticalCenter
        size: line.px * 1.15
    }
    Icon {
        visible: !line.busy
        x: Theme.unit * 2.5
        anchors.verticalCenter: parent.verticalCenter
        name: line.shape
        size: line.px * 1.15
        color: Theme.inkOn(line.tone)
    }
    Label {
        id: words
        anchors.verticalCenter: parent.verticalCenter
        x: Theme.unit * 4 + line.px * 1.15
        width: parent.width - x - Theme.unit * 2
        text: line.text
        px: line.px
        color: Theme.inkOn(line.tone)
    }
}

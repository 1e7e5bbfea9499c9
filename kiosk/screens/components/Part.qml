pragma ComponentBehavior: Bound
import QtQuick

// One of the four parts of a fault: a mark, what it is about, the sentence.
Item {
    id: part

    property var view: ({})
    property string small: ""
    readonly property string kind: view.kind ?? ""

    readonly property var breaks: {
        const list = [];
        for (let i = 0; i < text.lineCount; i++)
            list.push(heading.height + i * text.lineHeight);
        return list.slice(1);
    }

    implicitHeight: Math.max(icon.height, words.height)
    height: implicitHeight
    Icon {
        id: icon
        size: Math.round(Theme.strong * 1.25)
        name: part.kind === "safe" ? "lock" : part.kind === "now" ? "forward" : part.kind === "quote" ? "phone" : "info"
        color: part.kind === "safe" ? Theme.colours.successInk : Theme.colours.calmInk
    }
    Column {
        id: words
        x: icon.width + Theme.unit * 2.5
        width: parent.width - x
        Label {
            id: heading
            width: parent.width
            text: part.view.heading ?? ""
            px: Theme.small
            bold: true
            color: part.kind === "safe" ? Theme.colours.successInk : Theme.colours.calmInk
        }
        Label {
            id: text
            width: parent.width
            text: part.view.text ?? ""
            px: part.kind === "quote" ? Theme.strong : Theme.body
            bold: part.kind === "quote"
        }
        Label {
            width: parent.width
            text: part.small
            px: Theme.small
            color: Theme.colours.soft
        }
    }
}

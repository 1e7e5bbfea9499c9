pragma ComponentBehavior: Bound
import QtQuick
import "components"

// A person has been called; and whom to telephone meanwhile.
Page {
    id: page
    readonly property var numbers: v.numbers ?? []
    readonly property var said: v.said ?? []

    Sheets {
        anchors.fill: parent
        chrome: page.chrome
        spacing: Theme.gap * 1.5
        Line {
            width: parent?.width ?? 0
            text: page.v.called ?? ""
            tone: page.v.unanswered ? "attention" : "success"
        }
        Repeater {
            model: page.said.length
            Line {
                required property int index
                width: parent?.width ?? 0
                text: page.said[index] ?? ""
            }
        }
        Line {
            width: parent?.width ?? 0
            visible: text !== ""
            text: page.v.seen ?? ""
        }
        Repeater {
            model: page.numbers.length
            TelephoneCard {
                required property int index
                width: parent?.width ?? 0
                view: page.numbers[index] ?? ({})
            }
        }
    }
}

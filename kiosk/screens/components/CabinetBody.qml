pragma ComponentBehavior: Bound
import QtQuick

// The cabinet, the number of the door, and what to do in order.
Item {
    id: body

    property var v: ({})
    readonly property alias stepsHeight: steps.height
    readonly property var cabinet: v.cabinet ?? ({})
    readonly property bool open: (cabinet.state ?? "") === "open" || (cabinet.state ?? "") === "still-open"
    readonly property bool worried: (cabinet.state ?? "") === "still-open" || (cabinet.state ?? "") === "did-not-open"

    Card {
        id: card
        width: parent.width
        height: Math.max(0, steps.y - Theme.gap)
        visible: height > Theme.mm(40)
        Rectangle {
            id: plate
            anchors.horizontalCenter: parent.horizontalCenter
            y: Theme.padding * 0.7
            width: number.implicitWidth + Theme.padding * 2
            height: number.height + Theme.unit
            radius: Theme.mm(4)
            color: body.open && !body.worried ? Theme.colours.successFill : Theme.colours.attentionFill
            border.width: Theme.hairline + 1
            border.color: body.open && !body.worried ? Theme.colours.successMark : Theme.colours.attentionMark
            Label {
                id: number
                anchors.centerIn: parent
                text: body.cabinet.door_label ?? ""
                px: Theme.title
                bold: true
                wrapMode: Text.NoWrap
                lineHeight: Math.round(px * 1.3)
                color: body.open && !body.worried ? Theme.colours.successInk : Theme.colours.attentionInk
            }
        }
        Cabinet {
            x: Theme.padding * 1.6
            visible: height > Theme.mm(30)
            y: plate.y + plate.height + Theme.unit * 3
            width: parent.width - 2 * x
            height: parent.height - y - Theme.padding
            view: body.cabinet
        }
    }
    Column {
        id: steps
        y: parent.height - height
        width: parent.width
        spacing: Theme.unit
        Repeater {
            model: (body.v.steps ?? []).length
            NumberedLine {
                required property int index
                width: steps.width
                number: index + 1
                text: (body.v.steps ?? [])[index] ?? ""
                single: (body.v.steps ?? []).length < 2
            }
        }
    }
}

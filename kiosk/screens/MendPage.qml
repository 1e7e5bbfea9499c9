pragma ComponentBehavior: Bound
import QtQuick
import "components"

// A fault's short way, every move with its drawing; the device ends it.
Page {
    id: page
    atLastSheet: card.atLast
    sentenceLargest: Theme.title

    SheetCard {
        id: card
        width: parent.width
        room: parent.height
        chrome: page.chrome
        spacing: Theme.gap
        Item {
            width: parent?.width ?? 0
            height: Theme.mm(Theme.compact ? 34 : Theme.wide ? 48 : 62)
            DeviceDrawing {
                anchors.horizontalCenter: parent.horizontalCenter
                width: parent.height
                height: parent.height
                visible: !doors.visible
                device: page.v.device ?? ""
            }
            Cabinet {
                id: doors
                anchors.fill: parent
                visible: (page.v.cabinet?.compartments ?? 0) > 0
                view: page.v.cabinet ?? ({})
            }
        }
        Repeater {
            model: (page.v.moves ?? []).length
            MoveRow {
                required property int index
                width: parent?.width ?? 0
                view: (page.v.moves ?? [])[index] ?? ({})
            }
        }
    }
}

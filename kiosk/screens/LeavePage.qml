pragma ComponentBehavior: Bound
import QtQuick
import "components"

// Really leave? What is lost, what stays.
Page {
    id: page

    SheetCard {
        visible: (page.v.loses ?? []).length > 0 || (page.v.stays ?? "") !== ""
        width: parent.width
        room: parent.height
        beside: Theme.reach && Theme.wide && page.ways.length === 0
        chrome: page.chrome
        spacing: Theme.unit * 2
        Label {
            width: parent?.width ?? 0
            text: page.v.loses_heading ?? ""
            bold: true
        }
        Bullets {
            width: parent?.width ?? 0
            lines: page.v.loses ?? []
        }
        Label {
            width: parent?.width ?? 0
            text: page.v.stays ?? ""
            color: Theme.colours.successInk
        }
    }
}

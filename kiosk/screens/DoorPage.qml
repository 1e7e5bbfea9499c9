pragma ComponentBehavior: Bound
import QtQuick
import "components"

// Outside the zone: where the card goes, and the guard's telephone; once they are called, that number is all there is.
Page {
    id: page

    readonly property bool calling: v.calling ?? false
    readonly property var alarms: v.alarms ?? []

    ReaderScene {
        visible: !page.calling && (page.snap.picture ?? "") !== "" && height > Theme.mm(40)
        anchors.horizontalCenter: parent.horizontalCenter
        width: Math.min(parent.width, height * 1.05)
        height: parent.height - below.height - Theme.gap * 1.5
        picture: page.snap.picture ?? ""
    }
    Column {
        id: below
        y: page.calling ? 0 : parent.height - height
        width: parent.width
        spacing: Theme.gap
        Repeater {
            model: page.alarms.length
            Line {
                required property int index
                width: below.width
                text: page.alarms[index] ?? ""
                tone: "attention"
            }
        }
        TelephoneCard {
            visible: !page.calling
            width: parent.width
            view: page.v.telephone ?? ({})
        }
        Card {
            visible: page.calling
            width: parent.width
            height: visible ? number.height + 2 * Theme.padding : 0
            Column {
                id: number
                x: Theme.padding
                y: Theme.padding
                width: parent.width - 2 * Theme.padding
                spacing: Theme.unit
                Label {
                    width: parent.width
                    text: page.v.telephone?.label ?? ""
                    px: Theme.strong
                }
                // Read from some steps away, by whoever left their glasses at home.
                Label {
                    width: parent.width
                    text: page.v.telephone?.value ?? ""
                    px: Math.round(Math.min(Theme.mm(34), width / Math.max(6, text.length) * 1.6))
                    lineHeight: Math.round(px * 1.2)
                    bold: true
                }
            }
        }
        Repeater {
            model: page.alarms.length > 0 ? 0 : (page.v.notes ?? []).length
            Label {
                required property int index
                width: below.width
                text: (page.v.notes ?? [])[index] ?? ""
                color: Theme.colours.soft
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import "components"

// One question about health, as plain as it can be asked.
Page {
    id: page
    stageLeast: Theme.mm(60)
    readonly property bool roomy: stageHeight > Theme.strong * 11

    Card {
        anchors.fill: parent
        Column {
            anchors.centerIn: parent
            width: parent.width - 2 * Theme.padding
            spacing: page.roomy ? Theme.unit * 3 : Theme.unit
            Label {
                width: parent.width
                text: page.v.position ?? ""
                color: Theme.colours.calmInk
                bold: true
            }
            Label {
                width: parent.width
                text: page.v.question ?? ""
                px: page.roomy ? (Theme.wide ? Theme.strong : Theme.title) : Theme.body
                bold: true
                lineHeight: Math.round(px * 1.4)
            }
            Label {
                visible: page.roomy
                width: parent.width
                text: visible ? (page.v.basis ?? "") : ""
                px: Theme.small
                color: Theme.colours.soft
            }
        }
    }
}

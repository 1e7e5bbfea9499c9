pragma ComponentBehavior: Bound
import QtQuick

// Where I am, and the same modes in the same place on every page.
Rectangle {
    id: header

    property var chrome: ({})
    property string clock: ""
    // That an officer is heard now stands where the steps do: nothing moves for it.
    property string officer: ""
    property bool success: false
    readonly property bool stacked: !Theme.reach && actions.natural + Theme.mm(110) + 2 * Theme.margin > width
    readonly property int inset: Theme.compact ? Theme.mm(4) : Theme.mm(6)

    color: success ? Theme.colours.headerSuccess : Theme.colours.header
    implicitHeight: stacked ? titles.height + actions.height + inset * 3 : Math.max(titles.height, Theme.reach ? 0 : actions.height) + inset * 2

    Item {
        id: titles
        x: Theme.margin
        y: header.stacked ? header.inset : (header.height - height) / 2
        width: header.stacked || Theme.reach ? header.width - 2 * Theme.margin : header.width - 3 * Theme.margin - actions.width
        height: Math.max(mark.height, words.height)
        Shield {
            id: mark
            size: Theme.mm(Theme.compact ? 15 : 18)
            anchors.verticalCenter: parent.verticalCenter
        }
        Column {
            id: words
            anchors.verticalCenter: parent.verticalCenter
            x: mark.width + Theme.unit * 2
            width: parent.width - x - (timeOfDay.visible ? timeOfDay.width + Theme.unit * 2 : 0)
            spacing: 2
            Label {
                width: parent.width
                text: header.chrome.title ?? ""
                px: Math.max(Theme.chrome, Math.round(Theme.chrome * 1.5))
                bold: true
                lineHeight: Math.round(px * 1.3)
                color: Theme.colours.onHeader
            }
            Label {
                width: parent.width
                text: header.officer !== "" ? header.officer : (header.chrome.subtitle ?? "")
                px: Theme.chrome
                bold: header.officer !== ""
                lineHeight: Math.round(px * 1.35)
                color: header.officer !== "" ? Theme.colours.onHeader : Theme.colours.softOnHeader
            }
        }
        Label {
            id: timeOfDay
            visible: text !== "" && (header.stacked || Theme.reach)
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            text: header.clock
            px: Math.round(Theme.chrome * 1.4)
            color: Theme.colours.onHeader
        }
    }
    HeaderActions {
        id: actions
        visible: !Theme.reach
        actions: Theme.reach ? [] : (header.chrome.header ?? [])
        room: header.width - 2 * Theme.margin
        stretch: header.stacked
        x: header.width - Theme.margin - width
        y: header.stacked ? titles.y + titles.height + header.inset : (header.height - height) / 2
    }
    Rectangle {
        visible: Theme.highContrast
        anchors.bottom: parent.bottom
        width: parent.width
        height: Theme.hairline
        color: Theme.colours.line
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import "components"

// A PIN behind dots, a staff number, or the code that headquarters reads out for the digits above.
Page {
    id: page
    touched: true
    ready: keypad.complete
    offered: keypad.joined

    Card {
        id: asked
        visible: (page.v.challenge ?? "") !== ""
        y: page.reachTop
        width: parent.width
        height: visible ? digits.height + 2 * Theme.unit : 0
        Column {
            id: digits
            x: Theme.padding
            y: Theme.unit
            width: parent.width - 2 * Theme.padding
            Label {
                width: parent.width
                text: page.v.challenge_label ?? ""
                color: Theme.colours.soft
            }
            Label {
                width: parent.width
                text: page.v.challenge ?? ""
                px: Theme.title
                bold: true
            }
        }
    }
    Keypad {
        id: keypad
        y: asked.visible ? asked.y + asked.height + Theme.gap : 0
        width: parent.width
        height: parent.height - y
        keysTop: asked.visible ? 0 : page.reachTop
        view: page.v.keypad ?? ({})
    }
    SecondsLeft {
        anchors.bottom: parent.bottom
        width: parent.width
        text: page.live.seconds_text ?? ""
    }
}

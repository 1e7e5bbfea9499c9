pragma ComponentBehavior: Bound
import QtQuick
import "components"

// A PIN behind dots, a staff number, or the code that headquarters reads out for the digits among the words.
Page {
    id: page
    touched: true
    ready: keypad.complete
    offered: keypad.joined
    typed: keypad.text.length

    Keypad {
        id: keypad
        anchors.fill: parent
        keysTop: page.reachTop
        view: page.v.keypad ?? ({})
    }
    SecondsLeft {
        anchors.bottom: parent.bottom
        width: parent.width
        text: page.live.seconds_text ?? ""
    }
}

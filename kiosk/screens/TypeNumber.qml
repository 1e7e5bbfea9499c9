pragma ComponentBehavior: Bound
import QtQuick
import "components"

// Eighteen characters on the number pad.
Page {
    id: page
    touched: true
    ready: keypad.complete
    offered: keypad.joined
    typed: keypad.text.length
    onBegun: keypad.text = page.snap.page.keypad?.draft ?? ""

    Keypad {
        id: keypad
        anchors.fill: parent
        keysTop: page.reachTop
        view: page.v.keypad ?? ({})
    }
}

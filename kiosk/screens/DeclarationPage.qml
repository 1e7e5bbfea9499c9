pragma ComponentBehavior: Bound
import QtQuick
import "components"

// A text to be read to its end before it is agreed to.
Page {
    id: page
    atLastSheet: text.atLast

    TextSheets {
        id: text
        anchors.fill: parent
        chrome: page.chrome
        text: page.v.text ?? ({})
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import "components"

// The card on the reader.
Page {
    id: page

    Card {
        anchors.fill: parent
        ReaderScene {
            anchors.horizontalCenter: parent.horizontalCenter
            y: Theme.padding
            width: Math.min(parent.width - 2 * Theme.padding, height * 1.05)
            height: parent.height - 2 * Theme.padding - (place.visible ? place.height + Theme.unit : 0)
            picture: page.snap.picture ?? ""
        }
        Label {
            id: place
            anchors.bottom: parent.bottom
            anchors.bottomMargin: Theme.padding
            anchors.horizontalCenter: parent.horizontalCenter
            width: Math.min(implicitWidth, parent.width - 2 * Theme.padding)
            horizontalAlignment: Text.AlignHCenter
            text: page.v.place ?? ""
            color: Theme.colours.soft
        }
    }
}

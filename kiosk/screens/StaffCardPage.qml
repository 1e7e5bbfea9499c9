pragma ComponentBehavior: Bound
import QtQuick
import "components"

// A technician's own card; citizens read that the machine is not for them now.
Page {
    id: page

    Card {
        anchors.fill: parent
        ReaderScene {
            anchors.horizontalCenter: parent.horizontalCenter
            y: Theme.padding
            width: Math.min(parent.width - 2 * Theme.padding, height * 1.05)
            height: parent.height - 2 * Theme.padding - service.height - Theme.unit * 2
            picture: page.snap.picture ?? ""
        }
        Line {
            id: service
            x: Theme.padding
            y: parent.height - height - Theme.padding
            width: parent.width - 2 * Theme.padding
            text: page.v.service ?? ""
            tone: "attention"
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import "components"

// The reader between two documents, or the one door that is open for one.
Page {
    id: page

    readonly property bool door: page.v.door ?? false

    wideShare: door && Theme.growth > 0.6 ? 0.5 : 0.4
    stageLeast: door ? Theme.mm(80) + Math.min(body.stepsHeight, Theme.mm(130)) : Theme.mm(80)

    CabinetBody {
        id: body
        anchors.fill: parent
        visible: page.door
        v: page.door ? page.v : ({})
    }
    Card {
        anchors.fill: parent
        visible: !page.door
        ReaderScene {
            anchors.horizontalCenter: parent.horizontalCenter
            y: Theme.padding
            width: Math.min(parent.width - 2 * Theme.padding, height * 1.05)
            height: parent.height - 2 * Theme.padding
            picture: page.door ? "" : page.snap.picture ?? ""
        }
    }
}

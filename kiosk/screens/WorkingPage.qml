pragma ComponentBehavior: Bound
import QtQuick
import "components"

// Something takes more than a moment: what, and how far.
Page {
    id: page

    Card {
        anchors.fill: parent
        Column {
            anchors.centerIn: parent
            width: parent.width - 2 * Theme.padding
            spacing: Theme.unit * 4
            Scene {
                anchors.horizontalCenter: parent.horizontalCenter
                size: Math.min(Theme.mm(110), page.stageHeight * 0.5)
                picture: (page.snap.picture ?? "") === "" ? "wait" : page.snap.picture
            }
            ProgressLine {
                anchors.horizontalCenter: parent.horizontalCenter
                width: Math.min(parent.width, Theme.mm(180))
                value: page.live.progress ?? -1
                text: page.live.progress_text ?? ""
            }
        }
    }
}

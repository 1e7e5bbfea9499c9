pragma ComponentBehavior: Bound
import QtQuick
import "components"

// One door of the cabinet is open.
Page {
    id: page

    wideShare: Theme.growth > 0.6 ? 0.5 : 0.4
    stageLeast: Theme.mm(80) + Math.min(body.stepsHeight, Theme.mm(130))

    CabinetBody {
        id: body
        anchors.fill: parent
        v: page.v
    }
}

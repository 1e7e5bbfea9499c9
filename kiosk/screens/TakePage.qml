pragma ComponentBehavior: Bound
import QtQuick
import "components"

// One door of the cabinet is open.
Page {
    id: page

    CabinetBody {
        anchors.fill: parent
        v: page.v
    }
}

pragma ComponentBehavior: Bound
import QtQuick

// Whom to call, on every page; and that devices are simulated where they are.
Rectangle {
    id: strip

    property var chrome: ({})

    implicitHeight: calls.height + Theme.unit * (Theme.compact ? 1 : 2)
    color: Theme.colours.surface
    Rectangle {
        width: parent.width
        height: Theme.hairline
        color: Theme.colours.line
    }
    Flow {
        id: calls
        anchors.centerIn: parent
        width: Math.min(parent.width - 2 * Theme.margin, one.implicitWidth + two.implicitWidth + three.implicitWidth + spacing * 2 + 2)
        spacing: Theme.unit * 3
        Label {
            id: one
            text: strip.chrome.emergency ?? ""
            px: Theme.chrome
            bold: true
        }
        Label {
            id: two
            text: strip.chrome.duty ?? ""
            px: Theme.chrome
        }
        SimulationLabel {
            id: three
            text: strip.chrome.simulation ?? ""
        }
    }
}

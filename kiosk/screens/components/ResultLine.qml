pragma ComponentBehavior: Bound
import QtQuick

// A heading that stays with the fact below it, or a fact.
Item {
    id: line

    property var view: ({})
    property real labelWidth: 0
    property bool ruled: false
    readonly property bool heads: (view.heading ?? "") !== ""
    readonly property var breaks: heads ? [] : fact.breaks

    implicitHeight: heads ? heading.height + Theme.unit * 3 : fact.height
    height: implicitHeight

    Label {
        id: heading
        y: Theme.unit * 2
        width: parent.width
        text: line.view.heading ?? ""
        px: Theme.strong
        bold: true
        color: Theme.colours.calmInk
    }
    FactRow {
        id: fact
        visible: !line.heads
        width: parent.width
        view: line.view.fact ?? ({})
        labelWidth: line.labelWidth
        ruled: line.ruled
    }
}

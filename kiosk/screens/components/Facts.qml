pragma ComponentBehavior: Bound
import QtQuick

// Labels and values on one grid.
Card {
    id: card

    property var facts: []
    property real labelShare: 0.27
    property int shown: facts.length

    visible: facts.length > 0
    implicitHeight: rows.height + Theme.padding * 1.2
    height: visible ? implicitHeight : 0
    Column {
        id: rows
        x: Theme.padding
        y: Theme.padding * 0.6
        width: parent.width - 2 * Theme.padding
        Repeater {
            model: card.facts.length
            FactRow {
                required property int index
                width: rows.width
                view: card.facts[index] ?? ({})
                labelShare: card.labelShare
                ruled: index > 0
            }
        }
    }
}

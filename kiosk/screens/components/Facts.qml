pragma ComponentBehavior: Bound
import QtQuick

// Labels and values on one grid.
Card {
    id: card

    property var facts: []

    LabelWidth {
        id: labels
        facts: card.facts
    }

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
                labelWidth: labels.widest
                ruled: index > 0
            }
        }
    }
}

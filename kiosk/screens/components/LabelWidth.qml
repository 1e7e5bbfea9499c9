pragma ComponentBehavior: Bound
import QtQuick

// The widest label of some facts, so that all values stand in one column.
FontMetrics {
    id: metrics

    property var facts: []
    readonly property real widest: {
        let most = 0;
        for (const fact of facts)
            most = Math.max(most, metrics.font.pixelSize > 0 ? metrics.advanceWidth(fact.label ?? "") : 0);
        return Math.ceil(most) + 2;
    }

    font.family: Theme.family
    font.pixelSize: Theme.body
}

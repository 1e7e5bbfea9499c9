pragma ComponentBehavior: Bound
import QtQuick

// The phases of the visit: done, now, to come, by shape and word as well as colour. Words give way before they crowd.
Rectangle {
    id: bar

    property var phases: []
    readonly property int count: phases.length
    readonly property int disc: Math.max(Theme.mm(Theme.compact ? 10 : 12), Math.round(Theme.chrome * 1.45))
    readonly property real need: words + count * (disc + Theme.unit) + (count - 1) * Theme.mm(12) + 2 * Theme.margin
    readonly property bool worded: need <= width
    readonly property real share: (width - 2 * Theme.margin) / Math.max(1, count)

    visible: count > 0
    color: Theme.colours.card
    implicitHeight: visible ? disc + 2 * Theme.mm(Theme.compact ? 3.5 : 6) : 0

    FontMetrics {
        id: metrics
        font.family: Theme.family
        font.pixelSize: Theme.chrome
        font.weight: Font.Bold
    }
    function widthOf(label: string): real {
        return metrics.font.pixelSize > 0 ? Math.ceil(metrics.advanceWidth(label)) + 4 : 0;
    }
    readonly property real words: {
        let sum = 0;
        for (const phase of phases)
            sum += widthOf(phase.label);
        return sum;
    }
    readonly property real current: {
        for (const phase of phases)
            if (phase.mark === "current")
                return widthOf(phase.label) + Theme.unit;
        return 0;
    }
    Row {
        id: row
        x: Theme.margin
        anchors.verticalCenter: parent.verticalCenter
        readonly property real spare: bar.worded ? (width - bar.words - bar.count * (bar.disc + Theme.unit)) / Math.max(1, bar.count - 1)
            : (width - bar.current - bar.count * bar.disc - Theme.unit) / Math.max(1, bar.count - 1)
        width: bar.width - 2 * Theme.margin
        Repeater {
            model: bar.count
            Row {
                id: phase
                required property int index
                readonly property var d: bar.phases[index] ?? ({})
                readonly property string stage: d.mark ?? "todo"
                spacing: 0
                Rectangle {
                    width: bar.disc
                    height: bar.disc
                    radius: bar.disc / 2
                    anchors.verticalCenter: parent.verticalCenter
                    color: phase.stage === "current" ? Theme.colours.primary : phase.stage === "done" ? Theme.colours.successFill : Theme.colours.card
                    border.width: phase.stage === "current" ? 0 : Theme.hairline
                    border.color: phase.stage === "done" ? Theme.colours.successMark : Theme.colours.secondaryLine
                    Icon {
                        visible: phase.stage === "done"
                        anchors.centerIn: parent
                        name: "tick"
                        size: bar.disc * 0.62
                        pen: 3
                        color: Theme.colours.successInk
                    }
                    Label {
                        visible: phase.stage !== "done"
                        anchors.centerIn: parent
                        text: phase.d.number ?? ""
                        px: Theme.chrome
                        bold: phase.stage === "current"
                        loose: false
                        color: phase.stage === "current" ? Theme.colours.onPrimary : Theme.colours.soft
                    }
                }
                Label {
                    visible: bar.worded || phase.stage === "current"
                    anchors.verticalCenter: parent.verticalCenter
                    leftPadding: Theme.unit
                    text: phase.d.label ?? ""
                    px: Theme.chrome
                    bold: phase.stage === "current"
                    loose: false
                    wrapMode: Text.NoWrap
                    color: phase.stage === "current" ? Theme.colours.calmInk : Theme.colours.soft
                }
                Item {
                    visible: phase.index < bar.count - 1
                    width: Math.max(8, row.spare)
                    height: bar.disc
                    Rectangle {
                        anchors.centerIn: parent
                        width: Math.max(4, Math.min(parent.width - Theme.unit * 2, Theme.mm(60)))
                        height: 3
                        radius: 2
                        color: phase.stage === "done" ? Theme.colours.successMark : Theme.colours.line
                    }
                }
            }
        }
    }
    Rectangle {
        anchors.bottom: parent.bottom
        width: parent.width
        height: Theme.hairline
        color: Theme.colours.line
    }
}

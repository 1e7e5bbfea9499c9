pragma ComponentBehavior: Bound
import QtQuick

// A number as large as what it means.
Rectangle {
    id: figure

    property var view: ({})
    property int px: Math.round(Theme.title * 0.95)
    readonly property string tone: view.tone ?? "calm"

    implicitHeight: words.height + Theme.unit * (Theme.compact ? 2 : 3.4)
    radius: Theme.mm(4)
    color: Theme.fill(tone)
    border.width: Theme.highContrast || tone !== "calm" ? Theme.hairline : 0
    border.color: Theme.mark(tone)
    Column {
        id: words
        x: Theme.unit * (Theme.compact ? 2 : 3)
        anchors.verticalCenter: parent.verticalCenter
        width: parent.width - 2 * x
        Label {
            width: parent.width
            text: figure.view.label ?? ""
            px: Theme.small
            color: Theme.inkOn(figure.tone)
        }
        Flow {
            width: parent.width
            spacing: Theme.unit
            Label {
                id: value
                width: Math.min(implicitWidth, parent.width)
                text: figure.view.value ?? ""
                px: figure.px
                bold: true
                lineHeight: Math.round(px * 1.25)
                color: Theme.inkOn(figure.tone)
            }
            Label {
                text: figure.view.unit ?? ""
                px: Theme.body
                bold: true
                lineHeight: Math.round(figure.px * 1.25)
                verticalAlignment: Text.AlignBottom
                topPadding: Math.round((figure.px - px) * 0.32)
                color: Theme.inkOn(figure.tone)
            }
        }
    }
}

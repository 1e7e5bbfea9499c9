pragma ComponentBehavior: Bound
import QtQuick

// Plain text in one of the five sizes of the scale.
Text {
    id: label

    property int px: Theme.body
    property bool bold: false
    property bool loose: true
    readonly property int align: horizontalAlignment

    readonly property real lineStep: loose ? lineHeight : 0

    textFormat: Text.PlainText
    wrapMode: Text.Wrap
    color: Theme.colours.ink
    font.family: Theme.family
    font.pixelSize: px
    font.weight: bold ? Font.Bold : Font.Normal
    lineHeightMode: loose ? Text.FixedHeight : Text.ProportionalHeight
    lineHeight: loose ? Math.round(px * 1.45) : 1
    visible: text !== ""
}

pragma ComponentBehavior: Bound
import QtQuick

// A line of text.
Text {
    property bool strong: false
    property bool note: false

    font.family: Ink.family
    font.pixelSize: note ? Ink.note : Ink.text
    font.weight: strong ? Font.Bold : Font.Normal
    color: note ? Ink.soft : Ink.ink
    elide: Text.ElideRight
    verticalAlignment: Text.AlignVCenter
}

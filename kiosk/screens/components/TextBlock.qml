pragma ComponentBehavior: Bound
import QtQuick

// Running text that may be turned to the next sheet between two lines.
Label {
    readonly property real lineStep: lineHeight
}

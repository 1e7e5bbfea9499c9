pragma ComponentBehavior: Bound
pragma Singleton
import QtQuick

// Colours by role and the few lengths of the dock.
QtObject {
    readonly property color surface: "#E9EEF5"
    readonly property color card: "#FFFFFF"
    readonly property color line: "#CBD5E3"
    readonly property color ink: "#0B1B33"
    readonly property color soft: "#4A5A74"
    readonly property color header: "#0B2447"
    readonly property color overHeader: "#FFFFFF"
    readonly property color primary: "#0A3A82"
    readonly property color overPrimary: "#FFFFFF"
    readonly property color quiet: "#F1F5FB"
    readonly property color down: "#D3DFF0"
    readonly property color bad: "#A8121E"
    readonly property color badFill: "#FCE8E8"
    readonly property color good: "#0B6B34"
    readonly property color goodFill: "#DFF3E6"
    readonly property color lamp: "#FFB52E"
    readonly property color lampFill: "#FFF1D6"
    readonly property color lampInk: "#6B4300"
    readonly property string family: "Noto Sans CJK SC"
    readonly property int gap: 8
    readonly property int row: 30
    readonly property int text: 13
    readonly property int note: 12
    readonly property int head: 15
}

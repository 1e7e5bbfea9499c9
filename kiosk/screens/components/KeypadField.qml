pragma ComponentBehavior: Bound
import QtQuick

// What was typed, cut into groups for the eye; the group being typed is framed.
Row {
    id: field

    property string text: ""
    property var groups: []
    property string placeholder: ""
    // A secret: a dot stands for each character.
    property bool hidden: false
    readonly property var hints: parts.length === groups.length ? parts : []
    readonly property var parts: placeholder.split(" ").filter(part => part !== "")
    readonly property int whole: {
        let sum = 0;
        for (const group of groups)
            sum += group;
        return Math.max(1, sum);
    }
    readonly property real room: width - (groups.length - 1) * Theme.unit - groups.length * 2 * Theme.unit
    // Letters are wider than digits; so many of them have to fit, however large the other letters are.
    property bool letters: false
    readonly property int fitting: Math.floor(room / whole / (letters ? 0.97 : 0.6))
    readonly property int px: Math.max(letters ? 1 : Theme.small, Math.min(Math.round(Theme.title * 0.95), fitting))

    function start(group: int): int {
        let at = 0;
        for (let i = 0; i < group; i++)
            at += groups[i];
        return at;
    }

    spacing: Theme.unit
    height: Math.max(Theme.mm(Theme.compact ? 22 : 28), px * 1.6)
    Repeater {
        model: field.groups.length
        Rectangle {
            id: group
            required property int index
            readonly property int size: field.groups[index] ?? 1
            readonly property string typed: field.text.substr(field.start(index), size)
            readonly property bool current: field.text.length >= field.start(index) && (field.text.length < field.start(index) + size)
            width: 2 * Theme.unit + field.room * size / field.whole
            height: field.height
            radius: Theme.mm(3)
            color: Theme.colours.card
            border.width: current ? 5 : Theme.hairline
            border.color: current ? Theme.colours.primary : Theme.colours.secondaryLine
            Label {
                anchors.centerIn: parent
                text: group.typed !== "" ? (field.hidden ? "●".repeat(group.typed.length) : group.typed) : (field.hints[group.index] ?? "")
                px: group.typed !== "" ? field.px : Math.min(field.px, Theme.body)
                bold: group.typed !== ""
                loose: false
                wrapMode: Text.NoWrap
                color: group.typed !== "" ? Theme.colours.ink : Theme.colours.soft
            }
        }
    }
}

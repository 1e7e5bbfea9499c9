pragma ComponentBehavior: Bound
import QtQuick

// A number pad and the field above it. The typed text lives here and nowhere else, so that no key is ever lost.
Item {
    id: keypad

    property var view: ({})
    property string text: ""
    property real keysTop: 0
    property real widest: Theme.mm(270)
    readonly property int length: view.length ?? 0
    readonly property var rows: view.rows ?? []
    readonly property bool complete: length > 0 && text.length === length
    readonly property string joined: {
        const parts = [];
        let at = 0;
        for (const group of view.groups ?? []) {
            parts.push(text.substr(at, group));
            at += group;
        }
        return parts.length > 0 ? parts.join(view.joiner ?? "") : text;
    }
    readonly property real keyHeight: Math.max(Theme.target, Math.min(Theme.mm(Theme.compact ? 30 : 42), (keys.room - (rows.length - 1) * Theme.gap) / Math.max(1, rows.length)))

    function type(key: string) {
        if (key === "erase")
            text = text.slice(0, -1);
        else if (key === "clear")
            text = "";
        else if (text.length < length)
            text += key;
    }

    KeypadField {
        id: field
        anchors.horizontalCenter: parent.horizontalCenter
        width: Math.min(parent.width, keypad.widest * 1.2)
        text: keypad.text
        groups: keypad.view.groups ?? []
        placeholder: keypad.view.placeholder ?? ""
        hidden: keypad.view.hidden ?? false
        letters: keypad.view.kind === "reference"
    }
    Column {
        id: keys
        readonly property real upper: Math.max(field.height + Theme.gap * 1.5, keypad.keysTop)
        readonly property real room: keypad.height - upper
        anchors.horizontalCenter: parent.horizontalCenter
        y: Theme.reach ? keypad.height - height : upper
        width: Math.min(parent.width, keypad.widest)
        spacing: Theme.gap
        Repeater {
            model: keypad.rows.length
            Row {
                id: line
                required property int index
                readonly property var cells: keypad.rows[index] ?? []
                spacing: Theme.gap
                Repeater {
                    model: line.cells.length
                    Item {
                        id: cell
                        required property int index
                        readonly property string key: line.cells[index] ?? ""
                        width: (keys.width - (line.cells.length - 1) * Theme.gap) / Math.max(1, line.cells.length)
                        height: keypad.keyHeight
                        Key {
                            objectName: "key:" + (cell.key === "erase" ? "delete" : cell.key)
                            visible: cell.key !== ""
                            anchors.fill: parent
                            text: cell.key === "erase" ? (keypad.view.erase_label ?? "") : cell.key === "clear" ? (keypad.view.clear_label ?? "") : cell.key
                            px: cell.key === "erase" || cell.key === "clear" ? Math.max(Theme.small, Math.min(Theme.body, Math.round(keypad.keyHeight * 0.5))) : Math.max(Theme.small, Math.round(Math.min(Theme.title, keypad.keyHeight * 0.6)))
                            open: cell.key === "erase" || cell.key === "clear" ? keypad.text !== "" : keypad.text.length < keypad.length
                            onTapped: keypad.type(cell.key)
                        }
                    }
                }
            }
        }
    }
}

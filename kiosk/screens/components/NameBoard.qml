pragma ComponentBehavior: Bound
import QtQuick

// A name, character by character: letters below, the characters read so above them, the name on top. What was typed
// and chosen lives here and nowhere else, so that no touch is ever lost. Letters that lead nowhere are not taken.
Item {
    id: board

    property var view: ({})
    property string text: ""
    property string spelt: ""
    property int sheet: 0
    property real keysTop: 0
    readonly property bool complete: spelt === "" && chars(text).length >= (view.shortest ?? 1)
    readonly property bool full: chars(text).length >= (view.longest ?? 0)
    readonly property var rows: view.rows ?? []
    readonly property int columns: 10
    readonly property var table: view.syllables ?? []
    readonly property real cell: (width - (columns - 1) * Theme.gap) / columns
    readonly property real keyHeight: Math.max(Theme.target, Math.min(Theme.mm(Theme.compact ? 22 : 30), (height - above - 4 * Theme.gap) / 5))
    readonly property real above: Math.max(field.height + Theme.gap, keysTop)
    readonly property real lettersHeight: rows.length * (keyHeight + Theme.gap) - Theme.gap
    readonly property int lines: Math.max(1, Math.min(4, Math.floor((height - above - lettersHeight) / (keyHeight + Theme.gap))))
    readonly property var found: candidates(spelt, text === "")
    readonly property bool several: found.length > lines * columns
    // The last two places turn the sheet where there is more than one.
    readonly property int perSheet: several ? lines * columns - 2 : lines * columns
    readonly property int sheets: Math.max(1, Math.ceil(found.length / perSheet))
    readonly property string next: continuations(spelt)

    onSpeltChanged: sheet = 0
    onFoundChanged: sheet = 0

    function chars(word: string): var {
        return Array.from(word);
    }
    // First the characters read exactly so, surnames before the others at the name's beginning; then longer syllables.
    function candidates(typed: string, first: bool): var {
        const names = view.surnames ?? "";
        if (typed === "")
            return first ? chars(names) : [];
        let exact = [];
        let longer = [];
        for (let i = 0; i < table.length; i++) {
            const syllable = table[i].syllable;
            if (syllable === typed)
                exact = chars(table[i].characters);
            else if (syllable.startsWith(typed))
                longer.push(...chars(table[i].characters).slice(0, 12));
        }
        if (first)
            exact = [...exact.filter(one => names.includes(one)), ...exact.filter(one => !names.includes(one))];
        const known = new Set(exact);
        const more = [];
        for (const one of longer) {
            if (!known.has(one)) {
                known.add(one);
                more.push(one);
            }
        }
        return [...exact, ...more];
    }
    function continuations(typed: string): string {
        let letters = "";
        for (let i = 0; i < table.length; i++) {
            const syllable = table[i].syllable;
            if (syllable.length > typed.length && syllable.startsWith(typed) && !letters.includes(syllable[typed.length]))
                letters += syllable[typed.length];
        }
        return letters;
    }
    function takes(key: string): bool {
        if (key === "erase" || key === "clear")
            return text !== "" || spelt !== "";
        if (full)
            return false;
        if (key === "dot")
            return spelt === "" && text !== "" && !text.endsWith(view.dot);
        return next.includes(key);
    }
    function type(key: string) {
        if (key === "clear") {
            spelt = "";
            text = "";
        } else if (key === "erase") {
            if (spelt !== "")
                spelt = spelt.slice(0, -1);
            else
                text = chars(text).slice(0, -1).join("");
        } else if (key === "dot") {
            text += view.dot;
        } else {
            spelt += key;
        }
    }
    function pick(character: string) {
        text += character;
        spelt = "";
    }

    Rectangle {
        id: field
        width: parent.width
        height: Math.max(Theme.mm(Theme.compact ? 20 : 26), Theme.small * 1.7)
        radius: Theme.mm(3)
        color: Theme.colours.card
        border.width: 5
        border.color: Theme.colours.primary
        Row {
            id: written
            anchors.verticalCenter: parent.verticalCenter
            x: Theme.unit * 2
            spacing: Theme.unit
            Label {
                id: name
                text: board.text !== "" || board.spelt !== "" ? board.text : (board.view.placeholder ?? "")
                px: board.text !== "" ? Math.max(Theme.small, Math.min(Theme.title, Math.floor((field.width - Theme.unit * 6 - sound.implicitWidth) / Math.max(1, board.chars(board.text).length) / 1.02))) : Math.min(Theme.body, Theme.small * 1.1)
                bold: board.text !== ""
                loose: false
                wrapMode: Text.NoWrap
                color: board.text !== "" ? Theme.colours.ink : Theme.colours.soft
            }
            Label {
                id: sound
                anchors.verticalCenter: parent.verticalCenter
                text: board.spelt.replace("v", "ü")
                px: Theme.body
                bold: true
                loose: false
                wrapMode: Text.NoWrap
                color: Theme.colours.calmInk
            }
        }
    }
    Column {
        id: keys
        y: Theme.reach ? board.height - height : board.above
        width: parent.width
        spacing: Theme.gap
        Grid {
            id: choices
            columns: board.columns
            spacing: Theme.gap
            width: parent.width
            height: board.lines * (board.keyHeight + Theme.gap) - Theme.gap
            Repeater {
                model: board.lines * board.columns
                Item {
                    id: place
                    required property int index
                    readonly property bool turnsBack: board.several && index === board.lines * board.columns - 2
                    readonly property bool turnsOn: board.several && index === board.lines * board.columns - 1
                    readonly property string character: turnsBack || turnsOn ? "" : (board.found[board.sheet * board.perSheet + index] ?? "")
                    width: board.cell
                    height: board.keyHeight
                    Key {
                        objectName: "pick:" + place.character
                        visible: place.character !== ""
                        anchors.fill: parent
                        text: place.character
                        px: Math.max(Theme.small, Math.floor(Math.min(Theme.title, board.keyHeight * 0.62, board.cell * 0.8)))
                        bold: true
                        leading: true
                        open: !board.full
                        onTapped: board.pick(place.character)
                    }
                    Key {
                        objectName: place.turnsBack ? "previous-characters" : "next-characters"
                        readonly property bool leads: place.turnsBack ? board.sheet > 0 : board.sheet < board.sheets - 1
                        visible: (place.turnsBack || place.turnsOn) && leads
                        anchors.fill: parent
                        icon: place.turnsBack ? "back" : "forward"
                        px: Theme.small
                        onTapped: board.sheet += place.turnsBack ? -1 : 1
                    }
                }
            }
        }
        Repeater {
            model: board.rows.length
            Row {
                id: line
                required property int index
                readonly property var cells: board.rows[index] ?? []
                // A row with fewer keys gives its last two the room of three.
                readonly property real spare: board.columns - cells.length
                spacing: Theme.gap
                Repeater {
                    model: line.cells.length
                    Key {
                        required property int index
                        readonly property string key: line.cells[index] ?? ""
                        readonly property bool wide: key === "erase"
                        objectName: "key:" + (key === "erase" ? "delete" : key)
                        width: board.cell * (wide ? 1 + line.spare : 1) + (wide ? line.spare * Theme.gap : 0)
                        height: board.keyHeight
                        icon: key === "erase" ? "erase" : key === "clear" ? "cross" : ""
                        text: key === "erase" || key === "clear" ? "" : key === "dot" ? (board.view.dot ?? "") : key === "v" ? "ü" : key
                        px: Math.max(Theme.small, Math.floor(Math.min(Theme.title * 0.9, board.keyHeight * 0.55, board.cell * 0.8)))
                        open: board.takes(key)
                        opacity: open ? 1 : 0.45
                        onTapped: board.type(key)
                    }
                }
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick

// The one sentence that leads the page. Its lines are made equally long, so that no single character is left over.
Item {
    id: sentence

    property string text: ""
    property int px: Theme.title
    property color color: Theme.colours.ink

    visible: text !== ""
    implicitHeight: visible ? shown.implicitHeight : 0

    // Two lines break after a mark where both halves fit; otherwise all lines get the same width.
    function settle() {
        measure.text = text;
        measure.width = width;
        const lines = measure.lineCount;
        let best = "";
        if (lines === 2 && text.indexOf("\n") < 0) {
            let least = 0.78;
            for (let i = 1; i < text.length - 1; i++) {
                if ("，。？；：、！,;:?.".indexOf(text[i]) < 0)
                    continue;
                const first = advance(text.slice(0, i + 1));
                const second = advance(text.slice(i + 1).trim());
                const share = Math.max(first, second) / (first + second);
                if (Math.max(first, second) < width && share < least) {
                    least = share;
                    best = text.slice(0, i + 1) + "\n" + text.slice(i + 1).trim();
                }
            }
        }
        shown.text = best === "" ? text : best;
        shown.width = width;
        if (best !== "" || lines < 2 || width <= 0)
            return;
        for (let trial = Math.max(width * 0.4, advance(text) / lines); trial < width; trial += px / 3) {
            measure.width = trial;
            if (measure.lineCount <= lines) {
                shown.width = Math.min(width, Math.ceil(trial) + 1);
                return;
            }
        }
    }
    function advance(part: string): real {
        return metrics.font.pixelSize > 0 ? metrics.advanceWidth(part) : 0;
    }

    onWidthChanged: settle()
    onTextChanged: settle()
    onPxChanged: settle()
    Component.onCompleted: settle()

    FontMetrics {
        id: metrics
        font.family: Theme.family
        font.pixelSize: sentence.px
        font.weight: Font.Bold
    }
    Label {
        id: measure
        visible: false
        px: sentence.px
        bold: true
    }
    Label {
        id: shown
        px: sentence.px
        bold: true
        color: sentence.color
        lineHeight: Math.round(px * 1.36)
    }
}

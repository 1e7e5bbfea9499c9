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

    function balanced(full: real, whole: real, lines: int): real {
        if (lines < 2 || full <= 0)
            return full;
        let width = Math.max(full * 0.45, whole / lines);
        while (width < full) {
            measure.width = width;
            if (measure.lineCount <= lines)
                return Math.min(full, Math.ceil(width) + 1);
            width += sentence.px / 3;
        }
        return full;
    }

    function settle() {
        measure.width = sentence.width;
        shown.width = balanced(sentence.width, probe.implicitWidth, measure.lineCount);
    }

    onWidthChanged: settle()
    onTextChanged: settle()
    onPxChanged: settle()
    Component.onCompleted: settle()

    Label {
        id: probe
        visible: false
        wrapMode: Text.NoWrap
        text: sentence.text
        px: sentence.px
        bold: true
    }
    Label {
        id: measure
        visible: false
        text: sentence.text
        px: sentence.px
        bold: true
    }
    Label {
        id: shown
        text: sentence.text
        px: sentence.px
        bold: true
        color: sentence.color
        lineHeight: Math.round(px * 1.36)
    }
}

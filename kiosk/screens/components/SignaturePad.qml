pragma ComponentBehavior: Bound
import QtQuick

// Handwriting: strokes of [x, y, ms] in ten-thousandths of the pad's width, kept here until they are sent.
Rectangle {
    id: pad

    property string hint: ""
    property var strokes: []
    property real ink: 0
    property double began: 0
    property bool writing: false

    signal inked()

    function wipe() {
        strokes = [];
        ink = 0;
        began = 0;
        board.wiped = true;
        board.requestPaint();
        inked();
    }
    function point(x: real, y: real): var {
        const scale = 10000 / width;
        const limit = Math.round(height * scale);
        return [Math.max(0, Math.min(10000, Math.round(x * scale))), Math.max(0, Math.min(limit, Math.round(y * scale))), Math.round(Date.now() - began)];
    }

    objectName: "pad"
    radius: Theme.radius
    color: "#FFFFFF"
    border.width: writing ? 5 : 3
    border.color: Theme.highContrast ? "#FFFFFF" : Theme.scheme === "night" ? Theme.colours.secondaryLine : Theme.colours.primary

    Label {
        anchors.centerIn: parent
        visible: pad.strokes.length === 0 && !pad.writing && text !== ""
        text: pad.hint
        px: Theme.strong
        width: Math.min(implicitWidth, parent.width - 2 * Theme.padding)
        horizontalAlignment: Text.AlignHCenter
        color: Theme.highContrast ? "#000000" : "#1B2940"
    }
    Rectangle {
        x: Theme.padding
        y: parent.height * 0.78
        width: parent.width - 2 * Theme.padding
        height: 2
        color: "#9DB2D3"
    }
    Canvas {
        id: board
        property var fresh: []
        property bool wiped: false
        anchors.fill: parent
        renderTarget: Canvas.Image
        renderStrategy: Canvas.Immediate
        onPaint: {
            const context = getContext("2d");
            if (wiped) {
                context.clearRect(0, 0, width, height);
                wiped = false;
                fresh = [];
                return;
            }
            context.strokeStyle = "#0B1B33";
            context.lineWidth = 7;
            context.lineCap = "round";
            context.lineJoin = "round";
            context.beginPath();
            for (const piece of fresh) {
                context.moveTo(piece[0], piece[1]);
                context.lineTo(piece[2], piece[3]);
            }
            context.stroke();
            fresh = [];
        }
    }
    MouseArea {
        id: pen
        property var stroke: []
        property real lastX: 0
        property real lastY: 0
        anchors.fill: parent
        preventStealing: true
        function draw(x: real, y: real) {
            const moved = Math.hypot(x - lastX, y - lastY);
            stroke.push(pad.point(x, y));
            board.fresh.push([lastX, lastY, x, y]);
            pad.ink += moved * 10000 / pad.width;
            lastX = x;
            lastY = y;
            board.requestPaint();
        }
        onPressed: mouse => {
            if (pad.began === 0)
                pad.began = Date.now();
            pad.writing = true;
            stroke = [];
            lastX = mouse.x;
            lastY = mouse.y;
            draw(mouse.x + 0.01, mouse.y);
        }
        onPositionChanged: mouse => draw(mouse.x, mouse.y)
        onReleased: {
            pad.writing = false;
            pad.strokes = pad.strokes.concat([stroke]);
            pad.inked();
        }
        onCanceled: {
            pad.writing = false;
            pad.strokes = pad.strokes.concat([stroke]);
            pad.inked();
        }
    }
}

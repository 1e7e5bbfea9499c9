pragma ComponentBehavior: Bound
import QtQuick
import "components"

// Targets over the whole glass, header and row of actions included: each that is touched shows how far beside its middle.
Page {
    id: page
    property var points: []
    offered: points

    // All of the glass belongs to the test: it stands over everything else until it is over.
    Rectangle {
        id: glass
        objectName: "glass"
        readonly property int columns: page.v.columns ?? 1
        readonly property int rows: page.v.rows ?? 1
        readonly property real cellWidth: width / columns
        readonly property real cellHeight: height / rows
        property var hit: ({})

        function layout(): Item {
            let above = page as Item;
            while (above.parent && above.objectName !== "layout")
                above = above.parent;
            return above;
        }
        function take(x: real, y: real) {
            const column = Math.min(columns - 1, Math.floor(x / cellWidth));
            const row = Math.min(rows - 1, Math.floor(y / cellHeight));
            const tenths = 10 / Theme.pixelsPerMm;
            const point = [column, row, Math.round((x - (column + 0.5) * cellWidth) * tenths), Math.round((y - (row + 0.5) * cellHeight) * tenths)];
            const known = Object.assign({}, hit);
            known[row * columns + column] = point;
            hit = known;
            page.points = Object.values(known);
            if (page.points.length === columns * rows)
                finish();
        }
        function finish() {
            Hands.send(page.revision, "measured", { "points": page.points });
        }

        z: 1000
        width: Theme.viewWidth
        height: Theme.viewHeight
        color: Theme.colours.surface
        Component.onCompleted: parent = layout()

        MouseArea {
            objectName: "pad"
            anchors.fill: parent
            preventStealing: true
            onPressed: mouse => glass.take(mouse.x, mouse.y)
        }
        Repeater {
            model: glass.columns * glass.rows
            Item {
                id: target
                required property int index
                readonly property var found: glass.hit[index]
                readonly property bool touched: found !== undefined
                x: (index % glass.columns + 0.5) * glass.cellWidth
                y: (Math.floor(index / glass.columns) + 0.5) * glass.cellHeight
                Rectangle {
                    width: Theme.mm(19)
                    height: width
                    x: -width / 2
                    y: -height / 2
                    radius: width / 2
                    color: target.touched ? Theme.colours.successFill : Theme.colours.card
                    border.width: target.touched ? 5 : 3
                    border.color: target.touched ? Theme.colours.successMark : Theme.colours.primary
                }
                Rectangle {
                    width: Theme.mm(6)
                    height: 3
                    x: -width / 2
                    y: -1
                    color: Theme.colours.ink
                }
                Rectangle {
                    width: 3
                    height: Theme.mm(6)
                    x: -1
                    y: -height / 2
                    color: Theme.colours.ink
                }
                // Where the finger was taken to be.
                Rectangle {
                    visible: target.touched
                    width: Theme.mm(3)
                    height: width
                    radius: width / 2
                    x: (target.found ? target.found[2] / 10 * Theme.pixelsPerMm : 0) - width / 2
                    y: (target.found ? target.found[3] / 10 * Theme.pixelsPerMm : 0) - height / 2
                    color: Theme.colours.dangerMark
                }
            }
        }
        // Between two rows of targets, so that it covers none.
        Column {
            anchors.horizontalCenter: parent.horizontalCenter
            y: Math.round(glass.rows / 2) * glass.cellHeight - height / 2
            width: parent.width * 0.8
            spacing: Theme.unit
            LocalButton {
                objectName: "done"
                anchors.horizontalCenter: parent.horizontalCenter
                height: Theme.mm(20)
                text: page.v.done ?? ""
                onTapped: glass.finish()
            }
        }
    }
}

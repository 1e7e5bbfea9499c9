pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Shapes

// Rows of 0 and 1 as a code: black on white in every theme, quiet zone of four modules, whole pixels.
Rectangle {
    id: code

    property var rows: []
    property real size: Theme.mm(100)
    readonly property int modules: rows.length
    readonly property int dot: Math.max(1, Math.floor(size / Math.max(1, modules + 8)))

    implicitWidth: (modules + 8) * dot
    implicitHeight: implicitWidth
    width: implicitWidth
    height: implicitHeight
    color: "#FFFFFF"

    // Runs of dark modules in one path.
    function path(): string {
        const parts = ["M0 0"];
        for (let y = 0; y < modules; y++) {
            const row = rows[y];
            let x = 0;
            while (x < row.length) {
                if (row[x] !== "1") {
                    x++;
                    continue;
                }
                let end = x;
                while (end < row.length && row[end] === "1")
                    end++;
                const left = (x + 4) * dot, right = (end + 4) * dot, top = (y + 4) * dot, bottom = (y + 5) * dot;
                parts.push(`M${left} ${top} L${right} ${top} L${right} ${bottom} L${left} ${bottom} Z`);
                x = end;
            }
        }
        return parts.join(" ");
    }

    Shape {
        anchors.fill: parent
        antialiasing: false
        ShapePath {
            fillColor: "#000000"
            strokeWidth: -1
            strokeColor: "transparent"
            fillRule: ShapePath.WindingFill
            PathSvg { path: code.path() }
        }
    }
}

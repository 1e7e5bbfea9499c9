pragma ComponentBehavior: Bound
import QtQuick

// An E of the vision chart: black on white in every theme, every stroke a whole number of pixels at a whole pixel.
Rectangle {
    id: optotype

    property var rows: []
    property int stroke: 0
    readonly property int side: rows.length * stroke
    readonly property int atX: Math.round((width - side) / 2)
    readonly property int atY: Math.round((height - side) / 2)

    color: "#FFFFFF"

    Repeater {
        model: optotype.rows.length * optotype.rows.length
        Rectangle {
            required property int index
            readonly property int row: Math.floor(index / optotype.rows.length)
            readonly property int column: index % optotype.rows.length
            visible: optotype.rows[row][column] === "1"
            antialiasing: false
            x: optotype.atX + column * optotype.stroke
            y: optotype.atY + row * optotype.stroke
            width: optotype.stroke
            height: optotype.stroke
            color: "#000000"
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick

// A quiet surface that holds one thing.
Rectangle {
    radius: Theme.radius
    color: Theme.colours.card
    border.width: Theme.hairline
    border.color: Theme.colours.line
}

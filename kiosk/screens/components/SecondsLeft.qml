pragma ComponentBehavior: Bound
import QtQuick

// How long this stays, in words.
Label {
    px: Theme.body
    color: Theme.colours.soft
}

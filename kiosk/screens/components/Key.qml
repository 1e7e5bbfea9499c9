pragma ComponentBehavior: Bound
import QtQuick

// One key of the number pad.
LocalButton {
    px: Theme.title
    bold: false
    dense: true
}

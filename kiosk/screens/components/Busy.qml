pragma ComponentBehavior: Bound
import QtQuick

// Something is happening: three dots that breathe in turn. Opacity only, and still without motion.
Row {
    id: busy

    property real size: Theme.body
    property color color: Theme.colours.primary

    width: size
    height: size
    spacing: size * 0.1
    Repeater {
        model: 3
        Rectangle {
            id: dot
            required property int index
            y: (busy.height - height) / 2
            width: busy.size * 0.26
            height: width
            radius: width / 2
            color: busy.color
            opacity: Theme.motion > 0 ? 0.3 : 1
            SequentialAnimation on opacity {
                running: busy.visible && Theme.motion > 0
                loops: Animation.Infinite
                PauseAnimation { duration: dot.index * 180 }
                NumberAnimation { to: 1; duration: 180 }
                NumberAnimation { to: 0.3; duration: 180 }
                PauseAnimation { duration: (3 - dot.index) * 180 }
            }
        }
    }
}

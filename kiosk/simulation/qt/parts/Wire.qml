pragma ComponentBehavior: Bound
import QtQuick

// The line to headquarters, the terminal's clock, and its plug.
Panel {
    id: wire

    property var view: ({})
    readonly property real offset: view.clock_offset ?? 0

    signal asked(string command, var given)

    function move(seconds: real) {
        asked("clock", {"offset_seconds": offset + seconds});
    }

    title: "总部线路、时钟、电源"
    aside: "终端时钟：" + (view.clock ?? "")

    Column {
        width: parent.width
        spacing: Ink.gap
        Row {
            width: parent.width
            spacing: 6
            Repeater {
                model: (wire.view.networks ?? []).length
                delegate: Push {
                    required property int index
                    readonly property var network: wire.view.networks[index] ?? ({"id": "", "label": "", "on": false})
                    objectName: "network-" + network.id
                    width: (wire.width - 28 - 5 * 6) / 6
                    text: network.label
                    on: network.on
                    onPushed: wire.asked("network", {"state": network.id})
                }
            }
        }
        Row {
            width: parent.width
            spacing: 6
            Push { width: (wire.width - 28 - 5 * 6) / 6; text: "慢 1 天"; onPushed: wire.move(-86400) }
            Push { width: (wire.width - 28 - 5 * 6) / 6; text: "慢 1 时"; onPushed: wire.move(-3600) }
            Push { width: (wire.width - 28 - 5 * 6) / 6; objectName: "clock-right"; text: "对准"; open: wire.offset !== 0; onPushed: wire.move(-wire.offset) }
            Push { width: (wire.width - 28 - 5 * 6) / 6; objectName: "clock-hour"; text: "快 1 时"; onPushed: wire.move(3600) }
            Push { width: (wire.width - 28 - 5 * 6) / 6; text: "快 1 天"; onPushed: wire.move(86400) }
            Push {
                objectName: "kill-terminal"
                width: (wire.width - 28 - 5 * 6) / 6
                text: "断电"
                bad: true
                on: true
                onPushed: wire.asked("kill-terminal", {})
            }
        }
    }
}

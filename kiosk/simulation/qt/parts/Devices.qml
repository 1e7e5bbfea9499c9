pragma ComponentBehavior: Bound
import QtQuick

// Every device: plugged or not, broken or not.
Panel {
    id: devices

    property var view: ({})
    readonly property var all: view.devices ?? []

    signal asked(string command, var given)
    signal breaking(string device)

    title: "设备"

    Column {
        width: parent.width
        spacing: 6
        Repeater {
            model: devices.all.length
            delegate: Item {
                id: row
                required property int index
                readonly property var device: devices.all[index] ?? ({"id": "", "label": "", "plugged": true, "broken": "", "faults": []})
                readonly property bool well: device.plugged && device.broken === ""
                width: devices.width - 28
                height: Ink.row
                Rectangle {
                    id: lamp
                    anchors.verticalCenter: parent.verticalCenter
                    width: 10
                    height: 10
                    radius: 5
                    color: row.well ? Ink.good : Ink.bad
                }
                Words {
                    id: name
                    x: 18
                    width: 92
                    height: parent.height
                    text: row.device.label
                }
                Words {
                    anchors.left: name.right
                    anchors.right: plug.left
                    anchors.rightMargin: Ink.gap
                    height: parent.height
                    text: !row.device.plugged ? "没有接上" : row.device.broken || "正常"
                    note: true
                    color: row.well ? Ink.soft : Ink.bad
                }
                Push {
                    id: plug
                    objectName: (row.device.plugged ? "unplug-" : "plug-") + row.device.id
                    anchors.right: mend.left
                    anchors.rightMargin: Ink.gap
                    width: 58
                    text: row.device.plugged ? "拔线" : "接上"
                    main: !row.device.plugged
                    onPushed: devices.asked(row.device.plugged ? "unplug" : "plug", {"device": row.device.id})
                }
                Push {
                    id: mend
                    objectName: "clear-" + row.device.id
                    anchors.right: damage.left
                    anchors.rightMargin: Ink.gap
                    width: 58
                    text: "修好"
                    open: !row.well
                    onPushed: devices.asked("clear", {"device": row.device.id})
                }
                Push {
                    id: damage
                    objectName: "break-" + row.device.id
                    anchors.right: parent.right
                    width: 72
                    text: "弄坏…"
                    bad: true
                    onPushed: devices.breaking(row.device.id)
                }
            }
        }
    }
}

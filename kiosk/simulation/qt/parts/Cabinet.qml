pragma ComponentBehavior: Bound
import QtQuick

// The doors of the cabinet, and what can be done at the chosen one.
Panel {
    id: cabinet

    property var view: ({})
    property int chosen: 0
    readonly property var doors: view.compartments ?? []
    readonly property var door: doors[chosen] ?? null
    readonly property int columns: 6

    signal asked(string command, var given)

    function at(more: var): var {
        return Object.assign({"board": door.board, "compartment": door.number}, more);
    }

    title: "取证柜"
    aside: (view.open_doors ?? 0) > 0 ? view.open_doors + " 扇门开着" : "门都关着"

    Column {
        width: parent.width
        spacing: Ink.gap
        Grid {
            columns: cabinet.columns
            spacing: 6
            Repeater {
                model: cabinet.doors.length
                delegate: Rectangle {
                    id: one
                    required property int index
                    readonly property var door: cabinet.doors[index] ?? ({"number": 0, "open": false, "contents": "", "faults": []})
                    readonly property bool broken: door.faults.some(fault => fault.on)
                    objectName: "door-" + door.number
                    width: (cabinet.width - 28 - 6 * (cabinet.columns - 1)) / cabinet.columns
                    height: 48
                    radius: 5
                    color: door.open ? Ink.lampFill : broken ? Ink.badFill : Ink.quiet
                    border.width: index === cabinet.chosen ? 2 : 1
                    border.color: index === cabinet.chosen ? Ink.primary : door.open ? Ink.lamp : broken ? Ink.bad : Ink.line
                    Words {
                        x: 6
                        y: 3
                        text: one.door.number + (one.door.open ? " 开" : "")
                        strong: true
                        note: true
                        color: one.door.open ? Ink.lampInk : Ink.ink
                    }
                    Words {
                        x: 6
                        y: 23
                        width: parent.width - 8
                        text: one.door.contents
                        note: true
                    }
                    MouseArea {
                        anchors.fill: parent
                        cursorShape: Qt.PointingHandCursor
                        onClicked: cabinet.chosen = one.index
                    }
                }
            }
        }
        Words {
            width: parent.width
            height: 20
            text: cabinet.door === null ? "" : "第 " + cabinet.door.number + " 格：" + (cabinet.door.open ? "门开着" : "门关着，只有终端能打开") + "，" + (cabinet.door.contents || "空") + "，开过 " + cabinet.door.pulses + " 次"
            note: true
        }
        Flow {
            width: parent.width
            spacing: Ink.gap
            visible: cabinet.door !== null
            Push {
                objectName: "door-close"
                text: "关门"
                main: true
                open: cabinet.door?.open ?? false
                onPushed: cabinet.asked("door-close", cabinet.at({}))
            }
            Push {
                objectName: "take-out"
                text: "取出"
                open: (cabinet.door?.open ?? false) && cabinet.door.contents !== ""
                onPushed: cabinet.asked("take-out", cabinet.at({}))
            }
            Push {
                objectName: "put-in-own"
                text: "放入旧证"
                open: cabinet.door?.open ?? false
                onPushed: cabinet.asked("put-in", cabinet.at({"item": "own"}))
            }
            Push {
                objectName: "put-in-new"
                text: "放入新证"
                open: cabinet.door?.open ?? false
                onPushed: cabinet.asked("put-in", cabinet.at({"item": "new"}))
            }
            Repeater {
                model: (cabinet.door?.faults ?? []).length
                delegate: Push {
                    required property int index
                    readonly property var fault: cabinet.door?.faults[index] ?? ({"id": "", "label": "", "on": false})
                    objectName: "door-fault-" + fault.id
                    text: fault.label
                    bad: true
                    on: fault.on
                    open: !fault.on
                    onPushed: cabinet.asked("fault", cabinet.at({"device": "locker", "fault": fault.id}))
                }
            }
        }
    }
}

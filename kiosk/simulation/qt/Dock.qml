pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Window
import "parts"

// The dock: everything around the terminal that a hand could do, for whoever tries it.
Window {
    id: window

    property var view: ({})
    property string told: ""
    property bool toldBad: false
    property string breaking: ""
    property var sheet: null

    readonly property bool world: view.world ?? false

    // The arguments as JSON.
    signal asked(string command, string given)

    function ask(command: string, given: var) {
        asked(command, JSON.stringify(given));
    }
    function device(id: string): var {
        return (view.devices ?? []).find(one => one.id === id) ?? null;
    }

    width: 1240
    height: 1124
    minimumWidth: 1120
    minimumHeight: 800
    color: Ink.surface
    title: "调试台"

    Rectangle {
        id: header
        width: parent.width
        height: 52
        color: Ink.header
        Words {
            id: name
            x: 20
            height: parent.height
            text: "调试台"
            strong: true
            font.pixelSize: 19
            color: Ink.overHeader
        }
        Words {
            anchors.left: name.right
            anchors.leftMargin: 14
            height: parent.height
            text: "终端外面的世界，人、证、钱都是虚构的"
            color: "#D5E2F5"
        }
        Row {
            anchors.right: parent.right
            anchors.rightMargin: 20
            height: parent.height
            spacing: 10
            Words {
                height: parent.height
                width: Math.min(implicitWidth, 520)
                text: window.told
                color: window.toldBad ? "#FFC9C9" : "#BFE8CD"
            }
            Rectangle {
                anchors.verticalCenter: parent.verticalCenter
                width: 10
                height: 10
                radius: 5
                color: window.world ? "#63D08F" : Ink.lamp
            }
            Words {
                height: parent.height
                text: window.world ? "世界在运行" : "世界没有运行"
                color: Ink.overHeader
            }
        }
    }
    Item {
        id: body
        anchors.top: header.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.margins: 14
        enabled: window.world
        opacity: window.world ? 1 : 0.45

        Item {
            id: left
            width: 290
            height: parent.height
            Visitor {
                id: visitor
                width: parent.width
                person: window.view.person ?? null
                onAsked: (command, given) => window.ask(command, given)
            }
            People {
                anchors.top: visitor.bottom
                anchors.topMargin: 12
                anchors.bottom: parent.bottom
                width: parent.width
                situations: window.view.situations ?? []
                current: window.view.person?.situation_id ?? ""
                onAsked: (command, given) => window.ask(command, given)
            }
        }
        Item {
            id: middle
            anchors.left: left.right
            anchors.leftMargin: 12
            anchors.right: right.left
            anchors.rightMargin: 12
            height: parent.height
            Desk {
                id: desk
                width: parent.width
                view: window.view
                onAsked: (command, given) => window.ask(command, given)
            }
            Papers {
                anchors.top: desk.bottom
                anchors.topMargin: 12
                anchors.bottom: parent.bottom
                width: parent.width
                view: window.view
                onAsked: (command, given) => window.ask(command, given)
                onOpened: sheet => window.sheet = sheet
            }
        }
        Column {
            id: right
            anchors.right: parent.right
            width: 480
            spacing: 12
            Cabinet {
                width: parent.width
                view: window.view
                onAsked: (command, given) => window.ask(command, given)
            }
            Devices {
                width: parent.width
                view: window.view
                onAsked: (command, given) => window.ask(command, given)
                onBreaking: device => window.breaking = device
            }
            Wire {
                width: parent.width
                view: window.view
                onAsked: (command, given) => window.ask(command, given)
            }
        }
    }
    Veil {
        id: damage
        readonly property var device: window.device(window.breaking)
        readonly property var faults: device?.faults ?? []
        objectName: "damage"
        visible: device !== null
        title: "弄坏：" + (device?.label ?? "")
        high: 58 + 20 + 40 * Math.ceil(faults.length / 3) + 42
        onClosed: window.breaking = ""
        Grid {
            columns: 3
            spacing: 10
            Repeater {
                model: damage.faults.length
                delegate: Push {
                    required property int index
                    readonly property var fault: damage.faults[index] ?? ({"id": "", "label": "", "on": false, "once": false})
                    objectName: "fault-" + fault.id
                    width: 166
                    text: fault.label + (fault.once ? "（一次）" : "")
                    bad: true
                    on: fault.on
                    onPushed: {
                        window.ask("fault", {"device": window.breaking, "fault": fault.id});
                        window.breaking = "";
                    }
                }
            }
        }
        Words {
            anchors.bottom: parent.bottom
            text: "标“一次”的只发生一次，其余的持续到“修好”为止"
            note: true
        }
    }
    Veil {
        id: enlarged
        objectName: "enlarged"
        visible: window.sheet !== null
        title: window.sheet?.label ?? ""
        wide: 760
        high: 860
        onClosed: window.sheet = null
        Flickable {
            id: scroll
            anchors.fill: parent
            clip: true
            contentHeight: pages.height
            boundsBehavior: Flickable.StopAtBounds
            Column {
                id: pages
                width: scroll.width
                spacing: 12
                Repeater {
                    model: window.sheet?.pictures ?? []
                    delegate: Image {
                        required property string modelData
                        anchors.horizontalCenter: parent?.horizontalCenter
                        width: Math.min(pages.width, implicitWidth)
                        fillMode: Image.PreserveAspectFit
                        source: modelData
                        smooth: true
                        mipmap: true
                    }
                }
                Words {
                    width: parent.width
                    visible: (window.sheet?.pictures.length ?? 0) === 0
                    text: window.sheet?.text ?? ""
                    wrapMode: Text.WrapAnywhere
                }
            }
        }
    }
}

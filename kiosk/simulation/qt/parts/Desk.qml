pragma ComponentBehavior: Bound
import QtQuick

// What a citizen does with the hands: card, finger, telephone.
Column {
    id: desk

    property var view: ({})
    readonly property bool somebody: (view.person ?? null) !== null

    signal asked(string command, var given)

    spacing: 12

    Panel {
        width: desk.width
        title: "身份证感应区"
        aside: desk.view.reader ?? ""
        Grid {
            id: cards
            readonly property real cell: (width - 2 * Ink.gap) / 3
            width: parent.width
            columns: 3
            spacing: Ink.gap
            Repeater {
                model: (desk.view.cards ?? []).length
                delegate: Push {
                    required property int index
                    readonly property var card: desk.view.cards[index] ?? ({"id": "", "label": "", "in_hand": false})
                    objectName: "lay-" + card.id
                    width: cards.cell
                    text: card.label
                    open: desk.somebody && card.in_hand && !desk.view.card_there
                    onPushed: desk.asked("lay-card", {"card": card.id})
                }
            }
            Push {
                objectName: "take-card"
                width: cards.cell
                text: "取走"
                main: true
                open: desk.view.card_there ?? false
                onPushed: desk.asked("take-card", {})
            }
        }
    }
    Row {
        width: desk.width
        spacing: 12
        Panel {
            width: (parent.width - 12) / 2
            title: "指纹仪"
            aside: desk.view.finger ?? ""
            Grid {
                width: parent.width
                columns: 2
                spacing: Ink.gap
                Repeater {
                    model: (desk.view.fingers ?? []).length
                    delegate: Push {
                        required property int index
                        readonly property var finger: desk.view.fingers[index] ?? ({"id": "", "label": "", "on": false})
                        objectName: "touch-" + finger.id
                        width: (parent.width - Ink.gap) / 2
                        text: finger.label
                        on: finger.on
                        open: desk.somebody
                        onPushed: desk.asked("touch-finger", {"finger": finger.id})
                    }
                }
            }
        }
        Panel {
            width: (parent.width - 12) / 2
            title: "手机"
            Column {
                width: parent.width
                spacing: Ink.gap
                Row {
                    width: parent.width
                    spacing: Ink.gap
                    Push {
                        objectName: "pay"
                        width: (parent.width - Ink.gap) / 2
                        text: "付最新的码"
                        main: true
                        onPushed: desk.asked("pay", {})
                    }
                    Push {
                        objectName: "pay-decline"
                        width: (parent.width - Ink.gap) / 2
                        text: "拒付"
                        onPushed: desk.asked("pay-decline", {})
                    }
                }
                Words {
                    width: parent.width
                    height: Ink.row
                    text: desk.view.phone ?? ""
                    note: true
                }
            }
        }
    }
    // Only where a door of the zone is: it shows itself by being released.
    Panel {
        visible: (desk.view.entrance_free ?? false) || (desk.view.entrance_open ?? false)
        width: desk.width
        title: "自助区大门"
        aside: desk.view.entrance_open ? "开着" : "已开锁"
        Row {
            width: parent.width
            spacing: Ink.gap
            Push {
                objectName: "push-entrance"
                width: (parent.width - Ink.gap) / 2
                text: "推门进去"
                main: true
                open: (desk.view.entrance_free ?? false) && !(desk.view.entrance_open ?? false)
                onPushed: desk.asked("push-entrance", {})
            }
            Push {
                objectName: "shut-entrance"
                width: (parent.width - Ink.gap) / 2
                text: "关上门"
                open: desk.view.entrance_open ?? false
                onPushed: desk.asked("shut-entrance", {})
            }
        }
    }
}

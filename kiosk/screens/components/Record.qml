pragma ComponentBehavior: Bound
import QtQuick

// One record: its picture on the left, shown large by a touch; the rest is one large switch.
Item {
    id: record

    property var view: ({})
    property bool chosen: false
    property string lookLabel: ""
    readonly property bool pictured: (view.picture ?? "") !== "" && !tight
    readonly property bool tight: Theme.reach && Theme.wide && Theme.growth > 0.4
    readonly property bool narrow: width < Theme.mm(190) + Theme.small * 3

    signal toggled()
    signal looked()

    implicitHeight: Math.max(words.height + Theme.unit * (Theme.compact ? 2 : 4), frame.visible ? frame.implicitHeight : 0)
    height: implicitHeight

    Item {
        id: frame
        readonly property bool isTarget: true
        objectName: "look:" + (record.view.id ?? "")
        visible: record.pictured
        implicitHeight: width * 0.75 + caption.height + 14
        width: Math.max(Theme.target * 1.5, Math.min(Theme.mm(72), record.width * 0.26), caption.implicitWidth + Theme.unit)
        height: parent.height
        Rectangle {
            anchors.fill: parent
            radius: Theme.radius
            color: Theme.colours.card
            border.width: look.pressed ? 5 : Theme.hairline
            border.color: Theme.colours.secondaryLine
        }
        Image {
            x: 6
            y: 6
            width: parent.width - 12
            height: parent.height - caption.height - 16
            fillMode: Image.PreserveAspectCrop
            sourceSize.width: 480
            source: record.pictured ? record.view.picture : ""
        }
        Label {
            id: caption
            anchors.bottom: parent.bottom
            anchors.bottomMargin: 5
            anchors.horizontalCenter: parent.horizontalCenter
            text: record.lookLabel
            px: Theme.small
            wrapMode: Text.NoWrap
            color: Theme.colours.ink
        }
        Touch {
            id: look
            anchors.fill: parent
            onTaken: record.looked()
        }
    }
    Item {
        id: choice
        readonly property bool isTarget: true
        objectName: "choose:" + (record.view.id ?? "")
        x: frame.visible ? frame.width + Theme.gap : 0
        width: parent.width - x
        height: parent.height
        Rectangle {
            anchors.fill: parent
            radius: Theme.radius
            color: touch.pressed ? Theme.colours.secondaryDown : record.chosen ? Theme.colours.calmFill : Theme.colours.card
            border.width: touch.pressed || record.chosen ? 5 : Theme.hairline
            border.color: record.chosen || touch.pressed ? Theme.colours.primary : Theme.colours.secondaryLine
        }
        Column {
            id: words
            x: Theme.unit * 3
            anchors.verticalCenter: parent.verticalCenter
            width: parent.width - x - box.width - Theme.unit * 5
            Label {
                width: parent.width
                text: record.view.behaviour ?? ""
                px: Theme.body
                bold: true
                lineHeight: Math.round(px * 1.35)
            }
            Label {
                width: parent.width
                text: record.tight ? (record.view.when ?? "") : (record.view.plate ?? "") + "  " + (record.view.when ?? "")
                px: Theme.small
                color: Theme.colours.soft
            }
            Label {
                width: parent.width
                visible: text !== "" && !record.tight
                text: record.view.place ?? ""
                px: Theme.small
                color: Theme.colours.soft
            }
            Label {
                width: parent.width
                text: (record.view.fine ?? "") + "   " + (record.view.points ?? "")
                px: Theme.body
                bold: true
                color: Theme.colours.attentionInk
            }
        }
        Rectangle {
            id: box
            anchors.right: parent.right
            anchors.rightMargin: Theme.unit * 2.5
            anchors.verticalCenter: parent.verticalCenter
            width: Theme.mm(15)
            height: width
            radius: Theme.mm(3)
            color: record.chosen ? Theme.colours.primary : Theme.colours.card
            border.width: 3
            border.color: record.chosen ? Theme.colours.primary : Theme.colours.soft
            Icon {
                visible: record.chosen
                anchors.centerIn: parent
                name: "tick"
                pen: 3
                size: parent.width * 0.74
                color: Theme.colours.onPrimary
            }
        }
        Touch {
            id: touch
            anchors.fill: parent
            onTaken: record.toggled()
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick

// Papers that came out, the youngest first; a click enlarges one.
Panel {
    id: papers

    property var view: ({})
    readonly property var sheets: view.papers ?? []

    signal asked(string command, var given)
    signal opened(var sheet)

    fills: true
    title: "出来的纸"
    aside: (view.papers_lying ?? 0) > 0 ? view.papers_lying + " 张还没有取" : (view.roll ?? "")

    Words {
        anchors.centerIn: parent
        visible: papers.sheets.length === 0
        text: "还没有打印过"
        note: true
    }
    GridView {
        id: grid
        anchors.fill: parent
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        cellWidth: Math.floor(width / 3)
        cellHeight: 222
        model: papers.sheets.length
        delegate: Item {
            id: cell
            required property int index
            readonly property var sheet: papers.sheets[index] ?? ({"number": 0, "label": "", "pictures": [], "text": "", "taken": true})
            width: grid.cellWidth
            height: grid.cellHeight
            Rectangle {
                id: page
                objectName: "paper-" + cell.sheet.number
                width: parent.width - 10
                height: 176
                radius: 4
                color: cell.sheet.taken ? Ink.quiet : "#FFFFFF"
                border.width: cell.sheet.taken ? 1 : 2
                border.color: cell.sheet.taken ? Ink.line : Ink.lamp
                clip: true
                Image {
                    anchors.fill: parent
                    anchors.margins: 5
                    opacity: cell.sheet.taken ? 0.55 : 1
                    source: cell.sheet.pictures.length > 0 ? cell.sheet.pictures[0] : ""
                    fillMode: Image.PreserveAspectFit
                    verticalAlignment: Image.AlignTop
                    sourceSize.width: 420
                    asynchronous: true
                    smooth: true
                    mipmap: true
                }
                Words {
                    anchors.fill: parent
                    anchors.margins: 8
                    visible: cell.sheet.pictures.length === 0
                    text: cell.sheet.text
                    wrapMode: Text.WrapAnywhere
                    verticalAlignment: Text.AlignTop
                    font.pixelSize: 9
                }
                MouseArea {
                    anchors.fill: parent
                    cursorShape: Qt.PointingHandCursor
                    onClicked: papers.opened(cell.sheet)
                }
            }
            Words {
                anchors.top: page.bottom
                anchors.topMargin: 5
                height: 28
                text: cell.sheet.label
                note: true
            }
            Push {
                objectName: "take-paper-" + cell.sheet.number
                anchors.top: page.bottom
                anchors.topMargin: 5
                anchors.right: page.right
                implicitHeight: 28
                visible: !cell.sheet.taken
                text: "取走"
                onPushed: papers.asked("take-paper", {"number": cell.sheet.number})
            }
            Words {
                anchors.top: page.bottom
                anchors.topMargin: 5
                anchors.right: page.right
                height: 28
                visible: cell.sheet.taken
                text: "已取"
                note: true
            }
        }
    }
}

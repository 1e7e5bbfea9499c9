pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Window
import Kiosk.Bridge
import "../components"

// The window: header, phases, one page, one row of actions. The only place that reads the bridge.
Window {
    id: root

    property var snap: Bridge.page
    property var live: Bridge.live
    property string pages: Bridge.pages
    readonly property Page shown: page.item as Page
    readonly property var chrome: snap.chrome ?? ({})
    readonly property string kind: snap.kind ?? ""
    readonly property bool attract: kind === "Attract" || kind === "OutOfService"

    function turn() {
        Theme.look = snap.look ?? ({});
        Hands.tooEarly = snap.chrome?.too_early ?? "";
        const revision = snap.revision ?? -1;
        const name = snap.kind ?? "";
        if (revision !== Hands.revision || name !== page.kind) {
            Hands.paintedAt = 0;
            Hands.revision = revision;
            page.kind = name;
            page.source = "";
            page.source = name === "" ? "" : pages + name + ".qml";
        } else {
            page.present();
        }
        Bridge.presented(revision);
    }

    title: chrome.title ?? ""
    visible: false
    color: Theme.colours.surface
    onSnapChanged: turn()
    Component.onCompleted: turn()

    Binding { target: Theme; property: "pixelsPerMm"; value: Bridge.pixelsPerMm }
    Binding { target: Theme; property: "motion"; value: Bridge.motion }

    Connections {
        target: Bridge
        function onPainted(revision: int) {
            if (revision === Hands.revision)
                Hands.paintedAt = Date.now();
        }
        function onRefused() {
            shake.restart();
        }
    }
    Connections {
        target: Hands
        function onIntended(revision: int, action: string, payload: var) {
            Bridge.dispatch(revision, action, payload);
        }
        function onCounted(revision: int, characters: int, ready: bool) {
            Bridge.counted(revision, characters, ready);
        }
        function onAnswered(text: string) {
            answer.say(text);
        }
    }

    Item {
        id: all
        objectName: "layout"
        readonly property bool isLayout: true
        width: Theme.viewWidth
        height: Theme.viewHeight
        // A display of another size shows the same layout, scaled as a whole.
        scale: Math.min(root.width / Theme.viewWidth, root.height / Theme.viewHeight)
        transformOrigin: Item.TopLeft
        x: (root.width - width * scale) / 2
        y: (root.height - height * scale) / 2

        Rectangle {
            anchors.fill: parent
            color: Theme.colours.surface
        }
        Item {
            id: middle
            readonly property bool isMiddle: true
            y: Theme.reach ? strip.y + strip.height : phases.y + phases.height
            width: parent.width
            height: (lowActions.visible && !lowActions.beside ? lowActions.y - Theme.gap : footer.y) - y
            Loader {
                id: page
                property string kind: ""
                anchors.fill: parent
                onLoaded: present()
                function present() {
                    if (!root.shown)
                        return;
                    root.shown.revision = root.snap.revision;
                    root.shown.snap = root.snap;
                }
            }
            Binding {
                target: root.shown
                property: "lowHeight"
                value: lowActions.visible && lowActions.beside ? lowActions.height + Theme.gap : 0
                when: root.shown !== null
                restoreMode: Binding.RestoreNone
            }
            Binding {
                target: root.shown
                property: "screenTop"
                value: middle.y
                when: root.shown !== null
                restoreMode: Binding.RestoreNone
            }
            Binding {
                target: root.shown
                property: "live"
                value: root.live
                when: root.shown !== null
                restoreMode: Binding.RestoreNone
            }
        }
        Header {
            id: header
            width: parent.width
            height: implicitHeight
            chrome: root.chrome
            clock: root.live.clock ?? ""
            officer: root.live.officer ?? ""
            success: root.snap.tone === "success" && !root.attract
        }
        PhaseBar {
            id: phases
            y: header.height
            width: parent.width
            height: implicitHeight
            phases: root.chrome.phases ?? []
        }
        HeaderActions {
            id: lowActions
            visible: Theme.reach
            actions: Theme.reach ? (root.chrome.header ?? []) : []
            onHeader: false
            readonly property bool beside: Theme.wide && root.shown !== null && root.shown.leftRoom > 0
            room: beside ? root.shown.leftRoom : parent.width - 2 * Theme.margin
            stretch: true
            x: Theme.margin
            y: footer.y - (visible ? height + Theme.gap : 0)
            height: visible ? implicitHeight : 0
        }
        Strip {
            id: strip
            y: Theme.reach ? phases.y + phases.height : parent.height - height
            width: parent.width
            height: implicitHeight
            chrome: root.chrome
        }
        Footer {
            id: footer
            y: (Theme.reach ? parent.height : strip.y) - height
            width: parent.width
            height: visible ? implicitHeight : 0
            actions: root.snap.actions ?? []
            chrome: root.chrome
            calm: root.snap.calm ?? ""
            page: root.shown
        }
        // A finger that rests in a corner while nobody is served: told, never answered. What it means the counter knows.
        PointHandler {
            id: corners
            property double since: 0
            property string corner: ""
            property point last
            function at(spot: point): string {
                const near = Theme.mm(12);
                const side = spot.x <= near ? "left" : spot.x >= all.width - near ? "right" : "";
                const edge = spot.y <= near ? "upper" : spot.y >= all.height - near ? "lower" : "";
                return side !== "" && edge !== "" ? edge + "-" + side : "";
            }
            enabled: root.attract || root.kind === "DoorPage"
            onPointChanged: {
                if (active)
                    last = point.position;
            }
            onActiveChanged: {
                if (active) {
                    since = Date.now();
                    corner = at(point.position);
                } else if (corner !== "" && corner === at(last) && Date.now() - since >= 1000) {
                    Bridge.dispatch(Hands.revision, "held", { "corner": corner, "ms": Date.now() - since });
                }
            }
        }
        Answer {
            id: answer
            anchors.horizontalCenter: parent.horizontalCenter
            y: footer.y - height - Theme.gap
        }
        MoreTime {
            anchors.fill: parent
            live: root.live
        }
        SequentialAnimation {
            id: shake
            NumberAnimation { target: middle; property: "x"; to: 10; duration: 40 }
            NumberAnimation { target: middle; property: "x"; to: -10; duration: 60 }
            NumberAnimation { target: middle; property: "x"; to: 0; duration: 40 }
        }
    }
}

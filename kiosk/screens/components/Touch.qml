pragma ComponentBehavior: Bound
import QtQuick

// A touch counts from 50 ms to 10 s, with 10 mm of drift; one that does not count is answered.
MouseArea {
    id: touch

    property double since: 0
    property real fromX: 0
    property real fromY: 0
    property int atRevision: -1

    signal taken(int revision)
    signal missed()

    acceptedButtons: Qt.LeftButton
    preventStealing: true

    onPressed: mouse => {
        since = Date.now();
        fromX = mouse.x;
        fromY = mouse.y;
        atRevision = Hands.revision;
    }
    onReleased: mouse => {
        const lasted = Date.now() - since;
        const drifted = Math.hypot(mouse.x - fromX, mouse.y - fromY);
        const near = drifted <= Theme.drift || containsMouse;
        if (lasted >= 50 && lasted <= 10000 && near)
            taken(atRevision);
        else
            missed();
    }
}

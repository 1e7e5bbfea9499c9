pragma ComponentBehavior: Bound
import QtQuick

// One row of actions: leave, back, extras, and the main action last and widest. Below it, whom to call.
Rectangle {
    id: footer

    property var actions: []
    property var chrome: ({})
    property string calm: ""
    property Page page: null
    readonly property int count: actions.length
    readonly property int inset: Theme.mm(Theme.compact ? 4 : 7)
    readonly property real inner: width - 2 * Theme.margin
    readonly property real floor: (count - 1) * Theme.gap
    readonly property real need: total(leading) + floor
    // Where the words are too long for one row, leave and back keep the first row, the main action has its own.
    readonly property bool twoRows: count > 1 && need > inner

    readonly property var leading: sizes()
    // What is left in the first of two rows when every word there has its room.
    readonly property real upperSpare: count > 1 ? inner - (count - 2) * Theme.gap - (total(leading) - (leading[count - 1] ?? 0)) : 0
    readonly property string lastAction: count > 0 ? actions[count - 1].action : "leave"
    readonly property bool onlyAway: lastAction === "leave" || lastAction === "back"

    FontMetrics {
        id: metrics
        font.family: Theme.family
        font.pixelSize: Theme.strong
        font.weight: Font.Bold
    }
    function sizes(): var {
        const list = [];
        for (const action of actions) {
            const word = metrics.font.pixelSize > 0 ? Math.ceil(metrics.advanceWidth(action.label)) : 0;
            list.push(Math.max(Theme.mm(38), word + Theme.unit * 6));
        }
        return list;
    }
    function upperWidth(index: int): real {
        return upperSpare < 0 ? (inner - (count - 2) * Theme.gap) / (count - 1) : (leading[index] ?? 0) + upperSpare / (count - 1);
    }
    function total(list: var): real {
        let sum = 0;
        for (const one of list)
            sum += one;
        return sum;
    }
    color: Theme.colours.card
    implicitHeight: count > 0 ? rows.height + inset * 2 : 0
    visible: count > 0

    Rectangle {
        width: parent.width
        height: Theme.hairline
        color: Theme.colours.line
    }
    Item {
        id: rows
        readonly property real line: Theme.mm(Theme.compact ? 25 : 30)
        readonly property real lineHeight: Math.max(line, Math.round(Theme.strong * 1.3) + 2 * Theme.unit)
        x: Theme.margin
        y: footer.inset
        width: footer.inner
        height: footer.count === 0 ? 0 : footer.twoRows ? lineHeight * 2 + Theme.gap : lineHeight
        Repeater {
            model: footer.count
            Button {
                id: entry
                required property int index
                readonly property bool last: index === footer.count - 1
                readonly property var d: footer.actions[index] ?? ({})
                readonly property real spare: footer.inner - footer.floor - footer.total(footer.leading)
                readonly property bool leads: last && role === "primary"
                view: d
                ready: (d.from_view ?? "") === "" || (footer.page?.ready ?? true)
                offered: footer.page?.offered ?? null
                held: (d.after_last_sheet ?? false) && !(footer.page?.atLastSheet ?? true)
                heldText: footer.chrome.read_to_end ?? ""
                height: rows.lineHeight
                x: {
                    if (footer.twoRows && last)
                        return 0;
                    let at = index * Theme.gap;
                    for (let i = 0; i < index; i++)
                        at += footer.twoRows ? footer.upperWidth(i) : footer.leading[i] ?? 0;
                    return last && !footer.onlyAway ? footer.inner - width : at;
                }
                y: footer.twoRows && last ? rows.lineHeight + Theme.gap : 0
                width: {
                    if (footer.twoRows)
                        return last ? footer.inner : footer.upperWidth(index);
                    const own = footer.leading[index] ?? Theme.target;
                    return leads ? Math.min(own + spare, Theme.mm(Theme.wide ? 170 : 400)) : own;
                }
            }
        }
        Label {
            visible: text !== "" && !footer.twoRows && implicitWidth < footer.inner - footer.need - Theme.gap * 2
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            text: footer.onlyAway ? footer.calm : ""
            px: Theme.small
            wrapMode: Text.NoWrap
            color: Theme.colours.soft
        }
    }
}

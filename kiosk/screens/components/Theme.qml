pragma ComponentBehavior: Bound
pragma Singleton
import QtQuick

// Sizes in millimetres turned into pixels, text sizes by cap height, colours by role.
QtObject {
    id: theme

    property real pixelsPerMm: 3.212
    property var look: ({})
    property real motion: 1

    readonly property real viewWidth: Number(layout.split("x")[0])
    readonly property real viewHeight: Number(layout.split("x")[1])
    readonly property string layout: look.layout ?? "1080x1920"
    readonly property bool wide: viewWidth > viewHeight
    readonly property bool compact: viewHeight < 1050
    readonly property bool reach: look.reach ?? false
    readonly property string scheme: look.theme ?? "day"
    readonly property bool highContrast: scheme === "high-contrast"
    readonly property real capMm: look.cap_height_mm ?? 4.8

    // -- lengths
    function mm(length: real): int {
        return Math.ceil(length * pixelsPerMm);
    }
    readonly property int target: mm(19)
    readonly property int gap: mm(4) + 1
    readonly property int unit: mm(2.5)
    readonly property int margin: compact ? mm(10) : mm(wide ? 15 : 17)
    readonly property int padding: compact ? mm(7) : mm(11)
    readonly property int radius: mm(5)
    readonly property int drift: mm(10)
    readonly property int hairline: highContrast ? 3 : 2

    // -- text: cap height of Noto Sans CJK SC is 0.733 of the font size
    readonly property real growth: Math.max(0, Math.min(1, (capMm / 4.8 - 1) / 0.875))
    readonly property int small: Math.ceil(capMm * pixelsPerMm / 0.733)
    // Words around the page grow less, so that the page itself has the room.
    readonly property real chromeCapMm: Math.min(capMm, compact ? 5.2 : 6.0)
    readonly property int chrome: Math.ceil(chromeCapMm * pixelsPerMm / 0.733)
    readonly property int body: scaled(compact ? 1.30 : 1.45, compact ? 1.04 : 1.12)
    readonly property int strong: scaled(compact ? 1.40 : 1.62, compact ? 1.08 : 1.2)
    readonly property int title: scaled(compact ? 1.95 : 2.5, compact ? 1.2 : 1.5)
    readonly property int hero: scaled(compact ? 2.4 : 3.3, compact ? 1.3 : 1.7)
    readonly property string family: "Noto Sans CJK SC"

    function scaled(first: real, last: real): int {
        return Math.round(small * (first + (last - first) * growth));
    }

    // -- motion, milliseconds
    readonly property int quick: Math.round(120 * motion)
    readonly property int swift: Math.round(180 * motion)

    // -- colours by role
    readonly property var palettes: ({
        "day": {
            surface: "#F2F5FA", card: "#FFFFFF", line: "#C3CEDF", ink: "#0B1B33", soft: "#1B2940",
            header: "#0B2447", onHeader: "#FFFFFF", softOnHeader: "#D5E2F5", headerLine: "#5C79A6", headerOn: "#D5E2F5", onHeaderOn: "#0B2447",
            primary: "#0A3A82", onPrimary: "#FFFFFF", primaryDown: "#062A62",
            secondary: "#E4ECF7", onSecondary: "#0B2447", secondaryDown: "#D3DFF0", secondaryLine: "#A9BCD8",
            danger: "#7A0A14", onDanger: "#FFFFFF", dangerDown: "#560710",
            help: "#FFB52E", onHelp: "#1C0F00", helpDown: "#FFC861",
            calmFill: "#E4ECF7", calmInk: "#0B2A5C",
            attentionFill: "#FFF1D6", attentionInk: "#4A2C00", attentionMark: "#B86E00",
            successFill: "#DDF3E4", successInk: "#053A1B", successMark: "#0B6B34",
            dangerFill: "#FCE4E4", dangerInk: "#650810", dangerMark: "#A8121E",
            headerSuccess: "#04361A", drawDark: "#16305C", drawMid: "#9DB2D3", drawLight: "#DCE5F2", lamp: "#F5B63C", veil: "#B3081429"
        },
        "night": {
            surface: "#0B111B", card: "#131C2A", line: "#34445C", ink: "#DCE5F2", soft: "#C6D2E3",
            header: "#060B14", onHeader: "#DCE5F2", softOnHeader: "#C6D2E3", headerLine: "#4A5E7D", headerOn: "#C6D2E3", onHeaderOn: "#060B14",
            primary: "#A9C9F5", onPrimary: "#050D1A", primaryDown: "#C6DBF8",
            secondary: "#1A2636", onSecondary: "#DCE5F2", secondaryDown: "#0D1522", secondaryLine: "#50658A",
            danger: "#F2A9A9", onDanger: "#1E0305", dangerDown: "#F8C6C6",
            help: "#F0BC5E", onHelp: "#180D00", helpDown: "#F6D08C",
            calmFill: "#172338", calmInk: "#D3E1F6",
            attentionFill: "#2B2006", attentionInk: "#FFD890", attentionMark: "#E0A83E",
            successFill: "#0D2417", successInk: "#A8E6BE", successMark: "#63BE85",
            dangerFill: "#2C0E10", dangerInk: "#FFC6C6", dangerMark: "#E48080",
            headerSuccess: "#06200F", drawDark: "#7E9BCB", drawMid: "#50658A", drawLight: "#22304A", lamp: "#C99A3F", veil: "#CC000409"
        },
        "high-contrast": {
            surface: "#000000", card: "#000000", line: "#FFFFFF", ink: "#FFFFFF", soft: "#FFFFFF",
            header: "#000000", onHeader: "#FFFFFF", softOnHeader: "#FFFFFF", headerLine: "#FFFFFF", headerOn: "#FFFFFF", onHeaderOn: "#000000",
            primary: "#FFFFFF", onPrimary: "#000000", primaryDown: "#FFFFE4",
            secondary: "#000000", onSecondary: "#FFFFFF", secondaryDown: "#060606", secondaryLine: "#FFFFFF",
            danger: "#FFFFFF", onDanger: "#000000", dangerDown: "#FFFFE4",
            help: "#FFFFE4", onHelp: "#000000", helpDown: "#FFFFFF",
            calmFill: "#000000", calmInk: "#FFFFFF",
            attentionFill: "#000000", attentionInk: "#FFFFE4", attentionMark: "#FFFFE4",
            successFill: "#000000", successInk: "#FFFFFF", successMark: "#FFFFFF",
            dangerFill: "#000000", dangerInk: "#FFFFFF", dangerMark: "#FFFFFF",
            headerSuccess: "#000000", drawDark: "#FFFFFF", drawMid: "#FFFFFF", drawLight: "#080808", lamp: "#FFFFE4", veil: "#E6000000"
        }
    })
    readonly property var colours: palettes[scheme] ?? palettes["day"]

    // Every pair of text and ground that occurs; measured by a test and by the gallery.
    readonly property var pairs: [
        ["ink", "surface"], ["soft", "surface"], ["ink", "card"], ["soft", "card"],
        ["onHeader", "header"], ["softOnHeader", "header"], ["onHeaderOn", "headerOn"], ["onHeader", "headerSuccess"], ["softOnHeader", "headerSuccess"],
        ["onPrimary", "primary"], ["onPrimary", "primaryDown"], ["onSecondary", "secondary"], ["onSecondary", "secondaryDown"],
        ["onDanger", "danger"], ["onDanger", "dangerDown"], ["onHelp", "help"], ["onHelp", "helpDown"],
        ["calmInk", "calmFill"], ["attentionInk", "attentionFill"], ["successInk", "successFill"], ["dangerInk", "dangerFill"],
        ["successInk", "card"], ["attentionInk", "card"], ["dangerInk", "card"], ["calmInk", "card"],
        ["soft", "calmFill"], ["successInk", "calmFill"], ["attentionInk", "calmFill"], ["onSecondary", "calmFill"], ["onSecondary", "card"],
        ["soft", "secondaryDown"], ["ink", "secondaryDown"], ["ink", "drawLight"], ["calmInk", "secondaryDown"],
        ["successInk", "surface"], ["attentionInk", "surface"], ["dangerInk", "surface"], ["calmInk", "surface"]
    ]

    function fill(tone: string): color {
        return colours[tone + "Fill"] ?? colours.calmFill;
    }
    function inkOn(tone: string): color {
        return colours[tone + "Ink"] ?? colours.calmInk;
    }
    function mark(tone: string): color {
        return tone === "calm" ? colours.primary : (colours[tone + "Mark"] ?? colours.primary);
    }
}

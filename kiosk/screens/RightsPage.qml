pragma ComponentBehavior: Bound
import QtQuick
import "components"

// Facts, law, fine, points, rights; then three ways on that weigh what they mean.
Page {
    id: page
    wideShare: 0.36
    atLastSheet: card.atLast
    leadWaits: true
    readonly property bool tight: Theme.wide && Theme.growth > 0.4 || Theme.growth > 0.9
    readonly property var figures: tight ? [] : v.figures ?? []
    // With the largest letters the three figures are rows like the others, still first.
    readonly property var facts: (tight ? (v.figures ?? []).map(figure => ({ "label": figure.label, "value": figure.value + " " + figure.unit, "strong": true })) : []).concat(v.facts ?? [])

    LabelWidth {
        id: labels
        facts: page.facts
    }
    SheetCard {
        id: card
        width: parent.width
        room: parent.height
        beside: Theme.reach && Theme.wide && page.ways.length === 0
        chrome: page.chrome
        inset: Theme.compact ? Theme.padding : Theme.padding * 0.85
        spacing: Theme.unit * (Theme.compact ? 1 : 1.6)

        Grid {
            id: figures
            visible: page.figures.length > 0
            width: parent?.width ?? 0
            columns: Math.max(1, page.figures.length)
            columnSpacing: Theme.gap
            rowSpacing: Theme.unit
            Repeater {
                id: repeated
                model: page.figures.length
                Figure {
                    required property int index
                    width: (figures.width - (figures.columns - 1) * figures.columnSpacing) / figures.columns
                    view: page.figures[index] ?? ({})
                }
            }
        }
        Repeater {
            model: page.facts.length
            FactRow {
                required property int index
                width: parent?.width ?? 0
                view: page.facts[index] ?? ({})
                ruled: true
                labelWidth: labels.widest
            }
        }
        Row {
            visible: articles.visible || photograph.visible
            spacing: Theme.gap
            LocalButton {
                id: articles
                objectName: "articles"
                visible: text !== ""
                text: page.v.articles_label ?? ""
                leading: true
                onTapped: law.open = true
            }
            LocalButton {
                id: photograph
                objectName: "look"
                visible: (page.v.picture ?? "") !== "" && text !== ""
                text: page.v.picture_label ?? ""
                leading: true
                onTapped: large.open = true
            }
        }
        Label {
            width: parent?.width ?? 0
            text: page.v.rights?.heading ?? ""
            bold: true
            readonly property bool heads: true
        }
        Repeater {
            model: (page.v.rights?.paragraphs ?? []).length
            Label {
                required property int index
                width: parent?.width ?? 0
                text: (page.v.rights?.paragraphs ?? [])[index] ?? ""
            }
        }
        Label {
            width: parent?.width ?? 0
            text: page.v.rights?.source ?? ""
            px: Theme.small
            color: Theme.colours.soft
        }
        Label {
            width: parent?.width ?? 0
            text: page.v.terms?.heading ?? ""
            bold: true
            readonly property bool heads: true
        }
        Repeater {
            model: (page.v.terms?.paragraphs ?? []).length
            Label {
                required property int index
                width: parent?.width ?? 0
                text: (page.v.terms?.paragraphs ?? [])[index] ?? ""
            }
        }
        Label {
            width: parent?.width ?? 0
            text: page.v.terms?.source ?? ""
            px: Theme.small
            color: Theme.colours.soft
        }
    }
    Overlay {
        id: law
        parent: page
        chrome: page.chrome
        heading: page.v.articles?.heading ?? ""
        TextSheets {
            anchors.fill: parent
            chrome: page.chrome
            text: page.v.articles ?? ({})
            headed: false
        }
    }
    Overlay {
        id: large
        parent: page
        chrome: page.chrome
        heading: page.v.picture_label ?? ""
        Image {
            anchors.fill: parent
            fillMode: Image.PreserveAspectFit
            sourceSize.width: 1600
            source: large.open && (page.v.picture ?? "") !== "" ? page.v.picture : ""
        }
    }
}

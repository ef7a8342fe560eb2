import QtQuick 2.9

// The ranked alternatives and how to step through them; asks for one to be shown by chosen(index).
Column {
    id: alternatives
    property var rows: []
    property int shown: -1
    signal chosen(int index)

    spacing: 8
    SystemPalette { id: colours }
    Text {
        text: "Alternatives, likeliest first"
        font.pixelSize: 13
        color: colours.windowText
    }
    PanelRanking {
        objectName: "ranking"
        width: parent.width
        rows: alternatives.rows
        shown: alternatives.shown
        onChosen: function (index) { alternatives.chosen(index); }
    }
    Row {
        spacing: 8
        PanelButton {
            objectName: "previous"
            label: "Previous"
            enabled: alternatives.shown > 0
            onClicked: alternatives.chosen(alternatives.shown - 1)
        }
        PanelButton {
            objectName: "next"
            label: "Next"
            enabled: alternatives.shown + 1 < alternatives.rows.length
            onClicked: alternatives.chosen(alternatives.shown + 1)
        }
    }
}

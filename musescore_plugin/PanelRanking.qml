import QtQuick 2.9

// Alternatives, best first; `rows` are [{notes, nll}], `shown` the one that stands in the score, -1 for none.
// The bars tell how likely the others are beside the first, full where they are no less likely.
Item {
    id: ranking
    property var rows: []
    property int shown: -1
    signal chosen(int index)

    implicitHeight: Math.min(8, Math.max(1, rows.length)) * 32 + 2
    implicitWidth: 300
    activeFocusOnTab: true
    Keys.onUpPressed: if (shown > 0) chosen(shown - 1)
    Keys.onDownPressed: if (shown + 1 < rows.length) chosen(shown + 1)
    onShownChanged: if (shown >= 0) list.positionViewAtIndex(shown, ListView.Contain)

    SystemPalette { id: colours }
    Rectangle {
        anchors.fill: parent
        radius: 4
        color: colours.base
        border.width: ranking.activeFocus ? 2 : 1
        border.color: ranking.activeFocus ? colours.highlight : colours.mid
    }
    ListView {
        id: list
        anchors { fill: parent; margins: 1 }
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        model: ranking.rows
        delegate: Rectangle {
            id: row
            objectName: "alternative-" + index
            readonly property bool here: index === ranking.shown
            readonly property color ink: here ? colours.highlightedText : colours.text
            width: list.width
            height: 32
            radius: 3
            color: here ? colours.highlight : "transparent"
            Accessible.role: Accessible.ListItem
            Accessible.name: "Alternative " + (index + 1) + ", " + modelData.notes + " notes"
            Text {
                anchors { left: parent.left; leftMargin: 10; verticalCenter: parent.verticalCenter }
                text: (index + 1) + "."
                font.pixelSize: 13
                font.bold: row.here
                color: row.ink
            }
            Text {
                anchors { left: parent.left; leftMargin: 40; verticalCenter: parent.verticalCenter }
                text: modelData.notes + (modelData.notes === 1 ? " note" : " notes")
                font.pixelSize: 13
                color: row.ink
            }
            Rectangle {
                anchors { right: parent.right; rightMargin: 10; verticalCenter: parent.verticalCenter }
                width: 100
                height: 6
                radius: 3
                color: "transparent"
                border.width: 1
                border.color: row.ink
                opacity: 0.7
                Rectangle {
                    width: parent.width * Math.min(1, Math.exp(ranking.rows[0].nll - modelData.nll))
                    height: parent.height
                    radius: 3
                    color: row.ink
                }
            }
            MouseArea {
                anchors.fill: parent
                onClicked: {
                    ranking.forceActiveFocus();
                    ranking.chosen(index);
                }
            }
        }
    }
}

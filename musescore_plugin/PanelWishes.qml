import QtQuick 2.9
import "sentences.js" as Sentences
import "settings.js" as Settings
import "wishes.js" as Wishes

// What the new notes should be like, as it is remembered; asks for another by changed(name, value), and by freed() that
// all of it is left to the model. `stylesWanted()`: somebody looks at the styles.
Column {
    id: wishes
    property var settings: ({})
    property var styles: []
    signal changed(string name, var value)
    signal freed()
    signal stylesWanted()

    readonly property var widths: [44, 58, 34, 58, 34, 58]  // of a row's cells: its words stand above those of the next

    spacing: 6
    SystemPalette { id: colours }
    Item {
        width: parent.width
        height: 28
        Text {
            anchors { left: parent.left; right: freeing.left; rightMargin: 8; verticalCenter: parent.verticalCenter }
            elide: Text.ElideRight
            text: "Wishes for the new notes"
            font.pixelSize: 13
            font.bold: true
            color: colours.windowText
        }
        PanelButton {
            id: freeing
            objectName: "freeAll"
            anchors.right: parent.right
            label: "Leave all free"
            enabled: !Settings.isFree(wishes.settings)
            onClicked: wishes.freed()
        }
    }
    PanelPick {
        objectName: "style"
        width: parent.width
        label: "Style"
        fieldWidth: 290                    // of the rows below
        options: wishes.styles
        value: wishes.settings.style
        onChosen: function (value) { wishes.changed("style", value); }
        onOpened: wishes.stylesWanted()
    }
    Repeater {
        model: Wishes.ROWS
        PanelChoice {
            objectName: modelData.name
            width: wishes.width
            label: modelData.label
            options: Wishes.cells(modelData, Sentences.LEVELS[modelData.name])
            widths: wishes.widths
            value: Wishes.value(wishes.settings[modelData.name])
            onChosen: function (value) { wishes.changed(modelData.name, Wishes.level(value)); }
        }
    }
}

import QtQuick 2.9

// The options, as they are remembered; asks for another by changed(name, value). For the other signals see PanelWishes.
Column {
    id: options
    property var settings: ({})
    property var models: []
    property var styles: []
    signal changed(string name, var value)
    signal freed()
    signal stylesWanted()

    spacing: 8
    PanelChoice {
        objectName: "mode"
        width: parent.width
        label: "Selected measures"
        options: [{ value: "continue", label: "Continue" }, { value: "replace", label: "Replace" }]
        value: options.settings.mode
        onChosen: function (value) { options.changed("mode", value); }
    }
    PanelChoice {
        objectName: "model"
        width: parent.width
        label: "Model"
        options: options.models
        value: options.settings.model
        onChosen: function (value) { options.changed("model", value); }
    }
    PanelNumber {
        objectName: "alternatives"
        width: parent.width
        label: "Alternatives"
        value: options.settings.alternatives
        least: 1
        most: 8
        onChanged: function (value) { options.changed("alternatives", value); }
    }
    PanelNumber {
        objectName: "temperature"
        width: parent.width
        label: "Temperature (higher is bolder)"
        value: options.settings.temperature
        least: 0.1
        most: 2
        step: 0.1
        digits: 1
        onChanged: function (value) { options.changed("temperature", value); }
    }
    Row {
        spacing: 24
        PanelCheck {
            objectName: "keepRhythm"
            label: "Keep my rhythm"
            checked: options.settings.keepRhythm
            onToggled: function (value) { options.changed("keepRhythm", value); }
        }
        PanelCheck {
            objectName: "ownRange"
            label: "Stay in the staff's range"
            checked: options.settings.ownRange
            onToggled: function (value) { options.changed("ownRange", value); }
        }
    }
    PanelWishes {
        width: parent.width
        settings: options.settings
        styles: options.styles
        onChanged: function (name, value) { options.changed(name, value); }
        onFreed: options.freed()
        onStylesWanted: options.stylesWanted()
    }
}

import QtQuick 2.9
import QtQuick.Window 2.2
import MuseScore 3.0

MuseScore {
    id: root
    menuPath: "Plugins.jaxmuse panel"
    version: "1.0"
    description: "Fill the selected measures with notes, with options and several alternatives to choose from"
    pluginType: "dialog"
    requiresScore: true
    //4.4 title: "jaxmuse panel"
    //4.4 categoryCode: "composing-arranging-tools"
    property alias panel: panel
    width: 400
    height: 540
    implicitWidth: 400
    implicitHeight: 540
    Component.onCompleted: {
        if (mscoreMajorVersion === 4 && mscoreMinorVersion <= 3) {
            root.title = "jaxmuse panel";
            root.categoryCode = "composing-arranging-tools";
        }
    }
    onRun: {
        stayAbove();
        panel.open();
    }
    // Else a click into the score puts the panel behind it
    function stayAbove() {
        var own = root.Window ? root.Window.window : null;
        if (!own)
            return;
        own.flags = own.flags | Qt.WindowStaysOnTopHint;
        own.visibleChanged.connect(function () {
            if (!own.visible)
                panel.leave();  // MuseScore 3 keeps what it only hides
        });
    }
    Keys.onEscapePressed: panel.cancel()

    SystemPalette { id: colours }
    Rectangle {
        anchors.fill: parent
        color: colours.window
    }
    PanelFilling {
        id: panel
        host: root
    }
    PanelOptions {
        id: options
        anchors { left: parent.left; right: parent.right; top: parent.top; margins: 16 }
        visible: panel.stage === "options"
        settings: panel.settings
        models: panel.models
        styles: panel.styles
        onChanged: function (name, value) { panel.change(name, value); }
        onFreed: panel.leaveFree()
        onStylesWanted: panel.findModels()
    }
    PanelProgress {
        id: progress
        anchors { left: parent.left; right: parent.right; top: parent.top; margins: 16 }
        visible: panel.stage === "working"
        label: panel.work
        share: panel.share
    }
    PanelAlternatives {
        id: alternatives
        anchors { left: parent.left; right: parent.right; top: parent.top; margins: 16 }
        visible: panel.stage === "choosing"
        rows: panel.stage === "choosing" ? panel.ranked() : []
        shown: panel.shown
        onChosen: function (index) { panel.show(index); }
    }
    Text {
        anchors {
            left: parent.left; right: parent.right; bottom: buttons.top; margins: 16
            top: options.visible ? options.bottom : progress.visible ? progress.bottom : alternatives.bottom
        }
        verticalAlignment: Text.AlignBottom
        wrapMode: Text.WordWrap
        elide: Text.ElideRight
        textFormat: Text.PlainText
        text: panel.message
        font.pixelSize: 13
        color: colours.windowText
        Accessible.role: Accessible.StaticText
        Accessible.name: text
    }
    Row {
        id: buttons
        anchors { right: parent.right; bottom: parent.bottom; margins: 16 }
        spacing: 8
        PanelButton {
            objectName: "fill"
            visible: panel.stage === "options"
            strong: true
            label: "Fill"
            onClicked: panel.fill()
        }
        PanelButton {
            objectName: "cancel"
            visible: panel.stage === "working"
            label: "Cancel"
            onClicked: panel.cancel()
        }
        PanelButton {
            objectName: "putBack"
            visible: panel.stage === "choosing"
            label: "Put back"
            onClicked: panel.putBack()
        }
        PanelButton {
            objectName: "keep"
            visible: panel.stage === "choosing"
            strong: true
            label: "Keep"
            onClicked: panel.keep()
        }
    }
}

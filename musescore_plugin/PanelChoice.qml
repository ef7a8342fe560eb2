import QtQuick 2.9

// A few options side by side, one of them taken; asks for another by chosen(value). `options` are [{value, label}];
// of one that is `quiet` it is only just seen that it is taken, and `spoken` is what a screen reader says of it.
Item {
    id: choice
    property string label
    property var options: []
    property string value
    property var widths: []                // of the options; without, as their labels need
    signal chosen(string value)

    implicitHeight: 28
    implicitWidth: 300
    activeFocusOnTab: true
    Accessible.role: Accessible.ComboBox
    Accessible.name: label + ", " + spoken()
    Keys.onLeftPressed: move(-1)
    Keys.onRightPressed: move(1)

    function place() {
        for (var i = 0; i < options.length; i++)
            if (options[i].value === value)
                return i;
        return 0;
    }
    function spoken() {
        var taken = options[place()];
        return taken ? taken.spoken || taken.label : value;
    }
    function move(direction) {
        var next = place() + direction;
        if (next >= 0 && next < options.length)
            chosen(options[next].value);
    }

    SystemPalette { id: colours }
    Text {
        anchors { left: parent.left; verticalCenter: parent.verticalCenter }
        text: choice.label
        font.pixelSize: 13
        color: colours.windowText
    }
    Rectangle {
        anchors { right: parent.right; top: parent.top; bottom: parent.bottom }
        width: row.width + 4
        radius: 4
        color: colours.base
        border.width: choice.activeFocus ? 2 : 1
        border.color: choice.activeFocus ? colours.highlight : colours.mid
        Row {
            id: row
            x: 2
            y: 2
            Repeater {
                model: choice.options
                Rectangle {
                    id: option
                    objectName: choice.objectName + "-" + modelData.value
                    readonly property bool taken: modelData.value === choice.value
                    readonly property bool loud: taken && !modelData.quiet
                    width: choice.widths.length > index ? choice.widths[index] : Math.max(64, name.implicitWidth + 20)
                    height: choice.height - 4
                    radius: 3
                    color: loud ? colours.highlight : taken ? colours.button : "transparent"
                    Text {
                        id: name
                        anchors.centerIn: parent
                        text: modelData.label
                        font.pixelSize: 13
                        color: option.loud ? colours.highlightedText : colours.text
                    }
                    MouseArea {
                        anchors.fill: parent
                        onClicked: {
                            choice.forceActiveFocus();
                            choice.chosen(modelData.value);
                        }
                    }
                }
            }
        }
    }
}

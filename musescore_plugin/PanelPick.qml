import QtQuick 2.9

// One of many options, shown in a list that opens below; asks for another by chosen(value). `options` are [{value,
// label}], the first of which is nothing to be seen from afar. `opened()`: the list is looked at, so it had better be new.
Item {
    id: pick
    property string label
    property var options: []
    property string value
    property bool open: false
    property int most: 8                   // options that are seen at once
    property real fieldWidth: 180
    readonly property bool loud: place() !== 0
    signal chosen(string value)
    signal opened()

    implicitHeight: 28
    implicitWidth: 300
    z: open ? 1 : 0
    activeFocusOnTab: true
    onActiveFocusChanged: if (!activeFocus) open = false
    onVisibleChanged: open = false
    onOpenChanged: if (open) opened()
    Accessible.role: Accessible.ComboBox
    Accessible.name: label + ", " + shown.text
    Accessible.onPressAction: pick.open = !pick.open
    Keys.onUpPressed: move(-1)
    Keys.onDownPressed: move(1)
    Keys.onSpacePressed: open = !open
    Keys.onReturnPressed: open = !open
    Keys.onEscapePressed: function (event) {
        event.accepted = open;
        open = false;
    }

    function place() {
        for (var i = 0; i < options.length; i++)
            if (options[i].value === value)
                return i;
        return -1;
    }
    function move(direction) {
        var next = place() + direction;
        if (next >= 0 && next < options.length)
            chosen(options[next].value);
    }
    function labelAt(index) {
        return index >= 0 && index < options.length ? options[index].label : value;
    }

    SystemPalette { id: colours }
    Text {
        anchors { left: parent.left; verticalCenter: parent.verticalCenter }
        text: pick.label
        font.pixelSize: 13
        color: colours.windowText
    }
    MouseArea {
        anchors.fill: parent
        onClicked: {
            pick.forceActiveFocus();
            pick.open = !pick.open;
        }
    }
    Rectangle {
        id: field
        readonly property color ink: pick.loud ? colours.highlightedText : colours.text
        anchors { right: parent.right; top: parent.top; bottom: parent.bottom }
        width: pick.fieldWidth
        radius: 4
        color: pick.loud ? colours.highlight : colours.base
        border.width: pick.activeFocus ? 2 : 1
        border.color: pick.activeFocus ? colours.highlight : colours.mid
        Text {
            id: shown
            anchors { left: parent.left; right: arrow.left; margins: 10; verticalCenter: parent.verticalCenter }
            text: pick.labelAt(pick.place())
            elide: Text.ElideRight
            font.pixelSize: 13
            color: field.ink
        }
        Canvas {
            id: arrow
            readonly property color ink: field.ink
            onInkChanged: requestPaint()
            anchors { right: parent.right; rightMargin: 10; verticalCenter: parent.verticalCenter }
            width: 10
            height: 6
            onPaint: {
                var pen = getContext("2d");
                pen.reset();
                pen.fillStyle = ink;
                pen.beginPath();
                pen.moveTo(0, 0);
                pen.lineTo(10, 0);
                pen.lineTo(5, 6);
                pen.fill();
            }
        }
    }
    MouseArea {  // a click elsewhere
        x: -2000
        y: -2000
        width: 4000
        height: 4000
        visible: pick.open
        onClicked: pick.open = false
    }
    Rectangle {
        anchors { right: field.right; top: field.bottom; topMargin: 2 }
        visible: pick.open
        width: field.width
        height: 26 * Math.min(pick.most, pick.options.length) + 4
        radius: 4
        color: colours.base
        border.width: 1
        border.color: colours.mid
        ListView {
            anchors { fill: parent; margins: 2 }
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            model: pick.options
            currentIndex: pick.place()
            highlightMoveDuration: 0
            delegate: Rectangle {
                id: option
                objectName: pick.objectName + "-" + modelData.value
                readonly property bool taken: modelData.value === pick.value
                width: ListView.view.width
                height: 26
                radius: 3
                color: taken ? colours.highlight : area.containsMouse ? colours.button : "transparent"
                Text {
                    anchors { left: parent.left; right: parent.right; margins: 8; verticalCenter: parent.verticalCenter }
                    text: modelData.label
                    elide: Text.ElideRight
                    font.pixelSize: 13
                    color: option.taken ? colours.highlightedText : colours.text
                }
                MouseArea {
                    id: area
                    anchors.fill: parent
                    hoverEnabled: true
                    onClicked: {
                        pick.open = false;
                        pick.chosen(modelData.value);
                    }
                }
            }
        }
    }
}

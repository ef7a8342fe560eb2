import QtQuick 2.9

// A check box with its label. It shows `checked` and asks for a change by toggled(value).
Item {
    id: check
    property string label
    property bool checked: false
    signal toggled(bool value)

    implicitHeight: 24
    implicitWidth: box.width + 8 + text.implicitWidth
    activeFocusOnTab: true
    Accessible.role: Accessible.CheckBox
    Accessible.name: label
    Accessible.checked: checked
    Accessible.onToggleAction: check.toggled(!check.checked)
    Keys.onSpacePressed: check.toggled(!check.checked)

    SystemPalette { id: colours }
    Rectangle {
        id: box
        width: 16
        height: 16
        radius: 3
        anchors.verticalCenter: parent.verticalCenter
        color: check.checked ? colours.highlight : colours.base
        border.width: check.activeFocus ? 2 : 1
        border.color: check.activeFocus || check.checked ? colours.highlight : colours.mid
        Canvas {
            anchors.fill: parent
            visible: check.checked
            onPaint: {
                var pen = getContext("2d");
                pen.reset();
                pen.strokeStyle = colours.highlightedText;
                pen.lineWidth = 2;
                pen.beginPath();
                pen.moveTo(3.5, 8.5);
                pen.lineTo(6.8, 11.6);
                pen.lineTo(12.5, 4.5);
                pen.stroke();
            }
        }
    }
    Text {
        id: text
        anchors { left: box.right; leftMargin: 8; verticalCenter: parent.verticalCenter }
        text: check.label
        font.pixelSize: 13
        color: colours.windowText
    }
    MouseArea {
        anchors.fill: parent
        onClicked: {
            check.forceActiveFocus();
            check.toggled(!check.checked);
        }
    }
}

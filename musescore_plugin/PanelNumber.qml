import QtQuick 2.9

// A number with its label, made smaller and larger by two buttons or the arrow keys; asks for it by changed(value).
Item {
    id: number
    property string label
    property real value: 0
    property real least: 0
    property real most: 1
    property real step: 1
    property int digits: 0
    signal changed(real value)

    implicitHeight: 28
    implicitWidth: 300
    activeFocusOnTab: true
    Accessible.role: Accessible.SpinBox
    Accessible.name: label + ", " + shown.text
    Keys.onUpPressed: move(1)
    Keys.onDownPressed: move(-1)

    function move(direction) {
        var next = Math.min(most, Math.max(least, value + direction * step));
        changed(Number(next.toFixed(digits)));
    }

    SystemPalette { id: colours }
    Text {
        anchors { left: parent.left; verticalCenter: parent.verticalCenter }
        text: number.label
        font.pixelSize: 13
        color: colours.windowText
    }
    Row {
        anchors { right: parent.right; verticalCenter: parent.verticalCenter }
        spacing: 4
        PanelButton {
            objectName: number.objectName + "Less"
            implicitWidth: 28
            activeFocusOnTab: false
            label: "\u2212"
            enabled: number.value > number.least + number.step / 1000
            onClicked: number.move(-1)
        }
        Rectangle {
            width: 48
            height: 28
            radius: 4
            color: colours.base
            border.width: number.activeFocus ? 2 : 1
            border.color: number.activeFocus ? colours.highlight : colours.mid
            Text {
                id: shown
                anchors.centerIn: parent
                text: number.value.toFixed(number.digits)
                font.pixelSize: 13
                color: colours.text
            }
        }
        PanelButton {
            objectName: number.objectName + "More"
            implicitWidth: 28
            activeFocusOnTab: false
            label: "+"
            enabled: number.value < number.most - number.step / 1000
            onClicked: number.move(1)
        }
    }
}

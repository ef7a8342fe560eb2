import QtQuick 2.9

// A push button. `strong`: the one that Return means.
Rectangle {
    id: button
    property string label
    property bool strong: false
    signal clicked()

    implicitWidth: Math.max(72, Math.ceil(text.implicitWidth) + 28)
    implicitHeight: 28
    radius: 4
    opacity: enabled ? 1 : 0.45
    color: area.pressed ? Qt.darker(face, 1.15) : area.containsMouse ? Qt.lighter(face, 1.06) : face
    border.width: activeFocus ? 2 : 1
    border.color: activeFocus || strong ? colours.highlight : colours.mid
    activeFocusOnTab: true
    Accessible.role: Accessible.Button
    Accessible.name: label
    Accessible.onPressAction: button.clicked()
    Keys.onSpacePressed: button.clicked()
    Keys.onReturnPressed: button.clicked()

    readonly property color face: strong ? colours.highlight : colours.button

    SystemPalette { id: colours }
    Text {
        id: text
        anchors.centerIn: parent
        text: button.label
        font.pixelSize: 13
        color: button.strong ? colours.highlightedText : colours.buttonText
    }
    MouseArea {
        id: area
        anchors.fill: parent
        hoverEnabled: true
        onClicked: {
            button.forceActiveFocus();
            button.clicked();
        }
    }
}

import QtQuick 2.9
import QtQuick.Window 2.2

// A small window that says what happens: a line of text, how far it is, and a button to cancel or close.
// It never takes the keyboard from the score.
Window {
    id: status

    property string text: ""
    property real share: -1                // 0 to 1; below 0: no bar
    property bool busy: true               // the button cancels, else it closes
    signal cancelled()
    signal dismissed()

    function tell(sentence, done) {
        text = sentence;
        share = done;
        visible = true;
    }

    title: "jaxmuse"
    flags: Qt.Tool | Qt.WindowStaysOnTopHint | Qt.WindowDoesNotAcceptFocus
    color: palette.window
    width: 420
    height: column.implicitHeight + 32
    minimumWidth: 420
    minimumHeight: height
    x: Screen.virtualX + Screen.width - width - 48    // where it covers little of the score
    y: Screen.virtualY + Screen.height - height - 96
    onClosing: busy ? cancelled() : dismissed()

    SystemPalette { id: palette }

    Column {
        id: column
        spacing: 12
        anchors { left: parent.left; right: parent.right; top: parent.top; margins: 16 }

        Text {
            width: parent.width
            text: status.text
            textFormat: Text.PlainText
            wrapMode: Text.Wrap
            color: palette.windowText
            font.pixelSize: 14
        }
        Rectangle {
            width: parent.width
            height: 6
            radius: 3
            visible: status.busy && status.share >= 0
            color: palette.mid
            Rectangle {
                width: parent.width * Math.max(0.02, Math.min(1, status.share))
                height: parent.height
                radius: parent.radius
                color: palette.highlight
            }
        }
        Rectangle {
            anchors.right: parent.right
            width: label.implicitWidth + 32
            height: 28
            radius: 4
            color: mouse.pressed ? palette.mid : palette.button
            border { width: 1; color: palette.mid }
            Text {
                id: label
                anchors.centerIn: parent
                text: status.busy ? "Cancel" : "Close"
                color: palette.buttonText
                font.pixelSize: 13
            }
            MouseArea {
                id: mouse
                anchors.fill: parent
                onClicked: status.busy ? status.cancelled() : status.dismissed()
            }
        }
    }
}

import QtQuick 2.9

// A bar for a share from 0 to 1, and what it is about.
Item {
    id: progress
    property string label
    property real share: 0

    implicitHeight: 40
    implicitWidth: 300
    Accessible.role: Accessible.ProgressBar
    Accessible.name: label

    SystemPalette { id: colours }
    Text {
        anchors { left: parent.left; right: percent.left; rightMargin: 8; top: parent.top }
        elide: Text.ElideRight
        text: progress.label
        font.pixelSize: 13
        color: colours.windowText
    }
    Text {
        id: percent
        anchors { right: parent.right; top: parent.top }
        visible: progress.share > 0
        text: Math.round(100 * progress.share) + "%"
        font.pixelSize: 13
        color: colours.windowText
    }
    Rectangle {
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        height: 8
        radius: 4
        color: colours.base
        border.width: 1
        border.color: colours.mid
        Rectangle {
            x: 1
            y: 1
            width: Math.max(0, Math.min(1, progress.share)) * (parent.width - 2)
            height: parent.height - 2
            radius: 3
            color: colours.highlight
            Behavior on width { NumberAnimation { duration: 120 } }
        }
    }
}

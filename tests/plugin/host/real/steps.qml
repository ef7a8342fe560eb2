import QtQuick 2.9
import MuseScore 3.0
import FileIO 3.0
import "steps.js" as Steps

MuseScore {
    id: root
    menuPath: "Plugins.steps"
    FileIO { id: steps; source: Qt.resolvedUrl("steps.json").toString().replace("file://", "") }
    FileIO { id: seen; source: Qt.resolvedUrl("seen.json").toString().replace("file://", "") }
    onRun: {
        seen.write(JSON.stringify(Steps.take(root, JSON.parse(steps.read()))));
        Qt.quit();
    }
}

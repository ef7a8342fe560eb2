import QtQuick 2.9
import MuseScore 3.0

MuseScore {
    id: root
    menuPath: "Plugins.Continue selection"
    description: "Writes notes into the selected empty measures, or goes on after the selected ones"
    version: "1.0"
    requiresScore: true
    //4.4 title: "Continue selection"
    //4.4 categoryCode: "composing-arranging-tools"
    property alias filling: filling
    Component.onCompleted: {
        if (mscoreMajorVersion === 4 && mscoreMinorVersion <= 3) {
            root.title = "Continue selection";
            root.categoryCode = "composing-arranging-tools";
        }
    }
    onRun: filling.fill("continue")
    FillSelection {
        id: filling
        host: root
        onFinished: {
            if (mscoreMajorVersion > 3)  // in MuseScore 3 that would close other plugins' windows
                (typeof(quit) === "undefined" ? Qt.quit : quit)();
        }
    }
}

import QtQuick 2.9
import MuseScore 3.0

MuseScore {
    id: root
    menuPath: "Plugins.Replace selection"
    description: "Writes the selected measures anew"
    version: "1.0"
    requiresScore: true
    //4.4 title: "Replace selection"
    //4.4 categoryCode: "composing-arranging-tools"
    property alias filling: filling
    Component.onCompleted: {
        if (mscoreMajorVersion === 4 && mscoreMinorVersion <= 3) {
            root.title = "Replace selection";
            root.categoryCode = "composing-arranging-tools";
        }
    }
    onRun: filling.fill("replace")
    FillSelection {
        id: filling
        host: root
        onFinished: {
            if (mscoreMajorVersion > 3)  // in MuseScore 3 that would close other plugins' windows
                (typeof(quit) === "undefined" ? Qt.quit : quit)();
        }
    }
}

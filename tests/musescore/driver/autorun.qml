import QtQuick 2.9
import MuseScore 3.0
import "keeper.js" as Keeper

MuseScore {
    menuPath: "Plugins.Driver"
    requiresScore: false
    Component.onCompleted: Keeper.start(Qt.resolvedUrl("worker.qml"))
}

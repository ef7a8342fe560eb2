.pragma library
// A library outlives the plugin that imports it: MuseScore makes every plugin once at start, to read its menu entry,
// and drops it again.
var worker = null;

function start(url) {
    if (worker)
        return;
    var component = Qt.createComponent(url);
    worker = component.createObject(null);
    if (!worker)
        console.log("no driver: " + component.errorString());
}

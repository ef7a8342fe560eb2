// Starts the bridge, where the host can start a program: MuseScore 3 has a type for it.

// -> the process (it has to be kept, or it ends with what holds it), null where there is no such thing.
// `failed()` is called if the program can't be run.
function start(owner, line, failed) {
    var process = null;
    try {
        process = Qt.createQmlObject("import QtQuick 2.9; import MuseScore 3.0; QProcess { }", owner, "process");
    } catch (error) {
        return null;  // MuseScore 4
    }
    process.errorOccurred.connect(failed);
    process.start(line);
    return process;
}

import QtQuick 2.9
import MuseScore 3.0

// Runs what the tests send: asks their server for JavaScript, evaluates it in MuseScore, sends back its value.
MuseScore {
    id: root
    property string server: "http://127.0.0.1:@PORT@"
    property var plugin: null

    function next() {
        var x = new XMLHttpRequest();
        x.onreadystatechange = function () {
            if (x.readyState !== 4)
                return;
            if (x.status !== 200) {
                again.start();
                return;
            }
            var answer;
            try {
                answer = { value: eval("(function () {" + x.responseText + "\n})").call(root) };
            } catch (error) {
                answer = { error: error + "\n" + error.stack };
            }
            root.send(answer);
        };
        x.open("GET", server + "/next");
        x.send();
    }
    function send(answer) {
        var x = new XMLHttpRequest();
        x.onreadystatechange = function () {
            if (x.readyState === 4)
                again.start();
        };
        x.open("POST", server + "/answer");
        x.send(JSON.stringify(answer));
    }
    // What MuseScore does when a menu item is chosen
    function runPlugin(url, patience) {
        var component = Qt.createComponent(url);
        if (component.status !== Component.Ready)
            throw new Error(component.errorString());
        if (plugin)
            plugin.destroy();
        plugin = component.createObject(root);
        for (var name in patience)
            plugin.filling.patience[name] = patience[name];
        curScore.startCmd();
        plugin.run();
        curScore.endCmd();
    }
    Timer { id: again; interval: 1; running: true; onTriggered: root.next() }
}

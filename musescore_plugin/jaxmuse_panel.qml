import QtQuick 2.9
import MuseScore 3.0
import FileIO 3.0
import "alternatives.js" as Alternatives
import "connection.js" as Connection
import "features.js" as Features
import "model_list.js" as ModelList
import "reply.js" as Reply
import "request.js" as Request
import "selection.js" as Selection
import "sentences.js" as Sentences
import "session.js" as Session
import "settings.js" as Settings

MuseScore {
    id: root
    menuPath: "Plugins.jaxmuse panel"
    version: "0.1.0"
    description: "Fill the selected measures with notes, with options and several alternatives to choose from"
    pluginType: "dialog"
    requiresScore: true
    //4.4 title: "jaxmuse panel"
    //4.4 categoryCode: "composing-arranging-tools"

    width: 400
    height: 380
    implicitWidth: 400
    implicitHeight: 380

    property var settings: Settings.defaults()
    property var models: ModelList.options("", settings.model)
    property string stage: "options"  // "working" while the bridge is asked, "choosing" among its alternatives
    property string message
    property var session: null
    property var reply: null
    property var steps: null
    property string before            // fingerprint of the score that was sent
    property double asked: 0          // when, in ms
    property int shown: -1
    property string work
    property real share: 0
    property bool closing: false

    FillSelection {
        id: filling
        host: root
    }
    FileIO {
        id: remembered
        source: filling.folder + "/settings.json"
    }

    Component.onCompleted: {
        if (mscoreMajorVersion === 4 && mscoreMinorVersion <= 3) {
            root.title = "jaxmuse panel";
            root.categoryCode = "composing-arranging-tools";
        }
    }
    Component.onDestruction: leave()

    onRun: {
        settings = filling.settings();
        models = ModelList.options("", settings.model);
        findModels();
    }

    function leave() {
        closing = true;
        if (session)
            session.cancel();
    }

    function newRequest() {
        return closing ? lastRequest() : new XMLHttpRequest();
    }

    // Nothing that comes later is sent any more: the bridge is told at once that nobody waits.
    function lastRequest() {
        var x = new XMLHttpRequest();
        return {
            open: function (method, url) {
                x.open(method, url, false);
            },
            setRequestHeader: function (name, value) {
                x.setRequestHeader(name, value);
            },
            send: function () {
                x.send();
            }
        };
    }

    function sessionTools() {
        return {
            newRequest: newRequest, after: filling.after, forget: filling.forget, now: Date.now,
            startBridge: filling.startBridge, parseConnection: Connection.parse,
            readConnection: function () {
                return filling.readFile("connection.json");
            }
        };
    }

    function findModels() {
        var connection = Connection.parse(filling.readFile("connection.json"));
        ModelList.ask(newRequest, connection, function (text) {
            root.models = ModelList.options(text, root.settings.model);
        });
    }

    function change(name, value) {
        var changed = {};
        for (var each in settings)
            changed[each] = settings[each];
        changed[name] = value;
        settings = Settings.checked(changed);
        Settings.save(remembered, settings);
    }

    function fill() {
        if (stage !== "options")
            return;
        message = "";
        var selected = Selection.readSelection(root, Sentences);
        if (selected.error) {
            message = selected.error;
            return;
        }
        var found = Features.features(root), score = filling.score(found, selected);
        if (!score.musicxml && !score.walk) {
            message = Sentences.NOT_WRITTEN_OUT;
            return;
        }
        before = Selection.fingerprint(root);
        asked = Date.now();
        share = 0;
        work = Sentences.WAITING;
        stage = "working";
        var request = Request.build(score, selected, settings.mode, Settings.requestOptions(settings), Features.client(found));
        session = Session.run(sessionTools(), Sentences, request, Session.PATIENCE, {
            status: function (text, share) {
                root.work = text;
                root.share = share;
            },
            reply: function (reply) {
                root.session = null;
                root.take(reply, found);
            },
            failure: function (sentence) {
                root.session = null;
                root.stage = "options";
                root.message = sentence;
            }
        });
        if (stage !== "working")
            session = null;  // it was over at once
    }

    function take(found, abilities) {
        stage = "options";
        if (!curScore || Selection.fingerprint(root) !== before) {
            message = Sentences.SCORE_CHANGED;
            return;
        }
        if (!Reply.isReply(found, curScore, abilities.fragment)) {
            message = Sentences.GARBAGE;
            return;
        }
        reply = found;
        shown = -1;
        var writer = filling.writer(abilities);
        steps = Alternatives.stepper({
            write: function (index, done) {
                writer.write(root, found, index, done);
            },
            undo: function () {
                root.cmd("undo");
            },
            redo: function () {
                root.cmd("redo");
            },
            mark: function () {
                return Selection.fingerprint(root);
            },
            later: function (callback) {
                filling.after(50, callback);
            }
        });
        stage = "choosing";
        message = [Sentences.finished(found.summary, (Date.now() - asked) / 1000)].concat(found.notices).join("\n");
        show(0);
        findModels();
    }

    function stepped(result) {
        root.shown = result.shown;
        if (!result.ok)
            root.message = result.sentence;
    }

    function show(index) {
        if (stage === "choosing" && index >= 0 && index < reply.alternatives.length)
            steps.show(index, stepped);
    }

    function keep() {
        stage = "options";
        message = shown < 0 ? "Nothing was kept." : "Kept alternative " + (shown + 1) + ". One Ctrl+Z in the score takes it back.";
        steps = null;
    }

    function putBack() {
        steps.putBack(function (result) {
            root.stepped(result);
            if (!result.ok)
                return;
            root.stage = "options";
            root.message = "The score is as it was.";
            root.steps = null;
        });
    }

    function ranked() {
        var rows = [];
        for (var i = 0; reply && i < reply.alternatives.length; i++)
            rows.push({ notes: reply.alternatives[i].note_count, nll: reply.alternatives[i].nll });
        return rows;
    }

    Keys.onEscapePressed: {
        if (session)
            session.cancel();
    }

    SystemPalette {
        id: colours
    }
    Rectangle {
        anchors.fill: parent
        color: colours.window
    }
    Column {
        id: options
        anchors { left: parent.left; right: parent.right; top: parent.top; margins: 16 }
        spacing: 8
        visible: root.stage === "options"
        PanelChoice {
            objectName: "mode"
            width: parent.width
            label: "Selected measures"
            options: [{ value: "continue", label: "Continue" }, { value: "replace", label: "Replace" }]
            value: root.settings.mode
            onChosen: function (value) { root.change("mode", value); }
        }
        PanelChoice {
            objectName: "model"
            width: parent.width
            label: "Model"
            options: root.models
            value: root.settings.model
            onChosen: function (value) { root.change("model", value); }
        }
        PanelNumber {
            objectName: "alternatives"
            width: parent.width
            label: "Alternatives"
            value: root.settings.alternatives
            least: 1
            most: 16
            onChanged: function (value) { root.change("alternatives", value); }
        }
        PanelNumber {
            objectName: "temperature"
            width: parent.width
            label: "Temperature (higher is bolder)"
            value: root.settings.temperature
            least: 0.1
            most: 2
            step: 0.1
            digits: 1
            onChanged: function (value) { root.change("temperature", value); }
        }
        PanelCheck {
            objectName: "keepRhythm"
            width: parent.width
            label: "Keep my rhythm"
            checked: root.settings.keepRhythm
            onToggled: function (value) { root.change("keepRhythm", value); }
        }
        PanelCheck {
            objectName: "ownRange"
            width: parent.width
            label: "Stay in the staff's range"
            checked: root.settings.ownRange
            onToggled: function (value) { root.change("ownRange", value); }
        }
    }
    PanelProgress {
        id: progress
        anchors { left: parent.left; right: parent.right; top: parent.top; margins: 16 }
        visible: root.stage === "working"
        label: root.work
        share: root.share
    }
    Column {
        id: choosing
        anchors { left: parent.left; right: parent.right; top: parent.top; margins: 16 }
        spacing: 8
        visible: root.stage === "choosing"
        Text {
            text: "Alternatives, likeliest first"
            font.pixelSize: 13
            color: colours.windowText
        }
        PanelRanking {
            objectName: "ranking"
            width: parent.width
            rows: root.stage === "choosing" ? root.ranked() : []
            shown: root.shown
            onChosen: function (index) { root.show(index); }
        }
        Row {
            spacing: 8
            PanelButton {
                objectName: "previous"
                label: "Previous"
                enabled: root.shown > 0
                onClicked: root.show(root.shown - 1)
            }
            PanelButton {
                objectName: "next"
                label: "Next"
                enabled: !!root.reply && root.shown + 1 < root.reply.alternatives.length
                onClicked: root.show(root.shown + 1)
            }
        }
    }
    Text {
        objectName: "message"
        anchors {
            left: parent.left; right: parent.right; bottom: buttons.top; margins: 16
            top: root.stage === "options" ? options.bottom : root.stage === "working" ? progress.bottom : choosing.bottom
        }
        verticalAlignment: Text.AlignBottom
        wrapMode: Text.WordWrap
        elide: Text.ElideRight
        text: root.message
        font.pixelSize: 13
        color: colours.windowText
        Accessible.role: Accessible.StaticText
        Accessible.name: text
    }
    Row {
        id: buttons
        anchors { right: parent.right; bottom: parent.bottom; margins: 16 }
        spacing: 8
        PanelButton {
            objectName: "fill"
            visible: root.stage === "options"
            strong: true
            label: "Fill"
            onClicked: root.fill()
        }
        PanelButton {
            objectName: "cancel"
            visible: root.stage === "working"
            label: "Cancel"
            onClicked: root.session.cancel()
        }
        PanelButton {
            objectName: "putBack"
            visible: root.stage === "choosing"
            label: "Put back"
            onClicked: root.putBack()
        }
        PanelButton {
            objectName: "keep"
            visible: root.stage === "choosing"
            strong: true
            label: "Keep"
            onClicked: root.keep()
        }
    }
}

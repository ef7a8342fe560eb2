import QtQuick 2.9
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

// What the panel does: remembers options, asks for alternatives, steps through them in the score. `host` is the
// plugin's root object; the panel shows what is here.
Item {
    id: panel

    property var host: null
    property var settings: Settings.defaults()
    property string listed            // what the bridge said of its models, "" before
    property var models: []
    property var styles: []
    property string stage: "options"  // "working" while the bridge is asked, "choosing" among its alternatives
    property string message
    property var session: null
    property var reply: null
    property var steps: null
    property string before            // fingerprint of the score that was sent
    property double asked: 0          // when, in ms
    property double took: 0           // seconds until the reply
    property int shown: -1
    property string work
    property real share: 0
    property bool closing: false

    FillSelection {
        id: filling
        host: panel.host
    }
    FileIO {
        id: remembered
        source: filling.folder + "/settings.json"
    }

    Component.onDestruction: leave()

    function open() {
        settings = filling.settings();
        list();
        findModels();
    }

    function list() {
        models = ModelList.options(listed, settings.model);
        styles = ModelList.styles(listed, settings.model, settings.style);
    }

    function cancel() {
        if (session)
            session.cancel();
    }

    function leave() {
        closing = true;
        cancel();
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
            if (text === panel.listed)
                return;
            panel.listed = text;
            panel.list();
        });
    }

    function change(name, value) {
        var changed = {};
        for (var each in settings)
            changed[each] = settings[each];
        changed[name] = value;
        remember(Settings.checked(changed));
        if (name === "model")
            styles = ModelList.styles(listed, settings.model, settings.style);
    }

    function leaveFree() {
        remember(Settings.freed(settings));
    }

    function remember(options) {
        settings = options;
        Settings.save(remembered, settings);
    }

    function say(sentence) {
        session = null;
        stage = "options";
        message = sentence;
    }

    function fill() {
        if (stage !== "options")
            return;
        message = "";
        try {
            ask();
        } catch (error) {
            say(Sentences.broken(error));
        }
    }

    function ask() {
        var selected = Selection.readSelection(host, Sentences);
        if (selected.error) {
            message = selected.error;
            return;
        }
        var found = Features.features(host), score = filling.score(found, selected);
        if (!score.musicxml && !score.walk) {
            message = Sentences.NOT_WRITTEN_OUT;
            return;
        }
        before = Selection.fingerprint(host);
        asked = Date.now();
        share = 0;
        work = Sentences.WAITING;
        stage = "working";
        var request = Request.build(score, selected, settings.mode, Settings.requestOptions(settings), Features.client(found));
        session = Session.run(sessionTools(), Sentences, request, Session.PATIENCE, {
            status: function (text, share) {
                panel.work = text;
                panel.share = share;
            },
            reply: function (reply) {
                panel.session = null;
                panel.take(reply, found);
            },
            failure: say
        });
        if (stage !== "working")
            session = null;  // it was over at once
    }

    function take(found, abilities) {
        if (closing)
            return;
        if (!host.curScore || Selection.fingerprint(host) !== before) {
            say(Sentences.SCORE_CHANGED);
            return;
        }
        if (!Reply.isReply(found, host.curScore, abilities.fragment)) {
            say(Sentences.GARBAGE);
            return;
        }
        reply = found;
        shown = -1;
        var writer = filling.writer(abilities, settings.mode);
        steps = Alternatives.stepper({
            write: function (index, done) {
                writer.write(host, found, index, done);
            },
            undo: function () {
                panel.host.cmd("undo");
            },
            redo: function () {
                panel.host.cmd("redo");
            },
            mark: function () {
                return Selection.fingerprint(host);
            },
            later: function (callback) {
                filling.after(50, callback);
            }
        });
        stage = "choosing";
        took = (Date.now() - asked) / 1000;
        show(0);
        findModels();
    }

    function stepped(result) {
        panel.shown = result.shown;
        if (!result.ok)
            panel.message = result.sentence;
        else if (result.shown > 0)
            panel.message = Sentences.alternative(result.shown + 1, panel.reply, took);
        else if (result.shown === 0)
            panel.message = [Sentences.finished(panel.reply.summary, took)].concat(panel.reply.notices).join("\n");
    }

    function show(index) {
        if (stage === "choosing" && index >= 0 && index < reply.alternatives.length)
            steps.show(index, stepped);
    }

    function keep() {
        steps = null;
        say(shown < 0 ? "Nothing was kept." : "Kept alternative " + (shown + 1) + ". One Ctrl+Z in the score takes it back.");
    }

    function putBack() {
        steps.putBack(function (result) {
            panel.stepped(result);
            if (!result.ok)
                return;
            panel.steps = null;
            panel.say("The score is as it was.");
        });
    }

    function ranked() {
        var rows = [];
        for (var i = 0; reply && i < reply.alternatives.length; i++)
            rows.push({ notes: reply.alternatives[i].note_count, nll: reply.alternatives[i].nll });
        return rows;
    }
}

import QtQuick 2.9
import FileIO 3.0
import "connection.js" as Connection
import "cursor_check.js" as CursorCheck
import "cursor_clear.js" as CursorClear
import "cursor_writer.js" as CursorWriter
import "features.js" as Features
import "latest.js" as Latest
import "markings.js" as Markings
import "navigation.js" as Navigation
import "paste_writer.js" as PasteWriter
import "process.js" as Process
import "reply.js" as Reply
import "request.js" as Request
import "selection.js" as Selection
import "sentences.js" as Sentences
import "session.js" as Session
import "settings.js" as Settings
import "walk.js" as Walk

// What both menu items do: read the selection, ask the bridge, write its reply. `host` is the plugin's root object.
Item {
    id: filling

    property var host: null
    property string folder: Connection.localPath(Qt.resolvedUrl("."))
    property string mode: "continue"
    property string stage: ""              // "", asking, done, failed: what became of it
    property string sentence: ""           // the last one that was shown
    property string asSet: ""              // which remembered options it follows, where that may surprise
    property var patience: Session.PATIENCE
    property var seconds: ({})             // read, request, write, total
    property int lingers: 1500             // ms that the window stays after success
    property int quicklyRead: 200          // measures: of a longer score the window says that it is read
    property var session: null
    property var process: null
    property var reading: null             // the timer after which a long score is read
    signal finished()                      // the window is closed, there is nothing more to do

    FileIO { id: file }
    StatusWindow {
        id: status
        onCancelled: filling.cancel()
        onDismissed: filling.leave()
    }
    Timer { id: leaving; onTriggered: filling.leave() }
    Component { id: timers; Timer { } }

    function after(ms, callback) {
        var timer = timers.createObject(filling, { interval: ms });
        timer.triggered.connect(function () {
            timer.destroy();
            callback();
        });
        timer.start();
        return timer;
    }
    function forget(timer) {
        if (timer) {
            timer.stop();
            timer.destroy();
        }
    }
    function readFile(name) {
        file.source = filling.folder + "/" + name;
        return file.exists() ? file.read() : "";
    }
    function settings() {
        return Settings.load({ read: function () { return filling.readFile("settings.json"); } });
    }
    function tell(text, share) {
        sentence = text;
        status.tell(text, share);
    }
    function withAsSet(sentences) {
        return sentences.concat(asSet || []).join("\n");
    }
    function fail(text) {
        session = null;
        stage = "failed";
        status.busy = false;
        tell(text, -1);
    }
    function leave() {
        Latest.forget(giveWay);
        forget(reading);
        reading = null;
        leaving.stop();
        status.visible = false;
        finished();
    }
    // To a later run: an error that stands there would look like its result
    function giveWay() {
        if (session)
            cancel();
        else
            leave();
    }
    function cancel() {
        if (session)
            session.cancel();
        leave();
    }
    // Where this host can start a program: tries to start the bridge
    function startBridge(words, failed) {
        process = Process.start(filling, Connection.commandLine(words), failed);
        return process !== null;
    }

    function score(abilities, selected) {
        if (abilities.fragment)
            return { musicxml: Request.musicxml(host, file, folder + "/jaxmuse-score.musicxml") };
        return { walk: Walk.readWalk(host, selected) };
    }
    function writer(abilities, how) {
        if (!abilities.fragment)
            return CursorWriter.writer(CursorClear, CursorCheck, how === "replace" ? "Replace selection" : "Continue selection");
        return PasteWriter.writer({
            measures: Selection.measures, range: Selection.range, select: Navigation.select,
            find: Markings.find, moveTo: Markings.moveTo, freeVoice: Markings.freeVoice,
            file: file, folder: folder, sentences: Sentences
        });
    }

    function fill(how) {
        var started = Date.now();
        mode = how;
        stage = "asking";
        Latest.take(giveWay);
        var selected = Selection.readSelection(host, Sentences);
        if (selected.error) {
            fail(selected.error);
            return;
        }
        tell(Sentences.READING, 0);
        if (host.curScore.nmeasures <= quicklyRead) {
            tryToAsk(how, selected, started);
            return;
        }
        reading = after(100, function () {
            filling.reading = null;
            filling.tryToAsk(how, selected, started);
        });
    }

    function tryToAsk(how, selected, started) {
        try {
            ask(how, selected, started);
        } catch (error) {
            fail(Sentences.broken(error));
        }
    }

    function ask(how, selected, started) {
        var abilities = Features.features(host), content = score(abilities, selected), before = Selection.fingerprint(host);
        if (!content.musicxml && !content.walk) {
            fail(Sentences.NOT_WRITTEN_OUT);
            return;
        }
        var remembered = settings();
        asSet = Sentences.asSet(remembered, Settings.defaults());
        var options = Settings.requestOptions(remembered, 1);
        var request = Request.build(content, selected, how, options, Features.client(abilities));
        var read = Date.now();
        session = Session.run({
            newRequest: function () { return new XMLHttpRequest(); },
            after: after, forget: forget, now: Date.now, startBridge: startBridge,
            readConnection: function () { return filling.readFile("connection.json"); },
            parseConnection: Connection.parse
        }, Sentences, request, patience, {
            status: function (text, share) {
                filling.tell(filling.withAsSet([text]), share);
            },
            failure: fail,
            reply: function (reply) {
                var answered = Date.now();
                filling.write(reply, abilities, selected, before, function (result) {
                    var end = Date.now();
                    filling.seconds = {
                        read: (read - started) / 1000, request: (answered - read) / 1000,
                        write: (end - answered) / 1000, total: (end - started) / 1000
                    };
                    filling.conclude(reply, result);
                });
            }
        });
    }

    function write(reply, abilities, selected, before, done) {
        session = null;
        try {
            writeIfSame(reply, abilities, selected, before, done);
        } catch (error) {
            done({ ok: false, sentence: Sentences.broken(error) });
        }
    }

    function writeIfSame(reply, abilities, selected, before, done) {
        var now = Selection.readSelection(host, Sentences);
        var same = !now.error && Navigation.isRange(now, selected) && Selection.fingerprint(host) === before;
        if (!same)
            done({ ok: false, sentence: Sentences.SCORE_CHANGED });
        else if (!Reply.isReply(reply, host.curScore, abilities.fragment))
            done({ ok: false, sentence: Sentences.GARBAGE });
        else
            writer(abilities, mode).write(host, reply, 0, done);
    }

    function conclude(reply, result) {
        if (!result.ok) {
            fail(result.sentence);
            return;
        }
        stage = "done";
        status.busy = false;
        tell(withAsSet([Sentences.finished(reply.summary, seconds.total)].concat(reply.notices)), -1);
        leaving.interval = lingers + 4000 * reply.notices.length + (asSet ? 1500 : 0);
        leaving.start();
    }
}

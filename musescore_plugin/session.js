// One request to the bridge, from asking to its reply: starts the bridge where it isn't running, follows the job,
// cancels, and gives up in time. Knows nothing of scores.
//
// tools: {newRequest() -> XMLHttpRequest, after(ms, callback) -> ticket, forget(ticket), now() -> ms,
//         readConnection() -> text, parseConnection(text) -> {base, token, start, say} or null,
//         startBridge(words, failed) -> whether that could be tried (failed() is called if it didn't work out)}
// patience: ms: {answer: for one answer, starting: for a bridge to start, denied: for one of our own where another
//         listens, stall: without any progress, poll: between two looks}
// on: {status(text, share), reply(reply), failure(sentence)}; the last two end the session.

var PATIENCE = { answer: 20000, starting: 90000, denied: 5000, stall: 180000, poll: 150 };
var REFUSED = 0;
var SILENT = -1;
var DENIED = 401;
var MOST_LOST = 3;  // polls in a row without an answer until the bridge counts as gone

function parsed(text) {
    try {
        return JSON.parse(text);
    } catch (error) {
        return null;
    }
}

function run(tools, sentences, request, patience, on) {
    var body = JSON.stringify(request);
    var connection = null, pending = null, guard = null, ticket = null, job = "", over = false, lost = 0;
    var startedBridge = 0;     // when the bridge was started by us, 0 if it wasn't
    var share = -1, state = "", moved = tools.now();

    function later(ms, callback) {
        ticket = tools.after(ms, function () {
            ticket = null;
            if (!over)
                callback();
        });
    }

    function close() {
        over = true;
        if (ticket !== null)
            tools.forget(ticket);
        if (guard !== null)
            tools.forget(guard);
        ticket = guard = null;
        if (pending)
            pending.abort();
        pending = null;
    }

    function fail(sentence) {
        if (over)
            return;
        close();
        on.failure(sentence);
    }

    // Calls answered(status, text) once: REFUSED where nobody listens, SILENT where no answer came in time.
    function call(method, path, text, answered) {
        var x = tools.newRequest(), settled = false;
        guard = tools.after(patience.answer, function () {
            settle(SILENT, "");
            x.abort();
        });
        function settle(status, reply) {
            settled = true;
            tools.forget(guard);
            guard = pending = null;
            answered(status, reply);
        }
        x.onreadystatechange = function () {
            if (x.readyState === 4 && !settled && !over)  // an aborted one has no status
                settle(x.status, x.responseText);
        };
        x.open(method, connection.base + path);
        x.setRequestHeader("Authorization", "Bearer " + connection.token);
        if (text)
            x.setRequestHeader("Content-Type", "application/json");
        pending = x;
        x.send(text);
    }

    function failBy(status, text) {
        var problem = parsed(text);
        if (problem && typeof problem.message === "string")
            fail(sentences.ofProblem(problem));
        else
            fail(status === SILENT ? sentences.tooSlow(patience.answer / 1000) : sentences.ofStatus(status));
    }

    function ask() {
        connection = tools.parseConnection(tools.readConnection());
        if (!connection) {
            fail(sentences.NO_CONNECTION);
            return;
        }
        call("POST", "/v1/jobs", body, function (status, text) {
            if (status === REFUSED)
                start(patience.starting, sentences.notRunning(connection.say), sentences.notStarted(connection.say));
            else if (status === DENIED)  // perhaps another user's bridge
                start(patience.denied, sentences.WRONG_TOKEN, sentences.WRONG_TOKEN);
            else if (status >= 200 && status < 300)
                follow(parsed(text));
            else
                failBy(status, text);
        });
    }

    // Starts a bridge, or waits for the one that was started, and asks again; else says `never` or `failed`
    function start(most, never, failed) {
        if (startedBridge > 0) {
            if (tools.now() - startedBridge > most)
                fail(failed);
            else
                later(2 * patience.poll, ask);
            return;
        }
        startedBridge = tools.now();
        var tried = connection.start.length > 0 && tools.startBridge(connection.start, function () {
            fail(sentences.notStarted(connection.say));
        });
        if (over)
            return;
        if (!tried) {
            fail(never);
            return;
        }
        on.status(sentences.STARTING, 0);
        later(2 * patience.poll, ask);
    }

    // What the job is: goes on, or ends the session
    function follow(found) {
        if (!found || typeof found.id !== "string" || typeof found.state !== "string") {
            fail(sentences.GARBAGE);
        } else if (found.state === "done") {
            close();
            on.reply(found.reply);
        } else if (found.state === "failed" && found.problem) {
            fail(sentences.ofProblem(found.problem));
        } else if (found.state === "cancelled") {
            fail(sentences.CANCELLED);
        } else if (found.state === "queued" || found.state === "running") {
            wait(found);
        } else {
            fail(sentences.GARBAGE);
        }
    }

    function wait(found) {
        var now = tools.now(), progress = Math.max(0, Math.min(1, Number(found.progress) || 0));
        job = found.id;
        if (progress !== share || found.state + found.position !== state)
            moved = now;
        share = progress;
        state = found.state + found.position;
        if (now - moved > patience.stall) {
            abandon();
            fail(sentences.tooSlow(patience.stall / 1000));
            return;
        }
        on.status(found.state === "queued" ? sentences.WAITING : share > 0 ? sentences.FILLING : sentences.LOADING, share);
        later(patience.poll, poll);
    }

    function poll() {
        call("GET", "/v1/jobs/" + job, null, function (status, text) {
            if (status === REFUSED || status === SILENT) {
                lost += 1;
                if (lost < MOST_LOST) {
                    later(patience.poll, poll);
                    return;
                }
                abandon();
                fail(sentences.BRIDGE_LOST);
                return;
            }
            lost = 0;
            if (status === 404)
                fail(sentences.BRIDGE_LOST);
            else if (status >= 200 && status < 300)
                follow(parsed(text));
            else
                failBy(status, text);
        });
    }

    // Tells the bridge that nobody waits for the job; its answer doesn't matter.
    function abandon() {
        if (job === "" || !connection)
            return;
        var x = tools.newRequest();
        x.open("DELETE", connection.base + "/v1/jobs/" + job);
        x.setRequestHeader("Authorization", "Bearer " + connection.token);
        x.send();
    }

    function cancel() {
        if (over)
            return;
        abandon();
        fail(sentences.CANCELLED);
    }

    ask();
    return { cancel: cancel };
}

if (typeof module !== "undefined")
    module.exports = { run: run, PATIENCE: PATIENCE };

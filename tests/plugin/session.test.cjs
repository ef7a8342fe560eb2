const test = require("node:test");
const assert = require("node:assert/strict");
const { run } = require("../../musescore_plugin/session.js");
const { parse } = require("../../musescore_plugin/connection.js");
const sentences = require("../../musescore_plugin/sentences.js");

const PATIENCE = { answer: 1000, starting: 5000, denied: 2000, stall: 4000, poll: 100 };
const DOWN = { status: 0, text: "" };
const NEVER = null;
const ok = (body, status = 200) => ({ status, text: typeof body === "string" ? body : JSON.stringify(body) });
const job = (state, more = {}) => ok({ id: "j1", state, position: 0, progress: 0, ...more });
const denied = ok({ code: "unauthorized", message: "the token is wrong", fix: "Install." }, 401);

// A world with its own clock, where answers(method, path, count) says what the bridge does.
function world(answers, { start = ["python"], startBridge = () => true, connection } = {}) {
  const seen = { calls: [], said: [], reply: undefined, failure: undefined, started: 0, aborted: 0 };
  let now = 0, tickets = [], settings = connection || { version: 1, host: "127.0.0.1", port: 9, token: "t", start, say: "jaxmuse serve" };
  const after = (ms, callback) => { const ticket = { at: now + ms, callback }; tickets.push(ticket); return ticket; };
  const forget = (ticket) => { tickets = tickets.filter((other) => other !== ticket); };
  const newRequest = () => {
    const x = { headers: {}, readyState: 0 };
    x.open = (method, url) => { x.method = method; x.path = url.replace("http://127.0.0.1:9", ""); };
    x.setRequestHeader = (name, value) => { x.headers[name] = value; };
    x.abort = () => { seen.aborted += 1; };
    x.send = (body) => {
      seen.calls.push(x.method + " " + x.path);
      seen.headers = x.headers;
      if (body) seen.body = JSON.parse(body);
      const answer = answers(x.method, x.path, seen.calls.length);
      if (answer === NEVER) return;
      after(5, () => { Object.assign(x, { readyState: 4, status: answer.status, responseText: answer.text }); if (x.onreadystatechange) x.onreadystatechange(); });
    };
    return x;
  };
  const session = run(
    { newRequest, after, forget, now: () => now, readConnection: () => (typeof settings === "string" ? settings : JSON.stringify(settings)), parseConnection: parse, startBridge: (words, failed) => { seen.started += 1; seen.words = words; return startBridge(failed); } },
    sentences, { selection: 1 }, PATIENCE,
    { status: (text, share) => seen.said.push([text, share]), reply: (reply) => { seen.reply = reply; }, failure: (sentence) => { assert.equal(seen.failure, undefined); seen.failure = sentence; } },
  );
  const go = (ms) => {
    for (const end = now + ms; ;) {
      const next = tickets.filter((ticket) => ticket.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) { now = end; return seen; }
      forget(next);
      now = next.at;
      next.callback();
    }
  };
  return { seen, go, session, waiting: () => tickets.length };
}

test("asks, follows the job, hands over its reply", () => {
  const steps = [ok({ id: "j1", state: "queued", position: 1, progress: 0 }, 202), job("running"), job("running", { progress: 0.4 }), job("done", { reply: { version: 1 } })];
  const w = world((method, path, count) => steps[count - 1]), seen = w.go(2000);
  assert.deepEqual(seen.calls, ["POST /v1/jobs", "GET /v1/jobs/j1", "GET /v1/jobs/j1", "GET /v1/jobs/j1"]);
  assert.deepEqual(seen.body, { selection: 1 });
  assert.equal(seen.headers.Authorization, "Bearer t");
  assert.deepEqual(seen.said, [[sentences.WAITING, 0], [sentences.LOADING, 0], [sentences.FILLING, 0.4]]);
  assert.deepEqual([seen.reply, seen.failure, w.waiting()], [{ version: 1 }, undefined, 0]);
});

test("starts the bridge, once, and waits for it", () => {
  const w = world((method, path, count) => (count < 5 ? DOWN : job("done", { reply: 7 }))), seen = w.go(3000);
  assert.deepEqual([seen.started, seen.words, seen.reply], [1, ["python"], 7]);
  assert.deepEqual(seen.said[0], [sentences.STARTING, 0]);
});

test("gives up on a bridge that doesn't start", () => {
  const seen = world(() => DOWN).go(20000);
  assert.deepEqual([seen.started, seen.failure], [1, sentences.notStarted("jaxmuse serve")]);
});

test("says what to type where nothing can be started", () => {
  assert.equal(world(() => DOWN, { start: [] }).go(500).failure, sentences.notRunning("jaxmuse serve"));
  assert.equal(world(() => DOWN, { startBridge: () => false }).go(500).failure, sentences.notRunning("jaxmuse serve"));
  assert.equal(world(() => DOWN, { startBridge: (failed) => { failed(); return true; } }).go(500).failure, sentences.notStarted("jaxmuse serve"));
});

test("where another bridge listens, ours is started", () => {
  const w = world((method, path, count) => (count < 3 ? denied : job("done", { reply: 7 }))), seen = w.go(3000);
  assert.deepEqual([seen.started, seen.reply], [1, 7]);
  assert.equal(world(() => denied).go(20000).failure, sentences.WRONG_TOKEN);
  assert.equal(world(() => denied, { start: [] }).go(100).failure, sentences.WRONG_TOKEN);
});

test("without connection.json it says how to get one", () => {
  const seen = world(() => DOWN, { connection: "{" }).go(100);
  assert.deepEqual([seen.failure, seen.calls], [sentences.NO_CONNECTION, []]);
});

test("errors of the bridge in its own words", () => {
  const full = ok({ code: "queue_full", message: "eight requests wait", fix: "Try again in a moment." }, 429);
  assert.equal(world(() => full).go(100).failure, "Eight requests wait. Try again in a moment.");
  assert.equal(world(() => ok("<html>", 502)).go(100).failure, sentences.ofStatus(502));
  const failed = world((method) => (method === "POST" ? job("running") : job("failed", { problem: { message: "no room", fix: "Select more." } }))).go(500);
  assert.equal(failed.failure, "No room. Select more.");
});

test("answers that aren't any", () => {
  for (const answer of [ok("hm"), ok("null"), ok({}), ok({ id: 1, state: "done" }), ok({ id: "a", state: "odd" }), ok({ id: "a", state: "failed" })])
    assert.equal(world(() => answer).go(100).failure, sentences.GARBAGE, answer.text);
});

test("gives up where no answer comes, and lets go of the connection", () => {
  const w = world(() => NEVER), seen = w.go(5000);
  assert.deepEqual([seen.failure, seen.aborted, w.waiting()], [sentences.tooSlow(1), 1, 0]);
});

test("a bridge that vanishes, for a moment or for good", () => {
  const back = world((method, path, count) => (method === "POST" ? job("running") : count < 4 ? DOWN : job("done", { reply: 7 })));
  assert.equal(back.go(2000).reply, 7);
  assert.equal(world((method) => (method === "POST" ? job("running") : DOWN)).go(5000).failure, sentences.BRIDGE_LOST);
  assert.equal(world((method) => (method === "POST" ? job("running") : ok("{}", 404))).go(5000).failure, sentences.BRIDGE_LOST);
});

test("a job that stands still is given up and deleted; one that moves isn't", () => {
  const still = world(() => job("running", { progress: 0.3 })).go(10000);
  assert.equal(still.failure, sentences.tooSlow(4));
  assert.equal(still.calls[still.calls.length - 1], "DELETE /v1/jobs/j1");
  let progress = 0;
  const slow = world(() => job("running", { progress: Math.min(1, (progress += 0.001)) })).go(10000);
  assert.equal(slow.failure, undefined);
});

test("cancelling deletes the job, says so once, and nothing comes afterwards", () => {
  const w = world(() => job("running", { progress: 0.3 }));
  w.go(300);
  w.session.cancel();
  w.session.cancel();
  const seen = w.go(5000);
  assert.equal(seen.failure, sentences.CANCELLED);
  assert.equal(seen.calls.filter((call) => call.startsWith("DELETE")).length, 1);
  assert.equal(seen.calls[seen.calls.length - 1], "DELETE /v1/jobs/j1");
});

test("cancelled before the bridge answered", () => {
  const w = world(() => NEVER);
  w.session.cancel();
  const seen = w.go(5000);
  assert.deepEqual([seen.failure, seen.calls, seen.aborted], [sentences.CANCELLED, ["POST /v1/jobs"], 1]);
});

test("what an alternative repeats of the training music is said with it", () => {
  const reply = { where: "measure 9", alternatives: [{ note_count: 1 }, { note_count: 4, warning: "Check." }, { note_count: 4, warning: null }] };
  const said = [1, 2, 3].map((number) => sentences.alternative(number, reply, 2));
  assert.deepEqual(said.map((each) => each.split("\n").slice(1)), [[], ["Check."], []]);
  assert.match(said[1], /^Alternative 2, measure 9: 4 notes/);
});

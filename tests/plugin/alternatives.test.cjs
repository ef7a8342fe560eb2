const test = require("node:test");
const assert = require("node:assert/strict");
const { stepper } = require("../../musescore_plugin/alternatives.js");

// A score that is a list of texts, with an undo log; `options` make it misbehave.
function desk(options = {}) {
  const desk = { score: "old", past: [], future: [], writes: 0, waiting: [] };
  desk.edit = (score) => { desk.past.push(desk.score); desk.score = score; desk.future = []; };
  const undo = () => { desk.future.push(desk.score); desk.score = desk.past.pop(); };
  desk.tools = {
    mark: () => desk.score,
    write: (index, done) => {
      desk.writes += 1;
      if (options.fails === index) return done({ ok: false, sentence: "no" });
      desk.edit("alternative " + index);
      done({ ok: true, notes: 1 });
    },
    undo: () => { if (options.deaf) return; if (options.slow) desk.waiting.push(undo); else undo(); },
    redo: () => { desk.past.push(desk.score); desk.score = desk.future.pop(); },
    later: (callback) => { const due = desk.waiting.shift(); if (due) due(); callback(); },
  };
  desk.steps = stepper(desk.tools);
  desk.do = (name, ...args) => { let result = null; desk.steps[name](...args, (done) => { result = done; }); return result; };
  return desk;
}

test("each alternative replaces the last as one undo step", () => {
  const at = desk();
  for (const index of [0, 1, 2, 0]) assert.deepEqual(at.do("show", index), { ok: true, shown: index });
  assert.deepEqual([at.score, at.past], ["alternative 0", ["old"]]);
  at.do("show", 0);
  assert.equal(at.writes, 4);
});

test("putting back leaves what was there", () => {
  const at = desk();
  at.do("show", 1);
  assert.deepEqual(at.do("putBack"), { ok: true, shown: -1 });
  assert.deepEqual([at.score, at.past], ["old", []]);
  assert.deepEqual(at.do("putBack"), { ok: true, shown: -1 });
});

test("an undo that takes effect later is waited for", () => {
  const at = desk({ slow: true });
  at.do("show", 0);
  assert.deepEqual(at.do("show", 1), { ok: true, shown: 1 });
  assert.deepEqual(at.past, ["old"]);
});

test("after an edit nothing is undone or written", () => {
  const at = desk();
  at.do("show", 0);
  at.edit("mine");
  for (const step of [["show", 1], ["putBack"]]) {
    const result = at.do(...step);
    assert.match(result.sentence, /edited since/);
    assert.deepEqual([result.shown, at.score], [0, "mine"]);
  }
});

test("what Ctrl+Z took back is known", () => {
  const at = desk();
  at.do("show", 0);
  at.tools.undo();
  assert.deepEqual(at.do("show", 1), { ok: true, shown: 1 });
  assert.deepEqual(at.past, ["old"]);
});

test("an undo of something else is redone and said", () => {
  const at = desk();
  at.do("show", 0);
  at.past.push("between");  // an edit that left no trace in the mark
  assert.match(at.do("show", 1).sentence, /wasn't this alternative/);
  assert.equal(at.score, "alternative 0");
});

test("an undo that doesn't come is said", () => {
  const at = desk({ deaf: true });
  at.do("show", 0);
  assert.match(at.do("putBack").sentence, /Ctrl\+Z/);
  assert.equal(at.score, "alternative 0");
});

test("a failed write leaves what was there, and others can be tried", () => {
  const at = desk({ fails: 1 });
  at.do("show", 0);
  assert.deepEqual(at.do("show", 1), { ok: false, sentence: "no", shown: -1 });
  assert.equal(at.score, "old");
  assert.deepEqual(at.do("show", 2), { ok: true, shown: 2 });
});

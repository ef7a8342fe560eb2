// The fake score behaves as MuseScore's: what these show was read in its source (see the comments in fake/).
const test = require("node:test");
const assert = require("node:assert/strict");
const fake = require("./fake.cjs");
const { melody, ensemble, quarters, metre } = require("./plans.cjs");

const edit = (host, steps) => { host.curScore.startCmd(); const cursor = host.curScore.newCursor(); steps(cursor); host.curScore.endCmd(); return cursor; };
const voice = (host, measure, track) => fake.dump(host)[measure].voices[track].map((item) => [item.value.join("/"), item.pitches && item.pitches.join("+"), item.tied].filter((x) => x !== false));

test("an edit outside a command, a command in a command, an end without a start", () => {
  const host = fake.host(melody()), cursor = host.curScore.newCursor();
  cursor.rewind(0);
  assert.throws(() => cursor.addNote(60), /outside startCmd/);
  assert.throws(() => host.curScore.appendMeasures(1), /outside/);
  assert.throws(() => host.curScore.endCmd(), /without startCmd/);
  host.curScore.startCmd();
  assert.throws(() => host.curScore.startCmd(), /inside a command/);
  assert.throws(() => host.cmd("undo"), /while a command is open/);
});

test("a rollback leaves the content as it was and nothing to undo; wrappers of before are gone", () => {
  const host = fake.host(ensemble()), before = JSON.stringify(fake.dump(host));
  host.curScore.startCmd();
  const cursor = host.curScore.newCursor();
  cursor.rewindToTick(1920);
  cursor.addNote(60);
  const written = host.curScore.firstMeasure.nextMeasure.nextMeasure.firstSegment.elementAt(0);
  host.curScore.appendMeasures(2);
  host.curScore.endCmd(true);
  assert.equal(JSON.stringify(fake.dump(host)), before);
  host.cmd("undo");
  assert.equal(JSON.stringify(fake.dump(host)), before);
  host.curScore.startCmd();
  assert.throws(() => host.removeElement(written), /isn't in the score any more/);
});

test("a note goes on after the barline, tied, and into a new measure at the end", () => {
  const host = fake.host(melody());
  edit(host, (cursor) => { cursor.rewindToTick(5760); cursor.setDuration(1, 2); cursor.addRest(); cursor.setDuration(1, 1); cursor.addNote(60); });
  assert.equal(host.curScore.nmeasures, 5);
  assert.deepEqual([voice(host, 3, 0), voice(host, 4, 0)], [[["1/2", null], ["1/2", "60", true]], [["1/2", "60"], ["1/2", null]]]);
});

test("a cursor moves on by itself, and stays at the score's end", () => {
  const host = fake.host(melody());
  const cursor = edit(host, (cursor) => { cursor.rewindToTick(3840); cursor.setDuration(1, 2); cursor.addNote(60); assert.equal(cursor.tick, 4800); cursor.addNote(62); assert.equal(cursor.tick, 5760); cursor.setDuration(1, 1); cursor.addNote(64); });
  assert.equal(cursor.tick, 5760);
});

test("it keeps one note value", () => {
  const host = fake.host(melody());
  edit(host, (cursor) => { cursor.rewindToTick(3840); cursor.setDuration(5, 8); cursor.addNote(60); });
  assert.deepEqual(voice(host, 2, 0)[0], ["1/2", "60"]);
});

test("what is cut into keeps its rest as a note; a tuplet goes whole", () => {
  const host = fake.host(ensemble());
  edit(host, (cursor) => { cursor.track = 4; cursor.rewindToTick(1920); cursor.setDuration(1, 4); cursor.addNote(60); });
  assert.deepEqual(voice(host, 2, 4), [["1/4", "60"], ["3/4", "67+71+74"]]);
  const triplet = { tuplet: [3, 2, [1, 2]], items: [[[1, 4], [74]], [[1, 4], [76]], [[1, 4], [78]]] };
  const other = fake.host({ measures: metre(1), parts: [{ name: "v", staves: [{ 0: { 1: [...quarters(60), triplet, ...quarters(62)] } }] }] });
  edit(other, (cursor) => { cursor.rewind(0); cursor.setDuration(1, 2); cursor.addNote(50); });
  assert.deepEqual(voice(other, 0, 0), [["1/2", "50"], ["1/4", null], ["1/4", "62"]]);
});

test("over the first note of a tuplet it writes into the tuplet, after a barline too", () => {
  const host = fake.host(ensemble());
  edit(host, (cursor) => { cursor.rewindToTick(1920); cursor.setDuration(1, 8); cursor.addNote(60); });
  assert.deepEqual(fake.dump(host)[2].voices[0].slice(0, 3).map((item) => [item.pitches[0], item.tuplet && item.tuplet[0]]), [[60, 3], [76, 3], [78, 3]]);
  edit(host, (cursor) => { cursor.rewindToTick(480 + 960); cursor.setDuration(1, 2); cursor.addNote(61); });
  assert.deepEqual(voice(host, 2, 0), [["1/4", "61"], ["1/8", "78"], ["3/4", "79", true]]);
});

test("another voice is filled with rests, and is only reachable where it has something", () => {
  const host = fake.host(melody());
  const cursor = edit(host, (cursor) => { cursor.rewindToTick(480); cursor.track = 1; cursor.setDuration(1, 4); cursor.addNote(60); });
  assert.deepEqual(voice(host, 0, 1), [["1/4", null], ["1/4", "60"], ["1/2", null]]);
  cursor.track = 2;
  cursor.rewindToTick(0);
  assert.equal(cursor.segment, null);
});

test("addNote to a chord adds to the last one, and moves on from one that the cursor stood on", () => {
  const host = fake.host(melody());
  edit(host, (cursor) => { cursor.rewind(0); cursor.addNote(65, true); assert.equal(cursor.tick, 480); cursor.addNote(60); cursor.addNote(64, true); assert.equal(cursor.tick, 960); });
  assert.deepEqual(voice(host, 0, 0).slice(0, 2), [["1/4", "65+72"], ["1/4", "60+64"]]);
});

test("a removed chord leaves a rest, other voices vanish with their last rest", () => {
  const host = fake.host(ensemble());
  const at = (track) => host.curScore.firstMeasure.nextMeasure.firstSegment.elementAt(track);
  edit(host, () => { host.removeElement(at(4)); host.removeElement(at(5)); });
  assert.deepEqual([voice(host, 1, 4)[0], voice(host, 1, 5)], [["1/4", null], [["3/4", null]]]);
  edit(host, () => { host.removeElement(at(4)); host.removeElement(at(5)); });
  assert.deepEqual([voice(host, 1, 4)[0], fake.dump(host)[1].voices[5]], [["1/4", null], undefined]);
});

test("rewindToTick past the end crashes", () => {
  const host = fake.host(melody());
  assert.throws(() => host.curScore.newCursor().rewindToTick(7680), /crashes/);
});

test("the selection's ends, as a cursor finds them", () => {
  const host = fake.host({ ...ensemble(), selection: { start: 1, stop: 3, firstStaff: 0, staffStop: 3 } });
  const cursor = host.curScore.newCursor();
  cursor.rewind(1);
  assert.deepEqual([cursor.tick, cursor.staffIdx], [480, 0]);
  cursor.rewind(2);
  assert.deepEqual([cursor.tick, cursor.staffIdx], [3840, 2]);
  const end = fake.host({ ...melody(), selection: { start: 2, stop: 4, firstStaff: 0, staffStop: 1 } }).curScore.newCursor();
  end.rewind(2);
  assert.equal(end.segment, null);
});

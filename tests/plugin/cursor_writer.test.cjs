const test = require("node:test");
const assert = require("node:assert/strict");
const fake = require("./host/fake.cjs");
const { melody, ensemble, reply, voice, chord, rest, metre, quarters } = require("./host/plans.cjs");
const clear = require("../../musescore_plugin/cursor_clear.js");
const check = require("../../musescore_plugin/cursor_check.js");
const writing = require("../../musescore_plugin/cursor_writer.js");

function write(host, answer, index = 0, checks = check) {
  let result = null;
  writing.writer(clear, checks, "Continue selection").write(host, answer, index, (done) => { result = done; });
  return result;
}
const short = (items) => items.map((item) => [item.onset.join("/"), item.value.join("/"), item.pitches, ...(item.tuplet ? ["in " + item.tuplet.slice(0, 2).join(":")] : []), ...(item.tied ? ["tied"] : [])]);
const voicesOf = (host, measure) => Object.fromEntries(Object.entries(fake.dump(host)[measure].voices).map(([track, items]) => [track, short(items)]));

test("fills empty measures; nothing else changes, one undo step", () => {
  const host = fake.host(melody()), before = JSON.stringify(fake.dump(host));
  const result = write(host, reply(2, 4, [0], [voice(0, 1, [0, 1], chord([1, 4], 72), chord([3, 4], 76, 72), rest([1, 1], true))]));
  assert.deepEqual(result, { ok: true, notes: 3 });
  assert.deepEqual(voicesOf(host, 2), { 0: [["0/1", "1/4", [72]], ["1/4", "3/4", [72, 76]]] });
  assert.equal(fake.dump(host)[3].voices[0][0].whole, true);
  assert.deepEqual(fake.dump(host).slice(0, 2), JSON.parse(before).slice(0, 2));
  assert.deepEqual(host._undoLog.log, ["start Continue selection", "commit"]);
  host.cmd("undo");
  assert.equal(JSON.stringify(fake.dump(host)), before);
});

test("the command has no name before 4.6, whose startCmd takes none", () => {
  const host = fake.host(melody(), "4.0.2");
  assert.ok(write(host, reply(2, 3, [0], [voice(0, 1, [0, 1], chord([1, 1], 72))])).ok);
  assert.deepEqual(host._undoLog.log, ["start", "commit"]);
});

test("replaces notes, tuplets, chords, other voices and ties from outside", () => {
  const host = fake.host(ensemble());
  const result = write(host, reply(1, 3, [0, 1], [
    voice(0, 1, [0, 1], chord([3, 4], 69), rest([1, 1], true)),
    voice(1, 1, [0, 1], rest([1, 4]), chord([1, 2], 74), chord([1, 1], 62)),
  ]));
  assert.deepEqual(result, { ok: true, notes: 3 });
  assert.deepEqual(voicesOf(host, 1), { 0: [["0/1", "3/4", [69]]], 4: [["0/1", "1/4", null], ["1/4", "1/2", [74]]], 8: [["0/1", "3/4", [50]]], 12: [["0/1", "3/4", null]] });
  assert.deepEqual(voicesOf(host, 2)[0], [["0/1", "1/1", null]]);
  assert.equal(fake.dump(host)[3].voices[0][0].pitches[0], 79);
});

test("writes triplets, quintuplets and rests and longer values inside them", () => {
  const host = fake.host(melody());
  const triplet = { actual: 3, normal: 2, unit: [1, 8], value: [1, 4], chords: [chord([1, 8], 72), rest([1, 8]), chord([1, 8], 74)] };
  const swing = { actual: 3, normal: 2, unit: [1, 8], value: [1, 4], chords: [chord([1, 4], 76, 72), chord([1, 8], 77)] };
  const five = { actual: 5, normal: 4, unit: [1, 8], value: [1, 2], chords: [60, 62, 64, 65, 67].map((p) => chord([1, 8], p)) };
  const seven = { actual: 7, normal: 4, unit: [1, 16], value: [1, 4], chords: [60, 62, 64, 65, 67, 69, 71].map((p) => chord([1, 16], p)) };
  const result = write(host, reply(2, 4, [0], [voice(0, 1, [0, 1], triplet, swing, five, seven, chord([3, 4], 60))]));
  assert.deepEqual(result, { ok: true, notes: 2 + 3 + 5 + 7 + 1 });
  assert.deepEqual(voicesOf(host, 2)[0].slice(0, 5), [
    ["0/1", "1/8", [72], "in 3:2"], ["1/12", "1/8", null, "in 3:2"], ["1/6", "1/8", [74], "in 3:2"], ["1/4", "1/4", [72, 76], "in 3:2"], ["5/12", "1/8", [77], "in 3:2"],
  ]);
  assert.equal(voicesOf(host, 3)[0].length, 8);
});

test("writes a triplet over an old triplet", () => {
  const host = fake.host(ensemble());
  const triplet = { actual: 3, normal: 2, unit: [1, 4], value: [1, 2], chords: [69, 71, 73].map((p) => chord([1, 4], p)) };
  assert.ok(write(host, reply(2, 3, [0], [voice(0, 1, [0, 1], triplet, chord([1, 2], 74))])).ok);
  assert.equal(voicesOf(host, 2)[0].length, 4);
});

test("a note over a barline is split and tied by the host, with its whole chord", () => {
  for (const chordsGrowAlone of [false, true]) {
    const host = fake.host({ ...melody(), chordsGrowAlone });
    const result = write(host, reply(2, 4, [0], [voice(0, 1, [0, 1], rest([1, 2]), rest([1, 4]), chord([1, 2], 61, 57), chord([3, 4], 64))]));
    assert.equal(result.ok, true);
    assert.deepEqual(voicesOf(host, 2)[0].slice(-1), [["3/4", "1/4", [57, 61], "tied"]]);
    assert.deepEqual(voicesOf(host, 3)[0][0], ["0/1", "1/4", [57, 61]]);
    assert.deepEqual(fake.dump(host)[3].voices[0][0].tpcs, [[17, 17], [21, 21]]);
  }
});

test("several voices, also where they rest first, and where they were not before", () => {
  const host = fake.host(melody());
  const result = write(host, reply(2, 4, [0], [
    voice(0, 1, [0, 1], chord([1, 1], 76), chord([1, 1], 77)),
    voice(0, 2, [1, 1], rest([1, 4]), chord([1, 4], 60), { actual: 3, normal: 2, unit: [1, 8], value: [1, 4], chords: [chord([1, 8], 62), chord([1, 8], 64), rest([1, 8])] }, chord([1, 4], 65)),
    voice(0, 4, [0, 1], chord([1, 2], 48), rest([1, 2])),
  ]));
  assert.deepEqual(result, { ok: true, notes: 7 });
  assert.deepEqual(Object.keys(voicesOf(host, 2)), ["0", "3"]);
  assert.deepEqual(voicesOf(host, 3)[1].map((item) => item[2]), [null, [60], [62], [64], null, [65]]);
});

test("appends the missing measures, and not again for the next alternative", () => {
  const host = fake.host(melody());
  const answer = reply(4, 6, [0], [voice(0, 1, [0, 1], chord([1, 1], 72), chord([1, 1], 74))], 2);
  answer.alternatives.push({ ...answer.alternatives[0], voices: [voice(0, 1, [0, 1], chord([1, 2], 60), rest([1, 2]), chord([1, 1], 62))] });
  assert.ok(write(host, answer).ok);
  assert.equal(host.curScore.nmeasures, 6);
  assert.ok(write(host, answer, 1).ok);
  assert.equal(host.curScore.nmeasures, 6);
  assert.deepEqual(voicesOf(host, 4)[0], [["0/1", "1/2", [60]], ["1/2", "1/2", null]]);
  host.cmd("undo");
  host.cmd("undo");
  assert.equal(host.curScore.nmeasures, 4);
});

test("names are as sent, on transposing staves as far from the written ones as before", () => {
  const host = fake.host(ensemble());
  const flat = chord([3, 4], 70);
  flat.pitches[0].tpc = 24;  // A sharp
  const odd = chord([1, 1], 60);
  odd.pitches[0].tpc = 15;   // G isn't a name of C: left to the host
  assert.ok(write(host, reply(1, 3, [0], [voice(0, 1, [0, 1], flat, odd)])).ok);
  assert.deepEqual(fake.dump(host)[1].voices[0][0].tpcs, [[24, 26]]);
  assert.deepEqual(fake.dump(host)[2].voices[0][0].tpcs, [[14, 16]]);
  const sharp = chord([3, 4], 71);
  sharp.pitches[0].tpc = 31; // A double sharp: the clarinet's B double sharp has another name
  assert.ok(write(host, reply(1, 2, [0], [voice(0, 1, [0, 1], sharp)])).ok);
  assert.deepEqual(fake.dump(host)[1].voices[0][0].tpcs, [[31, 33]]);
});

test("a pickup and metre changes are filled exactly", () => {
  const host = fake.host(ensemble());
  assert.ok(write(host, reply(0, 3, [1, 2], [
    voice(1, 1, [0, 1], chord([1, 4], 74), chord([3, 4], 76), chord([1, 1], 78)),
    voice(2, 1, [0, 1], rest([1, 4], true), chord([1, 2], 50), chord([1, 2], 52), chord([3, 4], 55)),
  ])).ok);
  assert.deepEqual(voicesOf(host, 0)[4], [["0/1", "1/4", [74]]]);
  assert.deepEqual(voicesOf(host, 2)[8], [["0/1", "1/4", [52]], ["1/4", "3/4", [55]]]);
  assert.deepEqual(voicesOf(host, 1)[8], [["0/1", "1/2", [50]], ["1/2", "1/4", [52], "tied"]]);
});

test("rests that are no single value are written as several", () => {
  const host = fake.host({ measures: metre(2, 5), parts: [{ name: "v", staves: [{ 0: { 1: [[[1, 1], [60]], [[1, 4], [62]]] } }] }] });
  assert.ok(write(host, reply(0, 2, [0], [voice(0, 1, [0, 1], rest([5, 4], true), rest([5, 8]), chord([1, 8], 60), chord([1, 2], 62))])).ok);
  assert.deepEqual(voicesOf(host, 0)[0], [["0/1", "1/1", null], ["1/1", "1/4", null]]);
  assert.deepEqual(voicesOf(host, 1)[0].map((item) => item[0]), ["0/1", "1/2", "5/8", "3/4"]);
});

test("a value that is no note, a hole, a clash: taken back, with a sentence", () => {
  const bad = [
    [voice(0, 1, [0, 1], chord([5, 8], 60), chord([3, 8], 62))],                       // no single note
    [voice(0, 1, [0, 1], chord([1, 4], 200), chord([3, 4], 60))],                      // no pitch
    [voice(0, 1, [0, 1], { actual: 3, normal: 2, unit: [1, 8], value: [5, 16], chords: [] }, chord([1, 1], 60))],
    [voice(0, 1, [1, 8], chord([1, 4], 60))],                                          // begins where nothing is
  ];
  for (const voices of bad) {
    const host = fake.host(melody()), before = JSON.stringify(fake.dump(host));
    const result = write(host, reply(2, 4, [0], voices));
    assert.equal(result.ok, false);
    assert.match(result.sentence, /^The notes couldn't be written, and the score is as it was\. /);
    assert.equal(JSON.stringify(fake.dump(host)), before);
    assert.deepEqual(host._undoLog.log.slice(-1), ["rollback"]);
    assert.equal(host._undoLog.done.length, 0);
  }
});

test("a note past the region would come out elsewhere: taken back", () => {
  const host = fake.host(melody());
  const result = write(host, reply(2, 3, [0], [voice(0, 1, [0, 1], chord([1, 2], 60), chord([1, 1], 62))]));
  assert.equal(result.ok, false);
});

test("a score that lost measures or staves is refused", () => {
  const host = fake.host(melody());
  assert.match(write(host, reply(5, 7, [0], [], 2)).sentence, /fewer measures than before/);
  assert.match(write(host, reply(2, 3, [1], [])).sentence, /fewer staves than before/);
  assert.deepEqual(host._undoLog.log, ["start Continue selection", "rollback", "start Continue selection", "rollback"]);
});

test("what the host writes differently is taken back", () => {
  const host = fake.host(melody());
  const newCursor = host.curScore.newCursor;
  const deaf = Object.create(host, { curScore: { value: new Proxy(host.curScore, { get: (score, name) => name === "newCursor" ? () => {
    const cursor = newCursor();
    return new Proxy(cursor, { get: (target, key) => key === "setDuration" ? () => target.setDuration(1, 8) : target[key] });
  } : score[name] }) } });
  const result = write(deaf, reply(2, 3, [0], [voice(0, 1, [0, 1], chord([1, 2], 60), chord([1, 2], 62))]));
  assert.equal(result.ok, false);
  assert.equal(voicesOf(host, 2)[0][0][2], null);
});

test("note values", () => {
  for (const yes of [[1, 4], [2, 4], [3, 8], [7, 16], [15, 16], [2, 1], [4, 1]]) assert.ok(writing.isNoteValue(yes), yes.join("/"));
  for (const no of [[5, 8], [1, 3], [0, 1], [9, 16]]) assert.ok(!writing.isNoteValue(no), no.join("/"));
  assert.deepEqual(writing.restValues([5, 4]), [[4, 4], [1, 4]]);
  assert.deepEqual(writing.restValues([3, 4]), [[3, 4]]);
});

const test = require("node:test");
const assert = require("node:assert/strict");
const fake = require("./host/fake.cjs");
const plans = require("./host/plans.cjs");
const { readWalk } = require("../../musescore_plugin/walk.js");

test("measures carry real length, metre, printed number and concert key", () => {
  const walk = readWalk(fake.host(plans.ensemble()));
  assert.deepEqual(walk.measures.map((m) => [m.tick, m.ticks, m.beats, m.beat_type, m.fifths, m.number]), [
    [0, 480, 3, 4, 2, "0"], [480, 1440, 3, 4, 2, "1"], [1920, 1920, 4, 4, 2, "2"], [3840, 1920, 4, 4, -1, "3"], [5760, 1920, 4, 4, -1, "4"],
  ]);
});

test("the key of a score with transposing parts only is the sounding one", () => {
  const plan = plans.ensemble();
  plan.parts = plan.parts.slice(0, 1);
  assert.deepEqual(readWalk(fake.host(plan)).measures.map((m) => m.fifths), [2, 2, 2, -1, -1]);
});

test("notes carry tick, real length, sounding pitch, voice, concert name and ties", () => {
  const walk = readWalk(fake.host(plans.ensemble()));
  const [clarinet, piano, drums] = walk.parts;
  assert.deepEqual(clarinet.staves[0].notes.slice(4), [
    [1920, 160, 74, 1, 16, 0], [2080, 160, 76, 1, 18, 0], [2240, 160, 78, 1, 20, 0], [2400, 1440, 79, 1, 15, 0], [3840, 1920, 79, 1, 15, 1],
  ]);
  assert.deepEqual(piano.staves[0].notes.slice(0, 2), [[480, 480, 74, 1, 16, 0], [480, 1440, 66, 2, 20, 0]]);
  assert.equal(piano.staves.length, 2);
  assert.deepEqual([drums.staves[0].kind, drums.staves[0].program, drums.staves[0].notes], ["percussion", 0, []]);
});

test("a guitar's tablature below its notes is a tablature, alone too", () => {
  const host = fake.host({ measures: plans.metre(1), parts: [{ name: "Tab", kind: "tablature", staves: [{}] }] });
  assert.equal(readWalk(host).parts[0].staves[0].kind, "tablature");
});

test("of a very long score the notes around the selection are read, and all measures", () => {
  const staff = {};
  for (let i = 0; i < 1600; i++) staff[i] = { 1: plans.quarters(60, 62, 64, 65) };
  const long = fake.host({ measures: plans.metre(1600), parts: [1, 2, 3, 4].map((n) => ({ name: String(n), staves: [n === 1 ? staff : {}] })) });
  const walk = readWalk(long, { start: 800, stop: 804 });
  assert.equal(walk.measures.length, 1600);
  const ticks = walk.parts[0].staves[0].notes.map((note) => note[0]);
  assert.deepEqual([Math.min(...ticks), Math.max(...ticks)], [(800 - 48) * 1920, (804 + 48) * 1920 - 480]);
});

test("only members that MuseScore has are used", () => {
  const host = fake.host(plans.ensemble());
  readWalk(host);
  assert.deepEqual(host._misuses, []);
  assert.throws(() => host.curScore.firstMeasure.tick, /no member tick/);
});

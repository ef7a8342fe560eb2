const test = require("node:test");
const assert = require("node:assert/strict");
const settings = require("../../musescore_plugin/settings.js");
const { features, client } = require("../../musescore_plugin/features.js");
const fake = require("./host/fake.cjs");
const plans = require("./host/plans.cjs");

const file = (text = "") => ({ text, read() { return this.text; }, write(text) { this.text = text; return true; } });

test("what is saved is loaded", () => {
  const kept = file();
  const wanted = {
    model: "wavenet", temperature: 1.3, alternatives: 5, keepRhythm: true, ownRange: false, mode: "replace",
    style: "folk tune", density: -2, polyphony: 2, register: 0, closeness: null,
  };
  assert.ok(settings.save(kept, wanted));
  kept.text += "\n"; // FileIO's read adds it
  assert.deepEqual(settings.load(kept), wanted);
});

test("what is missing, damaged or senseless is as by default", () => {
  for (const text of ["", "\n", "{", "null", "[]", '"x"', '{"model": "../x", "temperature": "hot", "alternatives": null, "mode": "eat", "keepRhythm": 1, "style": 3, "density": "1", "polyphony": 3, "register": 0.5, "closeness": true}'])
    assert.deepEqual(settings.load(file(text)), settings.defaults());
  assert.deepEqual(settings.load({ read() { throw new Error("gone"); } }), settings.defaults());
  assert.equal(settings.load(file('{"temperature": 99}')).temperature, 2);
  assert.equal(settings.load(file('{"alternatives": 0.4}')).alternatives, 1);
});

test("what can't be saved is no error", () => {
  assert.equal(settings.save({ write: () => false }, settings.defaults()), false);
  assert.equal(settings.save({ write() { throw new Error("read-only"); } }, settings.defaults()), false);
});

test("the menu items ask for one alternative, the panel for its number", () => {
  const usual = settings.defaults();
  assert.deepEqual(settings.requestOptions(usual, 1), { model: "lstm", temperature: 1, alternatives: 1, keep_rhythm: false, own_range: true });
  assert.equal(settings.requestOptions(usual).alternatives, 3);
});

test("style and levels are mentioned only where they are set", () => {
  const wishes = { style: "folk tune", density: 0, polyphony: -2, register: 1, closeness: 2 };
  for (const name in wishes) {
    const asked = settings.requestOptions({ ...settings.defaults(), [name]: wishes[name] }, 1);
    assert.deepEqual(asked, { ...settings.requestOptions(settings.defaults(), 1), [name]: wishes[name] });
  }
});

test("all of it can be left to the model at once", () => {
  const usual = settings.defaults();
  assert.ok(settings.isFree(usual));
  for (const wish of [{ style: "chorale" }, { density: 0 }, { polyphony: 1 }, { register: -1 }, { closeness: 2 }]) {
    const asked = { ...usual, mode: "replace", temperature: 0.5, ...wish };
    assert.equal(settings.isFree(asked), false);
    assert.deepEqual(settings.freed(asked), { ...usual, mode: "replace", temperature: 0.5 });
  }
});

test("4.x writes with a cursor, though writeScore is there", () => {
  const found = features(fake.host(plans.melody()));
  assert.deepEqual(found, { version: "4.6.5", major: 4, fragment: false, addTuplet: true, selectRange: true });
  assert.deepEqual(client(found), { name: "MuseScore", version: "4.6.5", tuplets: true, ties: false, fragment: false });
});

test("3.2 pastes", () => {
  const cursor = { addNote() {} };
  const host = { curScore: { newCursor: () => cursor, selection: { elements: [] } }, mscoreMajorVersion: 3, mscoreMinorVersion: 2, mscoreUpdateVersion: 3, writeScore() {}, readScore() {} };
  const found = features(host);
  assert.deepEqual(found, { version: "3.2.3", major: 3, fragment: true, addTuplet: false, selectRange: false });
  assert.deepEqual(client(found), { name: "MuseScore", version: "3.2.3", tuplets: true, ties: true, fragment: true });
});

test("without a score nothing is claimed", () => {
  assert.equal(features({ curScore: null, mscoreMajorVersion: 4, mscoreMinorVersion: 0, mscoreUpdateVersion: 0 }).addTuplet, false);
});

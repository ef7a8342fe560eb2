const test = require("node:test");
const assert = require("node:assert/strict");
const wishes = require("../../musescore_plugin/wishes.js");
const settings = require("../../musescore_plugin/settings.js");
const sentences = require("../../musescore_plugin/sentences.js");

const shown = (name) => {
  const row = wishes.ROWS.find((each) => each.name === name);
  return wishes.cells(row, sentences.LEVELS[name]);
};

test("there is a row for each level, and words for what it means", () => {
  assert.deepEqual(wishes.ROWS.map((row) => row.name), settings.LEVELS);
  assert.deepEqual(Object.keys(sentences.LEVELS), settings.LEVELS);
  for (const name of settings.LEVELS) assert.equal(new Set(sentences.LEVELS[name]).size, 5);
});

test("a row goes from what leaves it to the model over less and as here to more", () => {
  const cells = shown("density");
  assert.deepEqual(cells.map((cell) => cell.label), ["free", "fewer", "–", "as here", "–", "more"]);
  assert.deepEqual(cells.map((cell) => wishes.level(cell.value)), [null, -2, -1, 0, 1, 2]);
  assert.deepEqual(cells.map((cell) => cell.quiet), [true, false, false, false, false, false]);
  assert.equal(cells[2].spoken, "slightly fewer notes");
});

test("every level that a row sets is one that is remembered, and shown again", () => {
  for (const name of settings.LEVELS)
    for (const cell of shown(name)) {
      const kept = settings.checked({ [name]: wishes.level(cell.value) });
      assert.equal(wishes.value(kept[name]), cell.value);
      assert.equal(settings.isFree(kept), cell.value === wishes.FREE);
    }
});

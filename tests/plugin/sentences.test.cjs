const test = require("node:test");
const assert = require("node:assert/strict");
const sentences = require("../../musescore_plugin/sentences.js");
const settings = require("../../musescore_plugin/settings.js");

const said = (changed) => sentences.asSet({ ...settings.defaults(), ...changed }, settings.defaults());

test("of usual settings, and of those that menu items don't follow, nothing is said", () => {
  assert.equal(said({}), "");
  assert.equal(said({ alternatives: 8, mode: "replace" }), "");
});

test("each other setting is told of in a few words", () => {
  const words = {
    "model wavenet": { model: "wavenet" },
    "temperature 0.7": { temperature: 0.7 },
    "your rhythm": { keepRhythm: true },
    "the instrument's range": { ownRange: false },
    "folk tune": { style: "folk tune" },
    "slightly fewer notes": { density: -1 },
    "chords as here": { polyphony: 0 },
    "higher": { register: 2 },
    "new motifs": { closeness: -2 },
  };
  for (const word in words) assert.equal(said(words[word]), `As set in the panel: ${word}.`);
  const all = Object.assign({}, ...Object.values(words));
  assert.equal(said(all), `As set in the panel: ${Object.keys(words).join(", ")}.`);
});

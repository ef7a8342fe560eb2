const test = require("node:test");
const assert = require("node:assert/strict");
const { isReply } = require("../../musescore_plugin/reply.js");

const score = { nmeasures: 8, nstaves: 4 };
const fragment = "<?xml version='1.0'?><score-partwise><part><note/></part></score-partwise>\n";
const reply = (changes = {}) => ({
  version: 1, start: 2, stop: 4, append: 0, staves: [0, 1], summary: "Flute", notices: [],
  alternatives: [{ nll: 1, note_count: 3, voices: [], fragment }], ...changes,
});

test("a reply that fits the score", () => {
  assert.ok(isReply(reply(), score, true));
  assert.ok(isReply(reply({ start: 8, stop: 10, append: 2 }), score, true));
  assert.ok(isReply(reply({ start: 7, stop: 9, append: 1, staves: [3] }), score, true));
});

test("where nothing is pasted no MusicXML is needed", () => {
  const plain = [{ nll: 1, note_count: 3, voices: [], fragment: null }];
  assert.ok(isReply(reply({ alternatives: plain }), score, false));
  assert.ok(!isReply(reply({ alternatives: plain }), score, true));
});

test("no voice lies in another staff", () => {
  const voices = (...where) => reply({ alternatives: [{ nll: 1, note_count: 3, fragment, voices: where }] });
  assert.ok(isReply(voices({ staff: 1, voice: 4 }), score, true));
  for (const wrong of [{ staff: 2, voice: 1 }, { staff: 0, voice: 0 }, { staff: 0, voice: 5 }, null])
    assert.ok(!isReply(voices(wrong), score, true), JSON.stringify(wrong));
});

test("anything else is none", () => {
  const wrong = [
    null, 3, "reply", [], {}, reply({ version: 2 }), reply({ start: -1 }), reply({ start: 4 }), reply({ start: 1.5 }), reply({ stop: 9 }),
    reply({ stop: 9, append: 2 }), reply({ append: 3 }), reply({ append: 1 }), reply({ staves: [] }), reply({ staves: [4] }), reply({ staves: [1, 1] }), reply({ staves: [1, 0] }),
    reply({ staves: "01" }), reply({ notices: null }), reply({ summary: 5 }), reply({ alternatives: [] }), reply({ alternatives: [null] }),
    reply({ alternatives: [{ note_count: 1, voices: [], fragment: "<score-partwise><note/>" }] }), reply({ alternatives: [{ note_count: 1, voices: [], fragment: "<score-partwise></score-partwise>" }] }),
    reply({ alternatives: [{ note_count: 1, fragment }] }),
  ];
  for (const each of wrong) assert.ok(!isReply(each, score, true), JSON.stringify(each));
});

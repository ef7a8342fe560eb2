const test = require("node:test");
const assert = require("node:assert/strict");
const list = require("../../musescore_plugin/model_list.js");

const ANSWER = JSON.stringify({
  version: 1,
  models: [{ name: "wavenet", styles: ["chorale", "folk tune"] }, { name: "lstm", styles: [] }, { name: "old" }],
});
const values = (options) => options.map((option) => option.value);

test("models are those of the bridge and the remembered one", () => {
  assert.deepEqual(values(list.options(ANSWER, "lstm")), ["wavenet", "lstm", "old"]);
  assert.deepEqual(values(list.options(ANSWER, "mine")), ["wavenet", "lstm", "old", "mine"]);
  assert.deepEqual(values(list.options("", "mine")), ["mine"]);
});

test("styles are those of the model, after any of them", () => {
  assert.deepEqual(list.styles(ANSWER, "wavenet", ""), [
    { value: "", label: "any" }, { value: "chorale", label: "chorale" }, { value: "folk tune", label: "folk tune" },
  ]);
  assert.deepEqual(values(list.styles(ANSWER, "wavenet", "chorale")), ["", "chorale", "folk tune"]);
  for (const model of ["lstm", "old", "none"]) assert.deepEqual(values(list.styles(ANSWER, model, "")), [""]);
});

test("a remembered style stays to be seen where the model doesn't know it", () => {
  assert.deepEqual(values(list.styles(ANSWER, "lstm", "chorale")), ["", "chorale"]);
  assert.deepEqual(values(list.styles("", "wavenet", "chorale")), ["", "chorale"]);
});

test("garbage is no list", () => {
  for (const text of ["", "{", "null", "[]", '{"models": 3}', '{"models": [null, 1, {"name": 3}]}'])
    assert.deepEqual(values(list.options(text, "wavenet")), ["wavenet"]);
  const odd = JSON.stringify({ models: [{ name: "wavenet", styles: [null, "", 3, "chorale"] }] });
  assert.deepEqual(values(list.styles(odd, "wavenet", "")), ["", "chorale"]);
});

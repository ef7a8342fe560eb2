const test = require("node:test");
const assert = require("node:assert/strict");
const { localPath, parse, commandLine } = require("../../musescore_plugin/connection.js");

const good = { version: 1, host: "127.0.0.1", port: 8765, token: "secret", start: ["/a b/python", "-m", "bridge"], say: "jaxmuse serve" };
const text = (changes) => JSON.stringify({ ...good, ...changes });

test("reads where the bridge listens", () => {
  assert.deepEqual(parse(text({})), { base: "http://127.0.0.1:8765", token: "secret", start: good.start, say: "jaxmuse serve" });
});

test("without a command that starts it, there is none", () => {
  for (const start of [undefined, "python", [], [1], ["a", ""]]) assert.deepEqual(parse(text({ start })).start, []);
  assert.equal(parse(text({ say: 3 })).say, "jaxmuse serve");
});

test("a damaged file, or one that leads elsewhere, is none", () => {
  for (const damaged of ["", "{", "null", "[]", text({ version: 2 }), text({ host: "evil.example" }), text({ host: undefined }), text({ port: 0 }), text({ port: "80@evil" }), text({ port: 70000 }), text({ token: "" }), text({ token: 5 })])
    assert.equal(parse(damaged), null, damaged);
});

test("paths of all systems", () => {
  assert.equal(localPath("file:///home/a%20b/%C3%A4.json"), "/home/a b/ä.json");
  assert.equal(localPath("file:///C:/Users/a/"), "C:/Users/a/");
  assert.equal(localPath("/plain/path"), "/plain/path");
});

test("a command with blanks and quotes stays the same words", () => {
  assert.equal(commandLine(["/a b/python", "-c", 'say "x"']), '"/a b/python" "-c" "say """x""""');
});

// The fake score for Node: the same files that the stand-in host loads into its QML engine.
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

const here = __dirname;
const FILES = ["lengths", "music", "entry", "undo", "api", "cursor", "score"];

// type without its Ms -> its members, inherited ones included
function apiTables(text) {
  const own = {}, parents = {};
  let type = null;
  for (const line of text.split("\n")) {
    const component = /^ {8}name: "Ms(\w+)"/.exec(line);
    const prototype = /^ {8}prototype: "(?:Ms)?(\w+)"/.exec(line);
    const member = /^ {8}(?:Property|Method|Signal) \{ name: "(\w+)"/.exec(line);
    if (component) own[(type = component[1])] = [];
    else if (prototype) parents[type] = prototype[1];
    else if (member) own[type].push(member[1]);
  }
  const all = (name) => (own[name] || []).concat(own[parents[name]] ? all(parents[name]) : []);
  return Object.fromEntries(Object.keys(own).map((name) => [name, all(name)]));
}

for (const name of FILES) {
  const file = path.join(here, "fake", name + ".js");
  vm.runInThisContext(fs.readFileSync(file, "utf8"), { filename: file });
}
globalThis.fakeTables(apiTables(fs.readFileSync(path.join(here, "api", "MuseScore", "plugins.qmltypes"), "utf8")));

module.exports = { host: globalThis.fakeHost, dump: globalThis.fakeDump, apiTables };

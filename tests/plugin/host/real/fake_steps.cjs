// node fake_steps.cjs plan.json steps.json: what the fake score shows after each step, as steps.qml writes it.
const fs = require("node:fs");
const fake = require("../fake.cjs");
const { take } = require("./steps.js");

const [plan, steps] = process.argv.slice(2).map((name) => JSON.parse(fs.readFileSync(name, "utf8")));
const host = fake.host(plan);
host.curScore.startCmd();
process.stdout.write(JSON.stringify(take(host, steps)));

// What the panel shows of the levels that new notes can be asked for: a row for each, with a cell for each level and one
// that leaves it to the model. Settings keep null for what isn't asked for, a choice of the panel knows texts only.

var FREE = "free";
var ROWS = [
    { name: "density", label: "Notes", ends: ["fewer", "as here", "more"] },
    { name: "polyphony", label: "Chords", ends: ["thinner", "as here", "fuller"] },
    { name: "register", label: "Register", ends: ["lower", "as here", "higher"] },
    { name: "closeness", label: "Motifs", ends: ["new", "mixed", "yours"] }
];
var LEAST = -2;  // of the levels, which go in steps of one to 2

// -> [{value, label, spoken, quiet}], first the one that says nothing. `words`: what each level means, from the least on
function cells(row, words) {
    var found = [{ value: FREE, label: "free", spoken: "left to the model", quiet: true }];
    for (var i = 0; i < words.length; i++)
        found.push({ value: String(LEAST + i), label: i % 2 ? "–" : row.ends[i / 2], spoken: words[i], quiet: false });
    return found;
}

function value(level) {
    return typeof level === "number" ? String(level) : FREE;
}

function level(value) {
    return value === FREE ? null : Number(value);
}

if (typeof module !== "undefined")
    module.exports = { FREE: FREE, ROWS: ROWS, cells: cells, value: value, level: level };

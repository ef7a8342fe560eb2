// Everything the plugin itself says to the user: what is wrong, and what to do.

var NO_SCORE = "Open a score first.";
var NO_SELECTION = "Select the measures first: click an empty spot of the first one, then Shift+click the last one.";
var INSIDE_MEASURE = "The selection begins or ends inside a measure. Select whole measures: click an empty spot of the "
    + "first one, then Shift+click the last one.";
var NOT_WRITTEN_OUT = "The score couldn't be read. Save it and try again.";
var SCORE_CHANGED = "The score was changed or another one opened in the meantime, so nothing was written. "
    + "Select the measures and try again.";
var NO_CONNECTION = "The plugin doesn't know the bridge yet. Type in a terminal: jaxmuse plugin install";
var GARBAGE = "The bridge's answer can't be understood, so nothing was written. "
    + "Type in a terminal: jaxmuse plugin install, and start the bridge anew.";
var BRIDGE_LOST = "The bridge stopped in the middle of its work, so nothing was written. Try again.";
var CANCELLED = "Cancelled. Nothing was written.";
var WRONG_TOKEN = "The bridge doesn't accept this plugin, so nothing was written. "
    + "Type in a terminal: jaxmuse plugin install";
var APART = "MuseScore 3 can write in one step only to staves that lie side by side. "
    + "Select neighbouring staves only, and fill the others afterwards.";
var NOT_READ = "MuseScore couldn't read the new notes, so nothing was written. Try again.";
var NOT_AS_SENT = "MuseScore didn't write the notes as they were sent, so they were taken out again. "
    + "Save the score, and report it with the score to the authors of jaxmuse.";

var READING = "Reading the score…";
var STARTING = "Starting the bridge; the first time this takes a while…";
var WAITING = "Waiting for its turn…";
var LOADING = "Loading the model…";
var FILLING = "Writing notes…";

// What the levels from -2 to 2 ask for
var LEVELS = {
    density: ["fewer notes", "slightly fewer notes", "as many notes as here", "slightly more notes", "more notes"],
    polyphony: ["thinner chords", "slightly thinner chords", "chords as here", "slightly fuller chords", "fuller chords"],
    register: ["lower", "slightly lower", "as high as here", "slightly higher", "higher"],
    closeness: ["new motifs", "mostly new motifs", "half your motifs", "mostly your motifs", "your motifs"]
};

function notRunning(say) {
    return "The bridge isn't running. Type in a terminal: " + say;
}

function notStarted(say) {
    return "The bridge couldn't be started. To see why, type in a terminal: " + say;
}

function tooSlow(seconds) {
    return "The bridge gave no sign for " + Math.round(seconds) + " seconds, so nothing was written. Try again, or select "
        + "fewer measures.";
}

function broken(error) {
    return "Something went wrong in the plugin, and nothing was written: " + error + ". Try again; if it stays, report it "
        + "to the authors of jaxmuse.";
}

// An error of the bridge, {message, fix}, with a full stop between
function ofProblem(problem) {
    var message = String(problem.message || "").replace(/\s+$/, "");
    if (!/[.!?]$/.test(message))
        message += ".";
    message = message.charAt(0).toUpperCase() + message.slice(1);
    return problem.fix ? message + " " + problem.fix : message;
}

function ofStatus(status) {
    return "The bridge answered with error " + status + ", so nothing was written. Start it anew and try again.";
}

function seconds(value) {
    return value < 9.95 ? value.toFixed(1) + " s" : Math.round(value) + " s";
}

function finished(summary, took) {
    return summary + " (" + seconds(took) + ")";
}

// Which settings of the panel a menu item follows that aren't `usual`; "" if there are none.
function asSet(settings, usual) {
    var said = [];
    if (settings.model !== usual.model)
        said.push("model " + settings.model);
    if (settings.temperature !== usual.temperature)
        said.push("temperature " + settings.temperature.toFixed(1));
    if (settings.keepRhythm !== usual.keepRhythm)
        said.push("your rhythm");
    if (settings.ownRange !== usual.ownRange)
        said.push("the instrument's range");
    if (settings.style !== usual.style)
        said.push(settings.style);
    for (var name in LEVELS)
        if (settings[name] !== usual[name])
            said.push(LEVELS[name][settings[name] + 2]);
    return said.length > 0 ? "As set in the panel: " + said.join(", ") + "." : "";
}

// What stands in the score is the alternative with this number, from 1, and not the first, which `summary` is about.
function alternative(number, reply, took) {
    var notes = reply.alternatives[number - 1].note_count, warning = reply.alternatives[number - 1].warning;
    var sentence = "Alternative " + number + ", " + reply.where + ": " + notes + (notes === 1 ? " note" : " notes");
    return finished(sentence, took) + (typeof warning === "string" ? "\n" + warning : "");
}

if (typeof module !== "undefined")
    module.exports = {
        NO_SCORE: NO_SCORE, NO_SELECTION: NO_SELECTION, INSIDE_MEASURE: INSIDE_MEASURE, NOT_WRITTEN_OUT: NOT_WRITTEN_OUT,
        SCORE_CHANGED: SCORE_CHANGED, NO_CONNECTION: NO_CONNECTION, GARBAGE: GARBAGE, BRIDGE_LOST: BRIDGE_LOST,
        CANCELLED: CANCELLED, WRONG_TOKEN: WRONG_TOKEN, APART: APART, NOT_READ: NOT_READ, NOT_AS_SENT: NOT_AS_SENT,
        READING: READING, STARTING: STARTING, WAITING: WAITING, LOADING: LOADING, FILLING: FILLING,
        notRunning: notRunning, notStarted: notStarted, tooSlow: tooSlow, broken: broken, ofProblem: ofProblem,
        ofStatus: ofStatus, seconds: seconds, finished: finished, alternative: alternative, LEVELS: LEVELS, asSet: asSet
    };

// The options that the panel remembers and the menu items use, as one small JSON file beside the plugin.
// `file` is anything with read() -> text and write(text) -> bool, such as a FileIO.

var MOST_ALTERNATIVES = 8;
var MODES = ["continue", "replace"];
var LEVELS = ["density", "polyphony", "register", "closeness"];
var MOST_LEVEL = 2;  // its negative is the least

// A style of "" and levels of null are left to the model.
function defaults() {
    return freed({
        model: "lstm", temperature: 1.0, alternatives: 3, keepRhythm: false, ownRange: true, mode: "continue"
    });
}

function clamped(value, least, most, otherwise) {
    if (typeof value !== "number" || !isFinite(value))
        return otherwise;
    return Math.min(most, Math.max(least, value));
}

function isModelName(value) {
    return typeof value === "string" && /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(value);
}

function isStyle(value) {
    return typeof value === "string" && value.length <= 64;
}

function isLevel(value) {
    return typeof value === "number" && Math.round(value) === value && Math.abs(value) <= MOST_LEVEL;
}

function isFree(settings) {
    return settings.style === "" && LEVELS.every(function (name) {
        return settings[name] === null;
    });
}

// -> the settings with style and levels left to the model
function freed(settings) {
    var found = {};
    for (var name in settings)
        found[name] = settings[name];
    found.style = "";
    LEVELS.forEach(function (level) {
        found[level] = null;
    });
    return found;
}

// Whatever was read, as settings that the bridge accepts: what is missing or senseless is as by default.
function checked(read) {
    var usual = defaults();
    if (read === null || typeof read !== "object")
        return usual;
    var found = {
        model: isModelName(read.model) ? read.model : usual.model,
        temperature: clamped(read.temperature, 0.1, 2.0, usual.temperature),
        alternatives: Math.round(clamped(read.alternatives, 1, MOST_ALTERNATIVES, usual.alternatives)),
        keepRhythm: typeof read.keepRhythm === "boolean" ? read.keepRhythm : usual.keepRhythm,
        ownRange: typeof read.ownRange === "boolean" ? read.ownRange : usual.ownRange,
        mode: MODES.indexOf(read.mode) >= 0 ? read.mode : usual.mode,
        style: isStyle(read.style) ? read.style : usual.style
    };
    LEVELS.forEach(function (name) {
        found[name] = isLevel(read[name]) ? read[name] : usual[name];
    });
    return found;
}

function load(file) {
    var read = null;
    try {
        read = JSON.parse(file.read());
    } catch (error) {
        read = null;  // never saved, or not by us: as by default
    }
    return checked(read);
}

// -> whether it could be stored; options that can't be are a nuisance, no reason to stop
function save(file, settings) {
    try {
        return file.write(JSON.stringify(checked(settings))) !== false;
    } catch (error) {
        return false;
    }
}

// `Options` of the bridge's protocol. The menu items ask for one alternative, the panel for as many as it is set to.
// What is left to the model isn't mentioned: an older bridge needn't know of it.
function requestOptions(settings, alternatives) {
    var found = {
        model: settings.model,
        temperature: settings.temperature,
        alternatives: alternatives === undefined ? settings.alternatives : alternatives,
        keep_rhythm: settings.keepRhythm,
        own_range: settings.ownRange
    };
    if (settings.style !== "")
        found.style = settings.style;
    LEVELS.forEach(function (name) {
        if (settings[name] !== null)
            found[name] = settings[name];
    });
    return found;
}

if (typeof module !== "undefined")
    module.exports = {
        LEVELS: LEVELS, defaults: defaults, checked: checked, load: load, save: save, requestOptions: requestOptions,
        isFree: isFree, freed: freed
    };

// What the MuseScore that runs this plugin can do. Asked of its objects where they can tell, of its version where
// a function is there but does nothing (writeScore of MuseScore 4).

function isFunction(value) {
    return typeof value === "function";
}

// -> {version: "3.2.3", major: 3, fragment, addTuplet, selectRange}
// fragment: MusicXML is read and pasted; addTuplet: a cursor writes tuplets; selectRange: a selection can be set.
function features(host) {
    var score = host.curScore;
    var cursor = score ? score.newCursor() : null;
    var selection = score ? score.selection : null;
    var major = host.mscoreMajorVersion;
    return {
        version: [major, host.mscoreMinorVersion, host.mscoreUpdateVersion].join("."),
        major: major,
        fragment: major === 3 && isFunction(host.readScore) && isFunction(host.writeScore),
        addTuplet: !!cursor && isFunction(cursor.addTuplet),
        selectRange: !!selection && isFunction(selection.selectRange)
    };
}

// What the bridge is told about this client (`Client` of its protocol): it then sends only what can be written here.
function client(found) {
    return {
        name: "MuseScore",
        version: found.version,
        tuplets: found.fragment || found.addTuplet,
        ties: found.fragment,
        fragment: found.fragment
    };
}

if (typeof module !== "undefined")
    module.exports = { features: features, client: client };

// What the user selected, as measures and staves, and a mark that tells whether the score was changed since.

// -> [{tick, ticks}] of all measures
function measures(host) {
    var found = [];
    for (var measure = host.curScore.firstMeasure; measure; measure = measure.nextMeasure)
        found.push({ tick: measure.firstSegment.tick, ticks: 0 });
    for (var i = 0; i < found.length; i++)
        found[i].ticks = (i + 1 < found.length ? found[i + 1].tick : endTick(host)) - found[i].tick;
    return found;
}

function endTick(host) {
    return host.curScore.lastSegment.tick;
}

// -> {startTick, endTick, firstStaff, lastStaff} (endTick exclusive, lastStaff inclusive), null if nothing is selected
function range(host) {
    var cursor = host.curScore.newCursor();
    cursor.rewind(1);
    if (!cursor.segment)
        return null;
    var found = { startTick: cursor.tick, firstStaff: cursor.staffIdx };
    cursor.rewind(2);
    found.endTick = cursor.segment ? cursor.tick : endTick(host);  // no segment: up to the score's end
    found.lastStaff = cursor.staffIdx;
    return found;
}

// -> {startTick, endTick, firstStaff, lastStaff, start, stop, staves}, measures as indexes, stop exclusive; or
// {error}, a sentence
function readSelection(host, sentences) {
    if (!host.curScore)
        return { error: sentences.NO_SCORE };
    var found = range(host);
    if (!found)
        return { error: sentences.NO_SELECTION };
    var all = measures(host);
    found.start = -1;
    found.stop = -1;
    for (var i = 0; i < all.length; i++) {
        if (all[i].tick === found.startTick)
            found.start = i;
        if (all[i].tick + all[i].ticks === found.endTick)
            found.stop = i + 1;
    }
    if (found.start < 0 || found.stop <= found.start)
        return { error: sentences.INSIDE_MEASURE };
    found.staves = [];
    for (var staff = found.firstStaff; staff <= found.lastStaff; staff++)
        found.staves.push(staff);
    return found;
}

function hash(value, text) {
    for (var i = 0; i < text.length; i++)
        value = ((value << 5) - value + text.charCodeAt(i)) | 0;
    return value;
}

// Changes with the score's name, measures, staves, notes and rests; not with what is selected.
function fingerprint(host) {
    var score = host.curScore;
    if (!score)
        return "none";
    var value = 0, tracks = score.nstaves * 4;
    for (var segment = score.firstSegment(); segment; segment = segment.next) {
        for (var track = 0; track < tracks; track++) {
            var element = segment.elementAt(track);
            if (!element || (element.type !== host.Element.CHORD && element.type !== host.Element.REST))
                continue;
            var text = segment.tick + "/" + track + "/" + element.duration.ticks;
            if (element.type === host.Element.CHORD)
                for (var i = 0; i < element.notes.length; i++)
                    text += "," + element.notes[i].pitch + "." + element.notes[i].tpc1;
            value = hash(value, text + ";");
        }
    }
    return [score.scoreName, score.nmeasures, score.nstaves, endTick(host), value].join("|");
}

if (typeof module !== "undefined")
    module.exports = { measures: measures, range: range, readSelection: readSelection, fingerprint: fingerprint };

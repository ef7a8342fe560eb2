// The score as plain data (`Walk` of the bridge's protocol), read by walking its measures and segments. For hosts
// that can't hand out MusicXML.

var MOST_CELLS = 6000;  // measures x staves; of a longer score the notes around the selection are read
var CONTEXT = 48;       // measures before and after it, more than the model looks at

function length(fraction, division) {
    return Math.round(4 * division * fraction.numerator / fraction.denominator);
}

// -> [{tick, ticks, beats, beat_type, fifths, number}]; fifths are filled in later
function readMeasures(host) {
    var measures = [], counted = 0;
    for (var measure = host.curScore.firstMeasure; measure; measure = measure.nextMeasure) {
        var metre = measure.timesigNominal;
        counted += measure.noOffset || 0;
        if (!measure.irregular)
            counted += 1;
        measures.push({
            tick: measure.firstSegment.tick,
            ticks: length(measure.timesigActual, host.division),
            beats: metre.numerator,
            beat_type: metre.denominator,
            fifths: 0,
            number: String(counted)
        });
    }
    return measures;
}

function staffKind(part, index) {
    if (part.hasDrumStaff)
        return "percussion";
    if (part.hasTabStaff && (index > 0 || !part.hasPitchedStaff))
        return "tablature";  // a guitar's tablature stands below its notes
    return "pitched";
}

function readParts(host) {
    var parts = host.curScore.parts, found = [];
    for (var i = 0; i < parts.length; i++) {
        var part = parts[i], staves = [];
        var count = (part.endTrack - part.startTrack) / 4;
        for (var s = 0; s < count; s++)
            staves.push({ kind: staffKind(part, s), program: part.midiProgram, notes: [] });
        found.push({ name: String(part.partName || part.longName || "").slice(0, 1000), staves: staves });
    }
    return found;
}

function readChord(chord, tick, voice, notes) {
    var ticks = chord.actualDuration.ticks, heads = chord.notes;
    for (var i = 0; i < heads.length; i++)
        notes.push([tick, ticks, heads[i].pitch, voice, heads[i].tpc1, heads[i].tieBack ? 1 : 0]);
}

// Adds the notes of measures `from` to `to` to `staves`; -> for each staff, how many fifths its written pitch is above
// the sounding one, null where it has no note
function readNotes(host, measures, from, to, staves) {
    var shifts = [], i;
    for (i = 0; i < staves.length; i++)
        shifts.push(null);
    if (from >= to)
        return shifts;
    var first = measures[from].tick, end = measures[to - 1].tick + measures[to - 1].ticks;
    var measure = host.curScore.firstMeasure;
    for (i = 0; i < from; i++)
        measure = measure.nextMeasure;
    for (var segment = measure.firstSegment; segment && segment.tick < end; segment = segment.next) {
        if (segment.tick < first)
            continue;
        for (var track = 0; track < 4 * staves.length; track++) {
            var element = segment.elementAt(track);
            if (!element || element.type !== host.Element.CHORD)
                continue;
            var staff = Math.floor(track / 4);
            readChord(element, segment.tick, track % 4 + 1, staves[staff].notes);
            if (shifts[staff] === null)
                shifts[staff] = element.notes[0].tpc2 - element.notes[0].tpc1;
        }
    }
    return shifts;
}

function isConcertPitch(host) {
    var style = host.curScore.style;
    return !!style && !!style.value("concertPitch");
}

// A staff that shows the concert key, or of which is known how far it is off
function keyStaff(shifts, staves) {
    var known = -1, first = -1;
    for (var i = 0; i < shifts.length; i++) {
        if (staves[i].kind !== "pitched")
            continue;  // drums have no key
        if (shifts[i] === 0)
            return i;
        if (known < 0 && shifts[i] !== null)
            known = i;
        if (first < 0)
            first = i;
    }
    return known >= 0 ? known : Math.max(first, 0);
}

function concertFifths(written, shift) {
    var fifths = written - shift;
    while (fifths > 7)
        fifths -= 12;
    while (fifths < -7)
        fifths += 12;
    return fifths;
}

function readKeys(host, measures, shifts, staves) {
    var staff = keyStaff(shifts, staves);
    var shift = isConcertPitch(host) ? 0 : shifts[staff] || 0;
    var cursor = host.curScore.newCursor(), more = true, index = 0;
    cursor.track = 4 * staff;
    cursor.rewind(0);
    while (more && cursor.segment && index < measures.length) {
        while (index < measures.length - 1 && measures[index + 1].tick <= cursor.tick)
            index += 1;
        for (var i = index; i < measures.length && (i === index || measures[i].tick <= cursor.tick); i++)
            measures[i].fifths = concertFifths(cursor.keySignature, shift);
        more = cursor.nextMeasure();
    }
}

// -> Walk; options: {start, stop}, the selected measures, around which the notes of a very long score are read
function readWalk(host, options) {
    var measures = readMeasures(host), parts = readParts(host), staves = [], i, from = 0, to = measures.length;
    for (i = 0; i < parts.length; i++)
        staves = staves.concat(parts[i].staves);
    if (options && measures.length * staves.length > MOST_CELLS) {
        from = Math.max(0, options.start - CONTEXT);
        to = Math.min(measures.length, options.stop + CONTEXT);
    }
    readKeys(host, measures, readNotes(host, measures, from, to, staves), staves);
    return {
        title: String(host.curScore.title || host.curScore.scoreName || "").slice(0, 1000),
        division: host.division,
        measures: measures,
        parts: parts
    };
}

if (typeof module !== "undefined")
    module.exports = { readWalk: readWalk, readMeasures: readMeasures };

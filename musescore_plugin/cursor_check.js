// Reads back what was written with a cursor: the same onsets, lengths and pitches as were sent, voice 1 full in every
// measure. `measures` are [{measure, tick, ticks}].

var TICK_SLACK = 1;  // a tuplet's ticks are rounded

function ratioTicks(host, ratio) {
    return 4 * host.division * ratio[0] / ratio[1];
}

// Calls `visit(element, tick)` for what stands in a track of a measure
function eachIn(entry, track, visit) {
    var end = entry.tick + entry.ticks - TICK_SLACK;
    for (var segment = entry.measure.firstSegment; segment && segment.tick < end; segment = segment.next) {
        var element = segment.elementAt(track);
        if (element)
            visit(element, segment.tick);
    }
}

// What a voice should sound like: [[tick, length, pitches]] of its chords
function expectedChords(host, measures, voice) {
    var tick = measures[0].tick + ratioTicks(host, voice.onset), found = [];
    function add(item, scale) {
        var length = ratioTicks(host, item.value) * scale, pitches = [];
        for (var i = 0; i < item.pitches.length; i++)
            pitches.push(item.pitches[i].pitch);
        if (pitches.length > 0)
            found.push([tick, length, pitches.sort(ascending)]);
        tick += length;
    }
    for (var i = 0; i < voice.items.length; i++) {
        var item = voice.items[i];
        if (!item.chords)
            add(item, 1);
        else
            for (var j = 0; j < item.chords.length; j++)
                add(item.chords[j], item.normal / item.actual);
    }
    return found;
}

function ascending(a, b) {
    return a - b;
}

function isTiedBack(chord) {
    for (var i = 0; i < chord.notes.length; i++)
        if (chord.notes[i].tieBack)
            return true;
    return false;
}

// What stands in a track: the same, pieces that are tied together as one
function writtenChords(host, measures, track) {
    var found = [];
    function add(element, tick) {
        if (element.type !== host.Element.CHORD)
            return;
        var length = element.actualDuration.ticks, pitches = [];
        if (isTiedBack(element) && found.length > 0) {
            found[found.length - 1][1] += length;
            return;
        }
        for (var n = 0; n < element.notes.length; n++)
            pitches.push(element.notes[n].pitch);
        found.push([tick, length, pitches.sort(ascending)]);
    }
    for (var i = 0; i < measures.length; i++)
        eachIn(measures[i], track, add);
    return found;
}

function isFull(entry, track) {
    var filled = 0, pieces = 0;
    eachIn(entry, track, function (element) {
        filled += element.actualDuration.ticks;
        pieces += 1;
    });
    return Math.abs(filled - entry.ticks) <= TICK_SLACK * pieces;
}

function isSameChord(a, b) {
    return Math.abs(a[0] - b[0]) <= TICK_SLACK && Math.abs(a[1] - b[1]) <= 4 * TICK_SLACK && a[2].join() === b[2].join();
}

function isAsSent(host, measures, alternative, staff, number) {
    var expected = [], written = writtenChords(host, measures, 4 * staff + number - 1), i;
    for (i = 0; i < alternative.voices.length; i++)
        if (alternative.voices[i].staff === staff && alternative.voices[i].voice === number)
            expected = expected.concat(expectedChords(host, measures, alternative.voices[i]));
    if (expected.length !== written.length)
        return false;
    for (i = 0; i < expected.length; i++)
        if (!isSameChord(expected[i], written[i]))
            return false;
    return true;
}

// -> a sentence on what is wrong in a staff, null if all is as it was sent
function wrongIn(host, measures, alternative, staff) {
    for (var i = 0; i < measures.length; i++)
        if (!isFull(measures[i], 4 * staff))
            return "A measure didn't come out full.";
    for (var number = 1; number <= 4; number++)
        if (!isAsSent(host, measures, alternative, staff, number))
            return "The notes came out differently from what was sent.";
    return null;
}

if (typeof module !== "undefined")
    module.exports = { wrongIn: wrongIn };

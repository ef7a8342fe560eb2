// Writes an alternative by pasting its MusicXML (MuseScore 3), as one undo step, and reads it back: it stands in the
// score as it was sent, or the score is as it was.
//
// MuseScore's ways (3.2.3): a score that is read gets a tab of its own, from which it is copied; `paste` ends the
// command that is open, so it comes last and everything before it is undone with it; it lands on the note that is
// selected, unless that is in a tuplet; moving the selection may end the command too, but a note written by a cursor
// gets selected. So a note is written where the region begins, in a voice without tuplets because it is new; the
// fragment has that voice too, with rests that are gaps, so that pasting takes the note away and puts nothing there.
//
// Use it as `writer({measures, range, select, find, moveTo, freeVoice, file, folder, sentences}).write(host, reply, index, done)`;
// the functions are those of selection.js, navigation.js and markings.js, `file` a FileIO.

function Refusal(sentence) {
    this.sentence = sentence;
}

// Calls visit(element, tick, track) for every chord and rest from one tick up to another in some staves
function eachIn(host, region, visit) {
    for (var segment = host.curScore.firstSegment(); segment && segment.tick < region.endTick; segment = segment.next) {
        if (segment.tick < region.startTick)
            continue;
        for (var track = 4 * region.firstStaff; track < 4 * region.lastStaff + 4; track++) {
            var element = segment.elementAt(track);
            if (element && (element.type === host.Element.CHORD || element.type === host.Element.REST))
                visit(element, segment.tick, track);
        }
    }
}

// What sounds in a region, as text: where each chord begins, in which staff, with which pitches
function contents(host, region) {
    var found = [];
    eachIn(host, region, function (element, tick, track) {
        if (element.type !== host.Element.CHORD)
            return;
        var pitches = [];
        for (var i = 0; i < element.notes.length; i++)
            pitches.push(element.notes[i].pitch);
        pitches.sort(function (a, b) { return a - b; });
        found.push([tick - region.startTick, track - 4 * region.firstStaff, element.duration.ticks, pitches.join("+")].join(":"));
    });
    return found.join(" ");
}

function noteCount(text) {
    return text === "" ? 0 : text.split(/[ +]/).length;
}

function cycle(host, times) {
    for (var i = 0; i < times; i++)
        host.cmd("next-score");
}

// Writes a note where a region begins; it gets selected. Inside a command.
function writeNote(host, region, voice) {
    var cursor = host.curScore.newCursor();
    cursor.track = 4 * region.firstStaff;
    cursor.rewind(0);
    while (cursor.segment && cursor.tick < region.startTick)
        cursor.next();
    if (!cursor.segment || cursor.tick !== region.startTick)
        return false;
    cursor.track = 4 * region.firstStaff + voice;
    cursor.setDuration(1, 64);
    cursor.addNote(60);
    return true;
}

// Makes a voice of the region's first staff, one that has nothing, consist of gaps from the region's start on
function writeGaps(host, region, voice) {
    writeNote(host, region, voice);
    removeAll(host, region, host.Element.CHORD, voice);
    eachIn(host, region, function (element, tick, track) {
        if (track === 4 * region.firstStaff + voice)
            element.gap = true;
    });
}

// Removes the chords or the rests of the voices from `voice` (of 0 to 3) on
function removeAll(host, region, type, voice) {
    var found = [];
    eachIn(host, region, function (element, tick, track) {
        if (element.type === type && track % 4 >= voice)
            found.push(element);
    });
    found.forEach(function (element) { host.removeElement(element); });
}

// Reads the fragment as a score of its own, copies all of it, with gaps in `voice`, and closes it again;
// -> its contents
function copyFragment(host, tools, text, voice) {
    var name = "jaxmuse" + Math.floor(Math.random() * 1e9);
    var path = tools.folder + "/" + name + ".musicxml";
    var before = host.scores.length, read = false, steps = 0;
    tools.file.source = path;
    try {
        read = tools.file.write(text) && host.readScore(path, true);
    } finally {
        tools.file.remove();
    }
    var tabs = host.scores.length;
    if (!read || tabs !== before + 1)
        throw new Refusal(tools.sentences.NOT_READ);
    while (host.curScore.scoreName !== name && steps < tabs) {
        host.cmd("next-score");
        steps += 1;
    }
    var fragment = host.curScore, found = null;
    if (fragment.scoreName === name) {
        var whole = { startTick: 0, endTick: fragment.lastSegment.tick, firstStaff: 0, lastStaff: fragment.nstaves - 1 };
        try {
            found = contents(host, whole);
            fragment.startCmd();
            try {
                writeGaps(host, whole, voice);
            } finally {
                fragment.endCmd();
            }
            host.cmd("select-all");
            host.cmd("copy");
            host.cmd("undo");  // unchanged, it is closed without a question
        } finally {
            cycle(host, tabs - steps);
            host.closeScore(fragment);
        }
    }
    if (found === null || host.scores.length !== before)
        throw new Refusal(tools.sentences.NOT_READ);
    return found;
}

function voicesUsed(alternative) {
    var used = [];
    for (var i = 0; i < alternative.voices.length; i++)
        if (used.indexOf(alternative.voices[i].voice) < 0)
            used.push(alternative.voices[i].voice);
    return used;
}

function regionOf(host, tools, reply) {
    var all = tools.measures(host), last = all[Math.min(reply.stop, all.length) - 1];
    return {
        startTick: reply.start < all.length ? all[reply.start].tick : last.tick + last.ticks,
        endTick: last.tick + last.ticks,
        firstStaff: reply.staves[0],
        lastStaff: reply.staves[reply.staves.length - 1]
    };
}

// Everything in one command, which `paste` ends
function pasteInto(host, tools, reply, used, voice) {
    var region = regionOf(host, tools, reply), missing = reply.stop - host.curScore.nmeasures;
    var kept = { annotations: [], lines: [] };
    if (region.startTick < region.endTick) {
        tools.select(host, region, tools.range);  // lines are found in the selection
        kept = tools.find(host, region);
    }
    host.curScore.startCmd();
    try {
        tools.moveTo(kept, used.concat([voice + 1]));
        if (missing > 0)
            host.curScore.appendMeasures(missing);
        removeAll(host, region, host.Element.CHORD, 1);  // pasting leaves these before its own first note
        removeAll(host, region, host.Element.REST, 1);
        if (!writeNote(host, region, voice))
            throw new Refusal(tools.sentences.NOT_READ);
    } catch (error) {
        host.curScore.endCmd(true);
        throw error;
    }
    host.cmd("paste");
    return regionOf(host, tools, reply);
}

function writeAll(host, tools, reply, alternative) {
    for (var i = 1; i < reply.staves.length; i++)
        if (reply.staves[i] !== reply.staves[i - 1] + 1)
            throw new Refusal(tools.sentences.APART);
    var name = host.curScore.scoreName, measures = host.curScore.nmeasures;
    var used = voicesUsed(alternative), voice = Math.max(tools.freeVoice(used), 0);
    var sent = copyFragment(host, tools, alternative.fragment, voice);
    if (host.curScore.scoreName !== name || host.curScore.nmeasures !== measures)
        throw new Refusal(tools.sentences.SCORE_CHANGED);
    var region = pasteInto(host, tools, reply, used, voice);
    if (host.curScore.nmeasures !== Math.max(measures, reply.stop) || contents(host, region) !== sent) {
        host.cmd("undo");
        throw new Refusal(tools.sentences.NOT_AS_SENT);
    }
    return noteCount(sent);
}

function writer(tools) {
    // Calls done({ok: true, notes}) or done({ok: false, sentence}); in the second case the score is as it was.
    function write(host, reply, alternativeIndex, done) {
        var result;
        try {
            result = { ok: true, notes: writeAll(host, tools, reply, reply.alternatives[alternativeIndex]) };
        } catch (error) {
            var known = error instanceof Refusal;
            result = { ok: false, sentence: known ? error.sentence : tools.sentences.broken(error) };
        }
        done(result);
    }
    return { write: write };
}

if (typeof module !== "undefined")
    module.exports = { writer: writer, contents: contents, noteCount: noteCount, copyFragment: copyFragment };

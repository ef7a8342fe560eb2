// Writes an alternative of a reply with a cursor, as one undo step, and reads it back before it is kept: it stands in
// the score as it was sent, or nothing has changed.
//
// A cursor's ways (4.x): it writes a note where it stands and splits and ties it at barlines by itself; it keeps one
// note value; a voice that has nothing at a place is filled with rests up to there. So every note is placed anew, by
// its tick, and what is there is cleared first.
//
// Use it as `writer(CursorClear, CursorCheck, nameOfTheCommand).write(host, reply, alternativeIndex, done)`.

var TICK_SLACK = 1;  // a tuplet's ticks are rounded

function Refusal(sentence) {
    this.sentence = sentence;
}

function refuse(sentence) {
    throw new Refusal(sentence);
}

function whole(host) {
    return 4 * host.division;
}

function ratioTicks(host, ratio) {
    return whole(host) * ratio[0] / ratio[1];
}

// -> [{tick, ticks}] of the region, after what has to be appended was appended
function regionMeasures(host, reply) {
    var measures = [], index = 0;
    for (var measure = host.curScore.firstMeasure; measure; measure = measure.nextMeasure) {
        if (index >= reply.start && index < reply.stop) {
            var actual = measure.timesigActual;
            measures.push({
                measure: measure,
                tick: measure.firstSegment.tick,
                ticks: ratioTicks(host, [actual.numerator, actual.denominator])
            });
        }
        index += 1;
    }
    return measures;
}

// How many measures are missing at the score's end: all that the reply counts on, or none (they are there since an
// earlier alternative).
function missingMeasures(host, reply) {
    var missing = reply.stop - host.curScore.nmeasures;
    if (missing > 0 && missing !== reply.append)
        refuse("The score has fewer measures than before. Select again and run it again.");
    for (var i = 0; i < reply.staves.length; i++)
        if (reply.staves[i] >= host.curScore.nstaves)
            refuse("The score has fewer staves than before. Select again and run it again.");
    return Math.max(0, missing);
}

// A measure's first place is looked up in voice 1, which always has something there; others in the voice itself.
function place(cursor, tick, track, startsMeasure) {
    cursor.track = startsMeasure ? track - track % 4 : track;
    cursor.rewindToTick(Math.round(tick));
    if (!cursor.segment || Math.abs(cursor.tick - tick) > TICK_SLACK)
        refuse("There is no place for a note at tick " + Math.round(tick) + ".");
    cursor.track = track;
}

// Whether one note, with up to four dots, lasts so many whole notes
function isNoteValue(ratio) {
    var numerator = ratio[0], denominator = ratio[1];
    while (numerator % 2 === 0 && denominator % 2 === 0) {
        numerator /= 2;
        denominator /= 2;
    }
    while (numerator % 2 === 0 && numerator > 0)
        numerator /= 2;
    var powerOfTwo = denominator > 0 && (denominator & (denominator - 1)) === 0;
    return powerOfTwo && [1, 3, 7, 15, 31].indexOf(numerator) >= 0;
}

// A rest's value, if need be as several, longest first
function restValues(ratio) {
    if (isNoteValue(ratio))
        return [ratio];
    var values = [], numerator = ratio[0], value = 1;
    while (value * 2 <= numerator)
        value *= 2;
    for (; numerator > 0; value /= 2)
        if (value <= numerator) {
            values.push([value, ratio[1]]);
            numerator -= value;
        }
    return values;
}

function soundingClass(tpc) {
    return (((tpc - 14) * 7) % 12 + 12) % 12;
}

// The written name is as far from the sounding one as the host had put it; beyond double accidentals, the other name.
function spell(note, tpc) {
    if (soundingClass(tpc) !== ((note.pitch % 12) + 12) % 12 || tpc === note.tpc1)
        return;
    var written = tpc + note.tpc2 - note.tpc1;
    while (written > 33)
        written -= 12;
    while (written < -1)
        written += 12;
    note.tpc1 = tpc;
    note.tpc2 = written;
}

function spellChord(chord, pitches) {
    for (var i = 0; i < chord.notes.length; i++)
        for (var j = 0; j < pitches.length; j++)
            if (chord.notes[i].pitch === pitches[j].pitch)
                spell(chord.notes[i], pitches[j].tpc);
}

function hasPitch(chord, pitch) {
    for (var i = 0; i < chord.notes.length; i++)
        if (chord.notes[i].pitch === pitch)
            return true;
    return false;
}

// Spells every piece of a chord that was split at barlines, and completes pieces that got its first note only.
function finishChord(host, cursor, tick, track, pitches) {
    for (var more = true; more;) {
        place(cursor, tick, track, false);
        var chord = cursor.element, at = cursor.tick;
        if (!chord || chord.type !== host.Element.CHORD)
            refuse("A note didn't get to its place at tick " + Math.round(tick) + ".");
        for (var i = 0; i < pitches.length; i++)
            if (!hasPitch(chord, pitches[i].pitch)) {
                cursor.addNote(pitches[i].pitch, true);
                place(cursor, tick, track, false);
                chord = cursor.element;
            }
        spellChord(chord, pitches);
        more = false;
        for (i = 0; i < chord.notes.length; i++)
            more = more || !!chord.notes[i].tieForward;
        tick = at + chord.actualDuration.ticks;
    }
}

function writeChord(host, cursor, item, tick, track) {
    if (!isNoteValue(item.value))
        refuse("A note of " + item.value.join("/") + " can't be written as one.");
    cursor.setDuration(item.value[0], item.value[1]);
    for (var i = 0; i < item.pitches.length; i++)
        cursor.addNote(item.pitches[i].pitch, i > 0);
    finishChord(host, cursor, tick, track, item.pitches);
}

function isFullRest(host, element, ticks) {
    return !!element && element.type === host.Element.REST
        && Math.abs(element.actualDuration.ticks - ticks) <= TICK_SLACK;
}

// `length` in ticks, of the item as it sounds
function writeItem(host, pen, item, tick, length, startsMeasure) {
    var cursor = pen.cursor;
    place(cursor, tick, pen.track, startsMeasure);
    if (item.pitches.length > 0) {
        writeChord(host, cursor, item, tick, pen.track);
        pen.notes += item.pitches.length;
        return;
    }
    if (isFullRest(host, cursor.element, length))
        return;
    var values = restValues(item.value);
    for (var i = 0; i < values.length; i++) {
        cursor.setDuration(values[i][0], values[i][1]);
        cursor.addRest();
        tick += length * (values[i][0] / values[i][1]) / (item.value[0] / item.value[1]);
        if (i + 1 < values.length)
            place(cursor, tick, pen.track, false);
    }
}

function writeTuplet(host, pen, tuplet, tick, startsMeasure) {
    place(pen.cursor, tick, pen.track, startsMeasure);
    pen.cursor.addTuplet(host.fraction(tuplet.actual, tuplet.normal), host.fraction(tuplet.value[0], tuplet.value[1]));
    for (var i = 0; i < tuplet.chords.length; i++) {
        var length = ratioTicks(host, tuplet.chords[i].value) * tuplet.normal / tuplet.actual;
        writeItem(host, pen, tuplet.chords[i], tick, length, false);
        tick += length;
    }
}

function writeVoice(host, measures, voice, pen) {
    var tick = measures[0].tick + ratioTicks(host, voice.onset), index = 0;
    pen.track = 4 * voice.staff + voice.voice - 1;
    for (var i = 0; i < voice.items.length; i++) {
        var item = voice.items[i], length = ratioTicks(host, item.value);
        while (index + 1 < measures.length && measures[index + 1].tick <= tick + TICK_SLACK)
            index += 1;
        var startsMeasure = Math.abs(measures[index].tick - tick) <= TICK_SLACK;
        if (item.chords)
            writeTuplet(host, pen, item, tick, startsMeasure);
        else
            writeItem(host, pen, item, tick, length, startsMeasure);
        tick += length;
    }
}

// -> how many noteheads were written; throws a Refusal. Inside a command.
function writeVoices(host, reply, alternative, clear, check) {
    var missing = missingMeasures(host, reply), i;
    if (missing > 0)
        host.curScore.appendMeasures(missing);
    var measures = regionMeasures(host, reply);
    for (i = 0; i < reply.staves.length; i++)
        clear.clearStaff(host, measures, reply.staves[i]);
    var pen = { cursor: host.curScore.newCursor(), track: 0, notes: 0 };
    for (i = 0; i < alternative.voices.length; i++)
        writeVoice(host, measures, alternative.voices[i], pen);
    for (i = 0; i < reply.staves.length; i++) {
        var wrong = check.wrongIn(host, measures, alternative, reply.staves[i]);
        if (wrong !== null)
            refuse(wrong);
    }
    return pen.notes;
}

function startCommand(host, name) {
    if (host.mscoreMajorVersion > 4 || (host.mscoreMajorVersion === 4 && host.mscoreMinorVersion >= 6))
        host.curScore.startCmd(name);  // the Undo menu shows it
    else
        host.curScore.startCmd();
}

function writer(clear, check, name) {
    // Calls done({ok: true, notes}) or done({ok: false, sentence}); in the second case nothing has changed.
    function write(host, reply, alternativeIndex, done) {
        var result;
        startCommand(host, name);
        try {
            var notes = writeVoices(host, reply, reply.alternatives[alternativeIndex], clear, check);
            result = { ok: true, notes: notes };
            host.curScore.endCmd();
        } catch (error) {
            host.curScore.endCmd(true);
            var why = error instanceof Refusal ? error.sentence : "MuseScore said: " + error + ".";
            result = { ok: false, sentence: "The notes couldn't be written, and the score is as it was. " + why };
        }
        done(result);
    }
    return { write: write };
}

if (typeof module !== "undefined")
    module.exports = { writer: writer, isNoteValue: isNoteValue, restValues: restValues };

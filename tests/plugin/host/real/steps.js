// Steps that a real cursor and the fake one take alike; ES5, for both versions of QML.

function byNumber(a, b) {
    return a - b;
}

// Every chord as "tick track value-in-64ths pitches"
function chordsOf(host) {
    var found = [];
    for (var segment = host.curScore.firstSegment(); segment; segment = segment.next)
        for (var track = 0; track < host.curScore.ntracks; track++) {
            var element = segment.elementAt(track);
            if (!element || element.type !== host.Element.CHORD)
                continue;
            var pitches = [];
            for (var i = 0; i < element.notes.length; i++)
                pitches.push(element.notes[i].pitch);
            var value = 64 * element.duration.numerator / element.duration.denominator;
            found.push([segment.tick, track, value, pitches.sort(byNumber).join("+")].join(" "));
        }
    return found;
}

function clear(host, step) {
    for (var segment = host.curScore.firstSegment(); segment && segment.tick < step.stop; segment = segment.next) {
        var element = segment.tick >= step.start ? segment.elementAt(step.track) : null;
        if (element && element.type === host.Element.CHORD)
            host.removeElement(element);
    }
}

// Clears a track of some measures and writes notes from their start on; -> where the cursor stood after each
function write(host, step) {
    var cursor = host.curScore.newCursor(), stood = [];
    cursor.track = step.track - step.track % 4;
    cursor.rewind(0);
    while (cursor.tick < step.start)
        cursor.next();
    cursor.track = step.track;
    for (var i = 0; i < step.notes.length; i++) {
        cursor.setDuration(step.notes[i][0], step.notes[i][1]);
        cursor.addNote(step.notes[i][2]);
        stood.push(cursor.tick);
    }
    return stood;
}

function take(host, steps) {
    var seen = [[[], host.curScore.nmeasures, chordsOf(host)]];
    for (var i = 0; i < steps.length; i++) {
        var stood = [];
        if (steps[i].append)
            host.curScore.appendMeasures(steps[i].append);
        else {
            clear(host, steps[i]);
            stood = write(host, steps[i]);
        }
        seen.push([stood, host.curScore.nmeasures, chordsOf(host)]);
    }
    return seen;
}

if (typeof module !== "undefined")
    module.exports = { take: take };

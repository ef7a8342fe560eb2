// Empties measures of a staff before new notes are written: tuplets become rests, chords become rests, and what is
// left of voices 2 to 4 goes. Inside a command; `measures` are [{measure, tick, ticks}].

var TICK_SLACK = 1;  // a tuplet's ticks are rounded

// Calls `visit(element, tick)` for what stands in a track of a measure from `from` on, until it returns true.
function eachIn(entry, track, from, visit) {
    var end = entry.tick + entry.ticks - TICK_SLACK;
    for (var segment = entry.measure.firstSegment; segment && segment.tick < end; segment = segment.next) {
        var element = segment.tick >= from ? segment.elementAt(track) : null;
        if (element && visit(element, segment.tick))
            return true;
    }
    return false;
}

function clearTuplets(host, entry, track) {
    function removeOne(element) {
        var tuplet = element.tuplet;
        if (!tuplet)
            return false;
        while (tuplet.tuplet)
            tuplet = tuplet.tuplet;
        host.removeElement(tuplet);
        return true;
    }
    for (var most = 1000; most > 0 && eachIn(entry, track, entry.tick, removeOne); most--) {
        // each removal changes the segments: look again from the start
    }
}

function clearChords(host, entry, track) {
    eachIn(entry, track, entry.tick, function (element) {
        if (element.type === host.Element.CHORD)
            host.removeElement(element);
        return false;
    });
}

// Voices 2 to 4 vanish with their last rest; removing one may join others, so each is looked up anew.
function clearRests(host, entry, track) {
    var from = entry.tick;
    function removeOne(element, tick) {
        from = tick + 1;
        host.removeElement(element);
        return true;
    }
    while (eachIn(entry, track, from, removeOne)) {
        // up to the last
    }
}

function clearStaff(host, measures, staff) {
    for (var i = 0; i < measures.length; i++)
        for (var track = 4 * staff; track < 4 * staff + 4; track++) {
            clearTuplets(host, measures[i], track);
            clearChords(host, measures[i], track);
            if (track % 4 > 0)
                clearRests(host, measures[i], track);
        }
}

if (typeof module !== "undefined")
    module.exports = { clearStaff: clearStaff };

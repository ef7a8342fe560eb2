// Keeps chord symbols, dynamics, texts and hairpins that stand where MuseScore 3 pastes: pasting removes those that
// belong to a voice it pastes into, so they are handed to a voice that it doesn't. That voice shows nothing else.

var VOICES = 4;
var LINES = ["HairPin", "Pedal", "TextLine"];  // wholly inside the region; an ottava goes with the notes it is about

// The highest voice (from 0) that is not among `used` (voice numbers from 1), -1 if there is none
function freeVoice(used) {
    for (var voice = VOICES - 1; voice > 0; voice--)
        if (used.indexOf(voice + 1) < 0)
            return voice;
    return -1;
}

function isInside(element, region) {
    var staff = Math.floor(element.track / VOICES);
    return staff >= region.firstStaff && staff <= region.lastStaff;
}

function annotations(host, region) {
    var found = [];
    for (var segment = host.curScore.firstSegment(); segment && segment.tick < region.endTick; segment = segment.next) {
        if (segment.tick < region.startTick)
            continue;
        for (var i = 0; i < segment.annotations.length; i++)
            if (isInside(segment.annotations[i], region) && !segment.annotations[i].systemFlag)
                found.push(segment.annotations[i]);
    }
    return found;
}

// Lines are in reach only as a part of the selection.
function lines(host, region) {
    var elements = host.curScore.selection.elements, found = [];
    for (var i = 0; i < elements.length; i++)
        if (LINES.indexOf(elements[i].name) >= 0 && isInside(elements[i], region))
            found.push(elements[i]);
    return found;
}

// -> what is in the region (ticks, staves), to be handed on by moveTo; before the score is changed in any way
function find(host, region) {
    return { annotations: annotations(host, region), lines: lines(host, region) };
}

// Inside a command. `used`: voice numbers that are pasted into
function moveTo(found, used) {
    var voice = freeVoice(used);
    if (voice < 0)
        return;
    function move(element) {
        if (used.indexOf(element.track % VOICES + 1) < 0)
            return;
        element.track = element.track - element.track % VOICES + voice;
        if (LINES.indexOf(element.name) >= 0)
            element.spannerTrack2 = element.track;
    }
    found.annotations.concat(found.lines).forEach(move);
}

if (typeof module !== "undefined")
    module.exports = { find: find, moveTo: moveTo, freeVoice: freeVoice };

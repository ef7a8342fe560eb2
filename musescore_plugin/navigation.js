// Moves MuseScore 3's selection to any measures and staves, by the commands of its keyboard: its plugins can read the
// selection but not set it. Every step is looked at; where one leads nowhere, false is returned.

var MOST_STEPS = 4000;

function segmentTick(host, element) {
    for (var parent = element; parent; parent = parent.parent)
        if (parent.type === host.Element.SEGMENT)
            return parent.tick;
    return -1;
}

// The one note or rest that is selected: {tick, staff, track}, null if it is something else
function single(host) {
    var elements = host.curScore.selection.elements;
    if (!elements || elements.length !== 1)
        return null;
    var tick = segmentTick(host, elements[0]);
    return tick < 0 ? null : { tick: tick, staff: Math.floor(elements[0].track / 4), track: elements[0].track };
}

function isRange(found, region) {
    return !!found && found.startTick === region.startTick && found.endTick === region.endTick
        && found.firstStaff === region.firstStaff && found.lastStaff === region.lastStaff;
}

// Which command brings one note nearer to the region's first, "" if it is there
function step(at, region) {
    if (at.staff !== region.firstStaff)
        return at.staff > region.firstStaff ? "prev-track" : "next-track";
    if (at.tick !== region.startTick)
        return at.tick > region.startTick ? "prev-measure" : "next-measure";
    return "";
}

// Selects one note or rest at the region's start in its first staff. `range`: of selection.js
function goTo(host, region, range) {
    if (range(host))
        host.cmd("prev-measure");  // leaves a range for one note
    else if (!single(host))
        host.cmd("first-element");
    if (!range(host) && !single(host))
        host.cmd("next-measure");
    var seen = {};
    for (var steps = 0; steps < MOST_STEPS; steps++) {
        var at = single(host);
        if (!at)
            return false;
        var command = step(at, region);
        if (command === "")
            return true;
        var place = at.tick + "/" + at.track;
        if (seen[place])
            return false;  // in a circle, or it didn't move
        seen[place] = true;
        host.cmd(command);
    }
    return false;
}

// region: {startTick, endTick, firstStaff, lastStaff} as of selection.js
function select(host, region, range) {
    if (isRange(range(host), region))
        return true;
    if (!goTo(host, region, range))
        return false;
    host.cmd("select-next-measure");
    var found = range(host);
    // True while a command brings the selection's end nearer
    function moved(command, edge) {
        var before = found[edge];
        host.cmd(command);
        found = range(host);
        return !!found && found[edge] !== before;
    }
    while (found && found.lastStaff < region.lastStaff && moved("select-staff-below", "lastStaff")) {
        // one staff more
    }
    if (found && region.endTick === host.curScore.lastSegment.tick)
        moved("select-end-score", "endTick");
    while (found && found.endTick < region.endTick && moved("select-next-measure", "endTick")) {
        // one measure more
    }
    while (found && found.endTick > region.endTick && moved("select-prev-measure", "endTick")) {
        // one less: from a rest that fills its measure the first step takes two
    }
    return isRange(found, region);
}

if (typeof module !== "undefined")
    module.exports = { select: select, goTo: goTo, isRange: isRange };

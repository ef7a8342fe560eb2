// In front of everything that the tests run inside MuseScore.
function measureTick(index) {
    var measure = curScore.firstMeasure;
    for (var i = 0; i < index; i++)
        measure = measure.nextMeasure;
    return measure.firstSegment.tick;
}
function at() {
    var elements = curScore.selection.elements;
    for (var p = elements.length ? elements[0] : null; p; p = p.parent)
        if (p.type === Element.SEGMENT)
            return p.tick;
    return -1;
}
// Selects measures [start, stop) and staves [first, last], as a person does with the keyboard
function choose(start, stop, first, last) {
    cmd("escape");
    cmd("first-element");
    cmd("next-measure");
    if (start === 0 && at() > 0)
        cmd("prev-measure");
    for (var i = 0; i < 1000 && at() < measureTick(start); i++)
        cmd("next-measure");
    for (i = 0; i < 1000 && Math.floor(curScore.selection.elements[0].track / 4) < first; i++)
        cmd("next-track");
    cmd("select-next-measure");
    for (i = first; i < last; i++)
        cmd("select-staff-below");
    var end = stop < curScore.nmeasures ? measureTick(stop) : -1;
    if (end < 0)
        cmd("select-end-score");
    for (i = 0; i < 1000 && chosen()[1] !== end; i++)
        cmd(end < 0 || (chosen()[1] >= 0 && chosen()[1] < end) ? "select-next-measure" : "select-prev-measure");
    return chosen();
}
// -> [start tick, end tick or -1 for the score's end, first staff, last staff], null without a range
function chosen() {
    var c = curScore.newCursor();
    c.rewind(1);
    if (!c.segment)
        return null;
    var found = [c.tick, 0, c.staffIdx, 0];
    c.rewind(2);
    found[1] = c.segment ? c.tick : -1;
    found[3] = c.staffIdx;
    return found;
}
function show(path) {
    readScore(path);
    return curScore.scoreName;
}
function editFirstNote() {
    curScore.startCmd();
    var c = curScore.newCursor();
    c.rewind(0);
    c.setDuration(1, 4);
    c.addNote(60);
    curScore.endCmd();
}
// The item of that object name which is drawn inside another, null if there is none
function part(item, name) {
    if (item.objectName === name)
        return item;
    for (var i = 0; i < item.children.length; i++) {
        var found = part(item.children[i], name);
        if (found)
            return found;
    }
    return null;
}

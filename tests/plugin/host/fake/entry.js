// What is written into the fake score and removed from it, as MuseScore's engine does:
// - a note that doesn't fit goes on after the barline, tied, past the end into a new measure (dom/cmd.cpp, setNoteRest);
// - over the first note of a tuplet it is written into the tuplet;
// - a removed chord leaves a rest; a rest is only removed from voices 2 to 4 (dom/edit.cpp, deleteItem), where it is a
//   gap until the whole measure consists of gaps.

// Writes a note, or a rest where `pitch` is null; -> the last piece
Music.prototype.setNoteRest = function (track, at, nominal, pitch) {
  this.mustBeOpen();
  this.expandVoice(track, at);
  var first = this.itemAt(track, at);
  if (!first)
    misuse("nothing to write over at tick " + ticksOf(at) + " of track " + track);
  var tuplet = first.tuplet, last = null, left = nominal;
  while (left > 0) {
    var got = this.makeGap(track, at, left, tuplet);
    if (got === 0)
      misuse("no gap at tick " + ticksOf(at) + " of track " + track);
    var values = valuesFilling(got);
    if (isNoteValue(got))
      values = [got];
    for (var i = 0; i < values.length; i++) {
      var scale = tuplet ? tuplet.normal / tuplet.actual : 1;
      var note = pitch === null ? null : this.note(track, pitch);
      var piece = this.insert(track, { at: at, nominal: values[i], length: values[i] * scale, notes: note ? [note] : null, tuplet: tuplet });
      if (last && note) {
        last.notes[0].next = note;
        note.previous = last.notes[0];
      }
      last = piece;
      at += piece.length;
    }
    left -= got;
    tuplet = null;
    if (left > 0) {
      if (at >= this.end())
        this.appendMeasures(1);
      if (!this.itemAt(track, at))
        this.expandVoice(track, at);
      tuplet = this.itemAt(track, at).tuplet;
    }
  }
  return last;
};

var USUAL_TPC = [14, 21, 16, 11, 18, 13, 20, 15, 22, 17, 12, 19];

Music.prototype.note = function (track, pitch) {
  var tpc = USUAL_TPC[pitch % 12];
  return { pitch: pitch, tpc1: tpc, tpc2: tpc + this.staves[track >> 2].transposition, next: null, previous: null };
};

Music.prototype.addToChord = function (item, pitch) {
  this.mustBeOpen();
  var music = this, pieces = [item];
  for (var back = item; back.notes[0].previous; ) {
    back = this.owner(item.track, back.notes[0].previous);
    pieces.unshift(back);
  }
  for (var on = item; on.notes[0].next; ) {
    on = this.owner(item.track, on.notes[0].next);
    pieces.push(on);
  }
  if (this.chordsGrowAlone)
    pieces = [item]; // as in releases before notes were added to all pieces of a tied chord
  var before = null;
  pieces.forEach(function (piece) {
    var note = music.note(item.track, pitch);
    if (piece.notes.some(function (other) { return other.pitch === pitch; }))
      misuse("pitch " + pitch + " twice in one chord");
    if (before) {
      before.next = note;
      note.previous = before;
    }
    piece.notes.push(note);
    piece.notes.sort(function (a, b) { return a.pitch - b.pitch; });
    before = note;
  });
};

Music.prototype.owner = function (track, note) {
  return this.tracks[track].filter(function (item) { return item.notes && item.notes.indexOf(note) >= 0; })[0];
};

Music.prototype.addTuplet = function (track, at, actual, normal, length) {
  this.mustBeOpen();
  var measure = this.measureAt(at), base = length / normal;
  if (at + length > measure.start + measure.length)
    misuse("a tuplet over a barline");
  if (!isNoteValue(base))
    misuse("a tuplet of " + actual + " in the time of " + normal + " can't be " + ratioOf(length).join("/") + " long");
  this.expandVoice(track, at);
  var first = this.itemAt(track, at);
  if (first.tuplet)
    misuse("a tuplet inside a tuplet");
  var notes = first.notes, got = this.makeGap(track, at, length, null);
  if (got !== length)
    misuse("no room for a tuplet");
  var tuplet = { track: track, at: at, actual: actual, normal: normal, base: base, length: length, gone: false };
  for (var i = 0; i < actual; i++)
    this.insert(track, { at: at + i * length / actual, nominal: base, length: length / actual, notes: i === 0 ? notes : null, tuplet: tuplet });
};

Music.prototype.deleteItem = function (item) {
  this.mustBeOpen();
  if (item.gone)
    misuse("an element is removed that isn't in the score any more");
  if (item.notes) {
    this.remove(item);
    this.insert(item.track, { at: item.at, nominal: item.nominal, length: item.length, notes: null, tuplet: item.tuplet });
  } else if (item.track % 4 && !item.tuplet)
    this.deleteRest(item);
};

Music.prototype.deleteRest = function (item) {
  var music = this, measure = this.measureAt(item.at);
  var items = this.within(item.track, measure.start, measure.start + measure.length);
  item.gap = true;
  if (items.every(function (other) { return !other.notes && other.gap; })) {
    items.forEach(function (other) { music.remove(other); });
    return;
  }
  var from = items.indexOf(item), to = from;
  while (from > 0 && !items[from - 1].notes && items[from - 1].gap)
    from--;
  while (to + 1 < items.length && !items[to + 1].notes && items[to + 1].gap)
    to++;
  if (from === to)
    return;
  var start = items[from].at, stop = items[to].at + items[to].length;
  items.slice(from, to + 1).forEach(function (other) { music.remove(other); });
  this.rests(item.track, start, stop, true);
};

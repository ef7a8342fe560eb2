// The fake score's content and the edits that MuseScore's engine makes of it, with its semantics:
// - a voice of a measure is full or empty for voice 1, and may have gaps for voices 2 to 4 (dom/cmd.cpp expandVoice
//   fills a voice with rests from the measure's start to its end when something is written into it);
// - writing makes a gap first: it takes the notes in its way, whole tuplets included, ends at the barline or at
//   the end of the tuplet it began in, and fills what it took too much with a copy of what it cut (makeGap, addClone);
// - a note that doesn't fit goes on after the barline, tied (setNoteRest), past the end into a new measure;
// - a removed chord leaves a rest; a rest is only removed from voices 2 to 4 (edit.cpp deleteItem), where it is a gap
//   until the whole measure consists of gaps.
// Facts from MuseScore's src/engraving (4.x) as published; no code of it.

function Music(plan) {
  this.title = plan.title || "";
  this.measures = [];   // {start, length, nominal: [beats, type], irregular}
  this.staves = [];     // {part, transposition (fifths of written over sounding), keys: {measure: fifths}}
  this.parts = plan.parts;
  this.tracks = [];     // of items {at, nominal, length, tuplet, notes | null, gap, whole, gone}
  this.edits = 0;
  this.open = false;
}

Music.prototype.end = function () {
  var last = this.measures[this.measures.length - 1];
  return last.start + last.length;
};

Music.prototype.addMeasures = function (count, nominal, length) {
  for (var i = 0; i < count; i++) {
    var start = this.measures.length ? this.end() : 0;
    this.measures.push({ start: start, length: length, nominal: nominal, irregular: length !== WHOLE * nominal[0] / nominal[1] });
    for (var staff = 0; staff < this.staves.length; staff++)
      this.insert(4 * staff, { at: start, nominal: length, length: length, notes: null, whole: true });
  }
};

Music.prototype.appendMeasures = function (count) {
  this.mustBeOpen();
  var last = this.measures[this.measures.length - 1];
  this.addMeasures(count, last.nominal, WHOLE * last.nominal[0] / last.nominal[1]);
};

Music.prototype.mustBeOpen = function () {
  if (!this.open)
    misuse("an edit outside startCmd and endCmd");
  this.edits++;
};

Music.prototype.measureAt = function (at) {
  for (var i = 0; i < this.measures.length; i++)
    if (at < this.measures[i].start + this.measures[i].length)
      return this.measures[i];
  return null;
};

Music.prototype.insert = function (track, item) {
  var items = this.tracks[track], i = 0;
  item.track = track;
  item.tuplet = item.tuplet || null;
  item.gap = !!item.gap;
  item.whole = !!item.whole;
  item.gone = false;
  while (i < items.length && items[i].at < item.at)
    i++;
  items.splice(i, 0, item);
  return item;
};

Music.prototype.remove = function (item) {
  var items = this.tracks[item.track];
  item.gone = true;
  items.splice(items.indexOf(item), 1);
  (item.notes || []).forEach(function (note) {
    if (note.next)
      note.next.previous = null;
    if (note.previous)
      note.previous.next = null;
    note.next = note.previous = null;
  });
};

Music.prototype.itemAt = function (track, at) {
  var items = this.tracks[track];
  for (var i = 0; i < items.length; i++)
    if (items[i].at === at)
      return items[i];
  return null;
};

Music.prototype.within = function (track, start, stop) {
  return this.tracks[track].filter(function (item) { return item.at >= start && item.at < stop; });
};

Music.prototype.rests = function (track, start, stop, gap) {
  if (stop <= start)
    return;
  var measure = this.measureAt(start);
  if (start === measure.start && stop === measure.start + measure.length) {
    this.insert(track, { at: start, nominal: measure.length, length: measure.length, notes: null, whole: true, gap: gap });
    return;
  }
  var music = this;
  valuesFilling(stop - start).forEach(function (value) {
    music.insert(track, { at: start, nominal: value, length: value, notes: null, gap: gap });
    start += value;
  });
};

Music.prototype.expandVoice = function (track, at) {
  if (this.itemAt(track, at))
    return;
  var measure = this.measureAt(at), stop = measure.start + measure.length, start = measure.start, music = this;
  this.within(track, measure.start, stop).forEach(function (item) {
    if (item.at < at) {
      start = item.at + item.length;
      if (start > at)
        misuse("voice " + (track % 4 + 1) + " has a longer note or rest where something is written");
    } else
      stop = Math.min(stop, item.at);
  });
  if (start === measure.start && stop === measure.start + measure.length && at !== start) {
    music.rests(track, start, at);
    start = at;
  } else if (start < at) {
    music.rests(track, start, at);
    start = at;
  }
  music.rests(track, start, stop);
};

Music.prototype.deleteTuplet = function (tuplet) {
  var music = this;
  this.within(tuplet.track, tuplet.at, tuplet.at + tuplet.length).forEach(function (item) { music.remove(item); });
  tuplet.gone = true;
};

// -> nominal length of the gap, at most `wanted`, and at most up to the barline or the end of `tuplet`
Music.prototype.makeGap = function (track, at, wanted, tuplet) {
  var measure = this.measureAt(at), stop = measure.start + measure.length, got = 0, music = this;
  var items = this.within(track, at, stop);
  for (var i = 0; i < items.length && got < wanted; i++) {
    var item = items[i];
    if (item.gone)
      continue;
    if (tuplet && item.tuplet !== tuplet)
      break;
    var taken = item.nominal, cut = item;
    if (item.tuplet !== tuplet) {
      taken = item.tuplet.length;
      music.deleteTuplet(item.tuplet);
      cut = { notes: null };
    } else
      music.remove(item);
    if (got + taken > wanted) {
      music.fillTail(track, at, wanted, got + taken - wanted, tuplet, cut);
      return wanted;
    }
    got += taken;
  }
  return got;
};

Music.prototype.fillTail = function (track, at, offset, nominal, tuplet, cut) {
  var music = this, scale = tuplet ? tuplet.normal / tuplet.actual : 1, start = at + offset * scale;
  var values = valuesFilling(nominal);
  (tuplet ? values.reverse() : values).forEach(function (value) {
    var notes = cut.notes ? cut.notes.map(function (n) { return { pitch: n.pitch, tpc1: n.tpc1, tpc2: n.tpc2 }; }) : null;
    music.insert(track, { at: start, nominal: value, length: value * scale, notes: notes, tuplet: tuplet });
    start += value * scale;
  });
};

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

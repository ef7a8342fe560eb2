// The fake score's content, and how MuseScore's engine makes room in it:
// - voice 1 of a measure is full, voices 2 to 4 may have gaps or nothing; when something is written into a voice it is
//   filled with rests from the measure's start to its end (dom/cmd.cpp, expandVoice);
// - a gap takes the notes in its way, whole tuplets included, ends at the barline or at the end of the tuplet it began
//   in, and fills what it took too much with a copy of what it cut (makeGap, addClone).
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

// What a plugin sees of the fake score: MuseScore's wrapper objects. An object answers only to the names of the API
// table (plugins.qmltypes, the members that all of 4.x have): anything else is a misuse, not `undefined`.

var fakeApi = {}; // type -> list of names, from the table; `fakeTables(...)` sets it

function fakeTables(tables) {
  fakeApi = tables;
}

function strict(type, object) {
  var names = fakeApi[type];
  if (!names)
    throw new Error("the API table has no type " + type);
  function known(name) {
    return typeof name !== "string" || names.indexOf(name) >= 0 || name.charAt(0) === "_"
      || ["toString", "valueOf", "toJSON", "constructor", "then", "objectName"].indexOf(name) >= 0;
  }
  return new Proxy(object, {
    get: function (target, name) {
      if (!known(name))
        misuse(type + " has no member " + name);
      return target[name];
    },
    set: function (target, name, value) {
      if (!known(name))
        misuse(type + " has no member " + name);
      var property = Object.getOwnPropertyDescriptor(target, name);
      if (!property || !property.set)
        misuse(type + "." + name + " can't be written");
      target[name] = value;
      return true;
    }
  });
}

function fakeFraction(numerator, denominator) {
  return strict("Fraction", {
    numerator: numerator, denominator: denominator,
    get ticks() { return Math.round(1920 * numerator / denominator); },
    get str() { return numerator + "/" + denominator; }
  });
}

function fractionOf(units) {
  var ratio = ratioOf(units);
  return fakeFraction(ratio[0], ratio[1]);
}

var FAKE_ELEMENT = { INVALID: 0, MEASURE: 91, NOTE: 20, REST: 25, SEGMENT: 90, CHORD: 92, TUPLET: 97 };

function wrapNote(music, item, note) {
  function setter(name) {
    return function (tpc) {
      music.mustBeOpen();
      if (typeof tpc !== "number" || tpc < -1 || tpc > 33)
        misuse(name + " is " + tpc);
      if (name === "tpc1" && (((tpc - 14) * 7) % 12 + 12) % 12 !== note.pitch % 12)
        misuse("tpc1 " + tpc + " isn't a name of pitch " + note.pitch);
      note[name] = tpc;
    };
  }
  return strict("Note", {
    type: FAKE_ELEMENT.NOTE,
    get pitch() { return note.pitch; },
    get tpc() { return note.tpc2; },
    get tpc1() { return note.tpc1; }, set tpc1(value) { setter("tpc1")(value); },
    get tpc2() { return note.tpc2; }, set tpc2(value) { setter("tpc2")(value); },
    get tieBack() { return note.previous ? strict("Tie", {}) : null; },
    get tieForward() { return note.next ? strict("Tie", {}) : null; }
  });
}

function wrapTuplet(music, tuplet) {
  return strict("Tuplet", {
    type: FAKE_ELEMENT.TUPLET, _tuplet: tuplet, tuplet: null,
    actualNotes: tuplet.actual, normalNotes: tuplet.normal,
    get duration() { return fractionOf(tuplet.length); },
    get actualDuration() { return fractionOf(tuplet.length); }
  });
}

function wrapItem(music, item) {
  if (!item)
    return null;
  var common = {
    _item: item, track: item.track,
    type: item.notes ? FAKE_ELEMENT.CHORD : FAKE_ELEMENT.REST,
    get duration() { return fractionOf(item.nominal); },
    get actualDuration() { return fractionOf(item.length); },
    get tuplet() { return item.tuplet ? wrapTuplet(music, item.tuplet) : null; }
  };
  if (!item.notes) {
    Object.defineProperty(common, "gap", { get: function () { return item.gap; } });
    return strict("Rest", common);
  }
  Object.defineProperty(common, "notes", {
    get: function () { return item.notes.map(function (note) { return wrapNote(music, item, note); }); }
  });
  common.graceNotes = [];
  return strict("Chord", common);
}

// Segments are the onsets of all tracks of a measure, and its end (a barline, without elements).
function onsets(music) {
  if (music.onsetsAfter === music.edits && music.onsetsKnown)
    return music.onsetsKnown;
  var seen = {}, all = [];
  music.tracks.forEach(function (items) {
    items.forEach(function (item) {
      if (!seen[item.at]) {
        seen[item.at] = true;
        all.push(item.at);
      }
    });
  });
  music.onsetsAfter = music.edits;
  music.onsetsKnown = all.sort(function (a, b) { return a - b; });
  return music.onsetsKnown;
}

function wrapSegment(music, at) {
  if (at === null)
    return null;
  function beside(step) {
    var all = onsets(music), index = all.indexOf(at) + step;
    if (at === music.end())
      index = step < 0 ? all.length - 1 : all.length;
    else if (index === step - 1)
      misuse("a segment is used that isn't in the score any more");
    if (index === all.length && at !== music.end())
      return wrapSegment(music, music.end());
    return index >= 0 && index < all.length ? wrapSegment(music, all[index]) : null;
  }
  return strict("Segment", {
    _at: at, type: FAKE_ELEMENT.SEGMENT,
    get tick() { return ticksOf(at); },
    get segmentType() { return at === music.end() ? 512 : 128; },
    get next() { return beside(1); },
    get prev() { return beside(-1); },
    elementAt: function (track) { return wrapItem(music, music.itemAt(track, at)); }
  });
}

function wrapMeasure(music, index) {
  var measure = music.measures[index];
  if (!measure)
    return null;
  return strict("Measure", {
    type: FAKE_ELEMENT.MEASURE,
    get firstSegment() { return wrapSegment(music, measure.start); },
    get lastSegment() {
      var end = measure.start + measure.length;
      if (end === music.end())
        return wrapSegment(music, end);
      var inside = onsets(music).filter(function (at) { return at >= measure.start && at < end; });
      return wrapSegment(music, inside[inside.length - 1]);
    },
    get nextMeasure() { return wrapMeasure(music, index + 1); },
    get prevMeasure() { return wrapMeasure(music, index - 1); },
    get timesigActual() { return fractionOf(measure.length); },
    get timesigNominal() { return fakeFraction(measure.nominal[0], measure.nominal[1]); },
    get irregular() { return measure.irregular; },
    get noOffset() { return 0; }
  });
}

// A fake score from a plan, as the host object of a plugin, and back as plain data.
//
// plan: {title, division?, parts: [{name, program, kind?, transposition?, staves: [voices by measure…]}],
//        measures: [{beats, type, length?: [n, d], fifths?}], selection?: {start, stop, firstStaff, staffStop}}
// A staff is {measure index: {voice: [item…]}}; an item is [[n, d], pitches | null] or {tuplet: [actual, normal, [n, d]],
// items}; pitches are numbers, or [pitch, tpc]; a fourth of `true` ties to the next item of the voice.
// A measure that isn't mentioned is empty.

function units(ratio) {
  return WHOLE * ratio[0] / ratio[1];
}

function fakeMusic(plan) {
  var music = new Music(plan);
  plan.parts.forEach(function (part, index) {
    part.staves.forEach(function () {
      music.staves.push({ part: index, transposition: part.transposition || 0 });
      for (var voice = 0; voice < 4; voice++)
        music.tracks.push([]);
    });
  });
  var fifths = 0;
  music.fifths = [];
  plan.measures.forEach(function (measure) {
    music.addMeasures(1, [measure.beats, measure.type], units(measure.length || [measure.beats, measure.type]));
    fifths = measure.fifths === undefined ? fifths : measure.fifths;
    music.fifths.push(fifths);
  });
  music.keyAt = function (staff, at) {
    var index = music.measures.indexOf(music.measureAt(at));
    var written = music.fifths[Math.min(index, music.fifths.length - 1)] + music.staves[staff].transposition;
    return written > 7 ? written - 12 : written < -7 ? written + 12 : written;
  };
  var staffIndex = 0;
  plan.parts.forEach(function (part) {
    part.staves.forEach(function (staff) {
      for (var measure in staff)
        for (var voice in staff[measure])
          putVoice(music, 4 * staffIndex + Number(voice) - 1, music.measures[measure].start, staff[measure][voice]);
      staffIndex++;
    });
  });
  music.tracks.forEach(connectTies);
  music.edits++;
  return music;
}

function putVoice(music, track, at, items) {
  music.within(track, at, at + 1).forEach(function (item) { if (item.whole) music.remove(item); });
  function put(value, pitches, tied, tuplet) {
    var scale = tuplet ? tuplet.normal / tuplet.actual : 1;
    var notes = pitches && pitches.map(function (pitch) {
      var note = music.note(track, typeof pitch === "number" ? pitch : pitch[0]);
      if (typeof pitch !== "number") {
        note.tpc2 += pitch[1] - note.tpc1;
        note.tpc1 = pitch[1];
      }
      note.ties = tied;
      return note;
    });
    music.insert(track, { at: at, nominal: units(value), length: units(value) * scale, notes: notes, tuplet: tuplet });
    at += units(value) * scale;
  }
  items.forEach(function (item) {
    if (!item.tuplet)
      return put(item[0], item[1], item[2], null);
    var tuplet = { track: track, at: at, actual: item.tuplet[0], normal: item.tuplet[1], length: units(item.tuplet[2]), gone: false };
    tuplet.base = tuplet.length / tuplet.normal;
    item.items.forEach(function (inner) { put(inner[0], inner[1], inner[2], tuplet); });
  });
}

function connectTies(items) {
  items.forEach(function (item, index) {
    (item.notes || []).forEach(function (note) {
      var follower = items[index + 1];
      if (note.ties && follower && follower.notes)
        follower.notes.forEach(function (other) {
          if (other.pitch === note.pitch) {
            note.next = other;
            other.previous = note;
          }
        });
    });
  });
}

function fakeSelection(music, state) {
  return strict("Selection", {
    get isRange() { return !!state.range; },
    get startSegment() { return state.range ? wrapSegment(music, state.range.start) : null; },
    get endSegment() { return state.range && state.range.stop < music.end() ? wrapSegment(music, state.range.stop) : null; },
    get startStaff() { return state.range ? state.range.firstStaff : 0; },
    get endStaff() { return state.range ? state.range.staffStop : 0; },
    elements: [],
    selectRange: function (start, stop, firstStaff, staffStop) {
      if (firstStaff >= staffStop || stop <= start)
        return false;
      state.range = { start: start * TICK, stop: stop * TICK, firstStaff: firstStaff, staffStop: staffStop };
      return true;
    },
    clear: function () {
      state.range = null;
      return true;
    }
  });
}

function fakePart(music, plan, index) {
  var first = music.staves.map(function (staff) { return staff.part; }).indexOf(index);
  var kind = plan.kind || "pitched";
  return strict("Part", {
    startTrack: 4 * first, endTrack: 4 * (first + plan.staves.length),
    partName: plan.name || "", longName: plan.name || "", shortName: "",
    midiProgram: plan.program === undefined ? -1 : plan.program, midiChannel: 0, instrumentId: "",
    hasPitchedStaff: kind === "pitched", hasDrumStaff: kind === "percussion", hasTabStaff: kind === "tablature"
  });
}

function fakeScore(music, undoLog, plan, state) {
  return strict("Score", {
    get title() { return plan.title || ""; },
    get scoreName() { return plan.title || "untitled"; },
    get nstaves() { return music.staves.length; },
    get ntracks() { return music.tracks.length; },
    get nmeasures() { return music.measures.length; },
    get firstMeasure() { return wrapMeasure(music, 0); },
    get lastMeasure() { return wrapMeasure(music, music.measures.length - 1); },
    get lastSegment() { return wrapSegment(music, music.end()); },
    get parts() { return plan.parts.map(function (part, index) { return fakePart(music, part, index); }); },
    get selection() { return fakeSelection(music, state); },
    get style() { return strict("Style", { value: function (key) { return key === "concertPitch" ? 0 : undefined; } }); },
    firstSegment: function () { return wrapSegment(music, onsets(music)[0]); },
    newCursor: function () { return FakeCursor(music, state); },
    appendMeasures: function (count) { music.appendMeasures(count); },
    startCmd: function (name) { undoLog.start(name); },
    endCmd: function (rollback) { undoLog.finish(rollback === true); }
  });
}

// -> {score, cmd, fraction, removeElement, ...}: what the root object of a plugin offers, and what a test needs
function fakeHost(plan, version) {
  var music = fakeMusic(plan), undoLog = new UndoLog(music), state = { range: null }, commands = [];
  fakeMisuses.length = 0;
  if (plan.selection)
    state.range = {
      start: plan.selection.startTick === undefined ? music.measures[plan.selection.start].start : plan.selection.startTick * TICK,
      stop: plan.selection.stop < music.measures.length ? music.measures[plan.selection.stop].start : music.end(),
      firstStaff: plan.selection.firstStaff, staffStop: plan.selection.staffStop
    };
  music.chordsGrowAlone = !!plan.chordsGrowAlone;
  var parts = (version || "4.6.5").split(".");
  var score = fakeScore(music, undoLog, plan, state);
  return {
    curScore: score, division: 480,
    mscoreMajorVersion: Number(parts[0]), mscoreMinorVersion: Number(parts[1]), mscoreUpdateVersion: Number(parts[2]),
    Element: FAKE_ELEMENT, Segment: { ChordRest: 128, All: -1 },
    fraction: function (n, d) { return fakeFraction(n, d); },
    removeElement: function (element) {
      if (element._tuplet) {
        music.mustBeOpen();
        if (element._tuplet.gone)
          misuse("a tuplet is removed that isn't in the score any more");
        music.deleteTuplet(element._tuplet);
        music.rests(element._tuplet.track, element._tuplet.at, element._tuplet.at + element._tuplet.length);
      } else
        music.deleteItem(element._item);
    },
    newElement: function () { return misuse("newElement"); },
    writeScore: function () { return false; },  // there, and does nothing
    readScore: function () { return null; },
    closeScore: function () {},
    cmd: function (name) {
      commands.push(name);
      if (name === "undo")
        undoLog.undo();
      else if (name === "redo")
        undoLog.redo();
    },
    _music: music, _undoLog: undoLog, _commands: commands, _misuses: fakeMisuses
  };
}

// Every voice of every measure: [onset in the measure, length, pitches, tuplet?, tied on?, …] in whole notes, for reading back.
function fakeDump(host) {
  var music = host._music;
  return music.measures.map(function (measure) {
    var voices = {};
    music.tracks.forEach(function (items, track) {
      var inside = music.within(track, measure.start, measure.start + measure.length);
      if (inside.length)
        voices[track] = inside.map(function (item) {
          return {
            onset: ratioOf(item.at - measure.start), value: ratioOf(item.nominal), length: ratioOf(item.length),
            pitches: item.notes && item.notes.map(function (note) { return note.pitch; }),
            tpcs: item.notes && item.notes.map(function (note) { return [note.tpc1, note.tpc2]; }),
            tied: !!item.notes && item.notes.some(function (note) { return !!note.next; }),
            tuplet: item.tuplet ? [item.tuplet.actual, item.tuplet.normal, ratioOf(item.tuplet.length), ratioOf(item.tuplet.at - measure.start)] : null,
            whole: item.whole, gap: item.gap
          };
        });
    });
    return { length: ratioOf(measure.length), voices: voices };
  });
}

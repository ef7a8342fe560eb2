// The cursor, with the ways of MuseScore's (api/v1/cursor.cpp, dom/input.cpp, dom/noteentry.cpp):
// - rewind and rewindToTick move on to the first segment that has something in the cursor's track; setting `track`
//   doesn't move; rewindToTick past the score's end crashes;
// - addNote and addRest move on to the next segment of the voice, or to the next measure, and stay at the score's end;
// - addNote(pitch, true) adds to the chord that was written last, or that the cursor was moved to;
// - addTuplet stays at the tuplet's start and sets the duration to its unit.

function FakeCursor(music, selection) {
  var at = null, lastAt = null, track = 0, length = null;

  function moveTo(where) {
    at = where;
    lastAt = where;
  }
  function nextInTrack(all, index) {
    while (index < all.length && !music.itemAt(track, all[index]))
      index++;
    moveTo(index < all.length ? all[index] : null);
  }
  function here() {
    if (at === null)
      misuse("a cursor writes without a position");
    if (onsets(music).indexOf(at) < 0)
      misuse("a cursor stands on a segment that isn't in the score any more");
  }
  function wrote(last) {
    var measure = music.measureAt(last.at), all = onsets(music), stop = measure.start + measure.length;
    lastAt = at = last.at;
    for (var i = all.indexOf(at) + 1; i < all.length; i++)
      if (music.itemAt(track, all[i]) || all[i] >= stop) {
        at = all[i];
        return;
      }
  }
  function setTrack(value) {
    track = Math.max(0, Math.min(music.tracks.length - 1, value));
  }

  return strict("Cursor", {
    get track() { return track; }, set track(value) { setTrack(value); },
    get staffIdx() { return track >> 2; }, set staffIdx(value) { setTrack(4 * value + track % 4); },
    get voice() { return track % 4; }, set voice(value) { setTrack(4 * (track >> 2) + value); },
    get tick() { return at === null ? 0 : ticksOf(at); },
    get segment() { return wrapSegment(music, at); },
    get element() { return at === null ? null : wrapItem(music, music.itemAt(track, at)); },
    get measure() { return at === null ? null : wrapMeasure(music, music.measures.indexOf(music.measureAt(at))); },
    get keySignature() { return music.keyAt(track >> 2, at === null ? 0 : at); },
    rewind: function (mode) {
      if (mode === 0)
        nextInTrack(onsets(music), 0);
      else if (selection.range) {
        if (mode === 1) {
          track = 4 * selection.range.firstStaff;
          nextInTrack(onsets(music), onsets(music).indexOf(selection.range.start));
        } else {
          moveTo(selection.range.stop >= music.end() ? null : selection.range.stop);
          track = 4 * selection.range.staffStop - 1;
        }
      }
    },
    rewindToTick: function (tick) {
      var all = onsets(music), index = -1;
      if (tick + 1 > ticksOf(music.end()))
        misuse("rewindToTick(" + tick + ") past the score's end: MuseScore crashes");
      while (index + 1 < all.length && ticksOf(all[index + 1]) <= tick + 1)
        index++;
      nextInTrack(all, index);
    },
    next: function () {
      if (at === null)
        return false;
      var all = onsets(music);
      nextInTrack(all, all.indexOf(at) + 1);
      return at !== null;
    },
    nextMeasure: function () {
      if (at === null)
        return false;
      var measure = music.measureAt(at), all = onsets(music);
      nextInTrack(all, all.filter(function (other) { return other < measure.start + measure.length; }).length);
      return at !== null;
    },
    setDuration: function (numerator, denominator) {
      length = denominator === 0 ? QUARTER : truncated(WHOLE * numerator / denominator);
    },
    addNote: function (pitch, addToChord) {
      here();
      if (typeof pitch !== "number" || !(pitch >= 0 && pitch <= 127) || pitch !== Math.floor(pitch))
        misuse("addNote(" + pitch + ")");
      if (addToChord) {
        var chord = lastAt === null ? null : music.itemAt(track, lastAt);
        if (!chord || !chord.notes)
          misuse("addNote to a chord where none was written");
        music.addToChord(chord, pitch);
        if (lastAt === at)
          wrote(chord);
      } else
        wrote(music.setNoteRest(track, at, length || QUARTER, pitch));
    },
    addRest: function () {
      here();
      wrote(music.setNoteRest(track, at, length || QUARTER, null));
    },
    addTuplet: function (ratio, duration) {
      here();
      music.addTuplet(track, at, ratio.numerator, ratio.denominator, WHOLE * duration.numerator / duration.denominator);
      length = WHOLE * duration.numerator / duration.denominator / ratio.denominator;
    }
  });
}

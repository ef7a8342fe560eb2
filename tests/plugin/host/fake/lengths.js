// Lengths of the fake score: whole numbers of units, so that triplets, quintuplets and septuplets are exact.
// The plugin sees ticks (480 a quarter, rounded) and fractions of a whole note, as in MuseScore.

var TICK = 9009; // units: 3 * 3 * 7 * 11 * 13
var QUARTER = 480 * TICK;
var WHOLE = 4 * QUARTER;

function misuse(what) {
  // What MuseScore answers with a warning that nobody reads, or with a crash, ends a test here.
  fakeMisuses.push(what);
  throw new Error("misuse: " + what);
}
var fakeMisuses = [];

function ticksOf(units) {
  return Math.round(units / TICK);
}

function greatestDivisor(a, b) {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

function ratioOf(units) {
  var shared = greatestDivisor(units, WHOLE);
  return [units / shared, WHOLE / shared];
}

// Undotted values from the longa to the 1024th, each with up to four dots.
function noteValues(mostDots) {
  var values = [];
  for (var exponent = 2; exponent >= -10; exponent--)
    for (var dots = mostDots; dots >= 0; dots--) {
      var plain = WHOLE * Math.pow(2, exponent);
      values.push(plain * (2 - Math.pow(2, -dots)));
    }
  return values.sort(function (a, b) { return b - a; });
}

function isNoteValue(units) {
  return noteValues(4).indexOf(units) >= 0;
}

// A cursor keeps one note value: what is more is cut off without a word (TDuration made of a Fraction).
function truncated(units) {
  if (isNoteValue(units))
    return units;
  var plain = noteValues(0);
  for (var i = 0; i < plain.length; i++)
    if (plain[i] <= units)
      return plain[i];
  return QUARTER;
}

// What several notes or rests of one value each fill `units`, longest first.
function valuesFilling(units) {
  var all = noteValues(1), list = [];
  for (var i = 0; i < all.length && units > 0; )
    if (all[i] <= units) {
      list.push(all[i]);
      units -= all[i];
    } else
      i++;
  if (units !== 0)
    misuse("no note values fill " + units + " units");
  return list;
}

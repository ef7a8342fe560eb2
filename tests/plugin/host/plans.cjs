// Scores for tests, and replies to write into them.

const metre = (count, beats = 4, type = 4) => Array.from({ length: count }, () => ({ beats, type }));
const quarters = (...pitches) => pitches.map((pitch) => [[1, 4], pitch === null ? null : [pitch]]);
const chord = (value, ...pitches) => ({ value, pitches: pitches.map((pitch) => ({ pitch, tpc: [14, 21, 16, 11, 18, 13, 20, 15, 22, 17, 12, 19][pitch % 12], tie: false })), measure: false });
const rest = (value, measure = false) => ({ value, pitches: [], measure });

// Two measures of notes, two empty ones.
const melody = () => ({
  title: "melody",
  measures: metre(4),
  parts: [{ name: "Flute", program: 73, staves: [{ 0: { 1: quarters(72, 74, 76, 77) }, 1: { 1: [[[1, 2], [79]], [[1, 2], null]] } }] }],
});

// A pickup, 3/4 to 4/4, a transposing part, two staves of a piano, two voices, triplets, a tie over a barline.
const ensemble = () => ({
  title: "ensemble",
  measures: [
    { beats: 3, type: 4, length: [1, 4], fifths: 2 }, { beats: 3, type: 4 }, { beats: 4, type: 4 }, { beats: 4, type: 4, fifths: -1 }, { beats: 4, type: 4 },
  ],
  parts: [
    { name: "Clarinet in Bb", program: 71, transposition: 2, staves: [{ 0: { 1: quarters(69) }, 1: { 1: quarters(71, 73, 74) }, 2: { 1: [{ tuplet: [3, 2, [1, 4]], items: [[[1, 8], [74]], [[1, 8], [76]], [[1, 8], [78]]] }, [[3, 4], [79], true]] }, 3: { 1: [[[1, 1], [79]]] } }] },
    { name: "Piano", program: 0, staves: [
      { 1: { 1: quarters(74, 76, 78), 2: [[[3, 4], [66]]] }, 2: { 1: [[[1, 1], [67, 71, 74]]] } },
      { 1: { 1: [[[3, 4], [50]]] }, 2: { 1: [[[1, 2], [43]], [[1, 2], [55]]], 3: [[[1, 1], null]] } },
    ] },
    { name: "Drums", program: 0, kind: "percussion", staves: [{}] },
  ],
});

const reply = (start, stop, staves, voices, append = 0) => ({
  version: 1, model: "m", seed: 1, start, stop, append, staves, notices: [], where: "", summary: "",
  seconds: { queued: 0, read: 0, fill: 0, write: 0, total: 0 },
  alternatives: [{ nll: 1, note_count: 1, voices, fragment: null }],
});
const voice = (staff, number, onset, ...items) => ({ staff, voice: number, onset, items });

module.exports = { metre, quarters, chord, rest, melody, ensemble, reply, voice };

"""What is taken out of a piece for a hole, and what is left."""

from __future__ import annotations

import numpy as np
from drawn_holes import HoleCase, hole_cases

from jaxmodels.hole_notes import known_and_hidden, without_hole
from jaxmodels.piece import DURATION, M_DURATION, M_ONSET, ONSET, PITCH, STAFF


def in_hole(case: HoleCase, onset: int, staff: int) -> bool:
    """Whether a note of the piece that begins at `onset` begins in the hole, found measure by measure."""
    for measure in range(case.hole.first, case.hole.last):
        start, length = case.piece.measures[measure, [M_ONSET, M_DURATION]]
        if start <= onset < start + length and staff in case.hole.staves:
            return bool(case.hole.mask[measure - case.hole.first, case.hole.staves.index(staff)])
    return False


def test_the_notes_that_begin_in_the_hole_go_and_all_others_stay() -> None:
    for case in hole_cases(3):
        kept = [note for note in case.piece.notes.tolist() if not in_hole(case, note[ONSET], note[STAFF])]
        assert without_hole(case.piece, case.hole).notes.tolist() == kept
        assert len(kept) < len(case.piece.notes)


def test_known_and_hidden_notes_are_the_window_cut_at_the_holes_borders() -> None:
    """Tick by tick: what sounds in the hole is hidden, what sounds around it known, and nothing is lost."""
    for case in hole_cases(3):
        hole = case.hole
        rows = case.piece.measures[hole.first : hole.last]
        start, length = int(rows[0, M_ONSET]), int(rows[:, M_DURATION].sum())
        masked = np.repeat(np.asarray(hole.mask, bool), rows[:, M_DURATION], axis=0)
        wanted = np.zeros((length, len(hole.staves), 128), bool)
        for onset, staff, pitch, duration in case.piece.notes:
            if start <= onset < start + length and staff in hole.staves:
                first = onset - start
                wanted[first : first + duration, hole.staves.index(staff), pitch + hole.shift] = True
        known, hidden = (sounding(notes, wanted.shape) for notes in known_and_hidden(case.piece, hole))
        np.testing.assert_array_equal(hidden, wanted & masked[..., None])
        np.testing.assert_array_equal(known, wanted & ~masked[..., None])


def sounding(notes: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    out = np.zeros(shape, bool)
    for onset, staff, pitch, duration in notes[:, [ONSET, STAFF, PITCH, DURATION]]:
        assert onset + duration <= shape[0]
        out[onset : onset + duration, staff, pitch] = True
    return out

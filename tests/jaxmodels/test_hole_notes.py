from __future__ import annotations

import numpy as np
from drawn_holes import hole_cases

from jaxmodels.hole_notes import without_hole


def test_no_note_of_the_hole_is_left() -> None:
    for case in hole_cases(3):
        rest = without_hole(case.piece, case.hole)
        bar = (
            np.searchsorted(case.piece.measures[:, 0], rest.notes[:, 0], side="right") - 1 - case.hole.first
        )
        for note_bar, staff in zip(bar, rest.notes[:, 1], strict=True):
            inside = 0 <= note_bar < len(case.hole.mask) and staff in case.hole.staves
            assert not (inside and case.hole.mask[note_bar, case.hole.staves.index(staff)])
        hidden = len(case.piece.notes) - len(rest.notes)
        assert hidden > 0

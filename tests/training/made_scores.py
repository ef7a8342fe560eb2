"""Little scores and corpora to train on."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np

from jaxmodels.piece import Piece
from jaxmodels.shards import Corpus

NOTE = "<note><pitch><step>{step}</step><octave>4</octave></pitch><duration>{length}</duration></note>"
ATTRIBUTES = """<attributes><divisions>2</divisions><time><beats>4</beats><beat-type>4</beat-type></time>
</attributes>"""
SCORE = """<score-partwise version="4.0"><part-list><score-part id="P1"><part-name>Tune</part-name>
</score-part></part-list><part id="P1">{measures}</part></score-partwise>"""


def tune(seed: int, measures: int = 24) -> str:
    """Return a MusicXML tune of quarters and eighths in 4/4 by dice."""
    dice = random.Random(seed)
    written = []
    for number in range(1, measures + 1):
        notes, left = "", 8
        while left:
            length = min(left, dice.choice((1, 1, 2)))
            notes += NOTE.format(step=dice.choice("CDEFGAB"), length=length)
            left -= length
        written.append(f'<measure number="{number}">{ATTRIBUTES if number == 1 else ""}{notes}</measure>')
    return SCORE.format(measures="".join(written))


def corpus_of(seeds: Sequence[int], splits: Sequence[int]) -> Corpus:
    """Return one-staff works of 16 measures of quarters; equal seeds are variants of one tune."""
    pieces = []
    for seed in seeds:
        onsets = 24 * np.arange(64)
        pitches = np.random.default_rng(seed).integers(60, 72, 64)
        notes = np.stack([onsets, 0 * onsets, pitches, 24 + 0 * onsets], axis=1).astype(np.int32)
        measures = np.array([[96 * bar, 96, 4, 4, 0, 1] for bar in range(16)], np.int32)
        pieces.append(Piece(notes, measures, np.zeros(1, np.int32)))
    count = len(seeds)
    return Corpus(
        pieces=pieces,
        work_ids=[f"mine/{number}.mxl" for number in range(count)],
        collections=np.zeros(count, np.int32),
        collection_names=["mine"],
        splits=np.array(splits, np.int8),
        styles=np.zeros(count, np.int32),
        style_names=["unknown"],
    )

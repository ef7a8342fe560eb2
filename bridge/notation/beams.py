"""Beams: which notes share one, and where its inner levels begin, break and hook."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from bridge.notation.metre import Metre
from bridge.notation.rhythm import Piece
from bridge.notation.values import BEAM_COUNT, GRID, LENGTH_OF_TYPE


def beams(
    pieces: Sequence[Piece], rests: Sequence[bool], resolution: int, metre: Metre
) -> list[tuple[str, ...]]:
    """Return the beam of each level for each piece (none for rests, long values, lone notes).

    - `rests`: which spans are rests, as in `rhythm.split`.
    """
    result: list[tuple[str, ...]] = [()] * len(pieces)
    for group in _groups(pieces, rests, resolution // GRID, metre):
        if len(group) > 1:
            for index, levels in zip(group, _levels([pieces[i] for i in group], resolution), strict=True):
                result[index] = levels
    return result


def _groups(pieces: Sequence[Piece], rests: Sequence[bool], per_grid: int, metre: Metre) -> list[list[int]]:
    """Return runs of neighbouring pieces that share a beam, as indexes."""
    beats = [position * per_grid for position in metre.beats]
    joined = _joined_beats(pieces, beats, per_grid, metre)
    groups: list[list[int]] = []
    last_key: object = None
    tuplet_start = 0
    for index, piece in enumerate(pieces):
        if piece.ratio and piece.ratio.first:
            tuplet_start = piece.start
        if rests[piece.span] or piece.type not in BEAM_COUNT:
            last_key = None
            continue
        beat = bisect_right(beats, piece.start) - 1
        key: object = ("beat", joined[beat])
        if piece.ratio and _spans_beats(pieces, index, beats):
            short = BEAM_COUNT.get(piece.ratio.type)
            key = ("tuplet", tuplet_start, 0 if short else _unit_number(piece, tuplet_start, per_grid))
        if key == last_key:
            groups[-1].append(index)
        else:
            groups.append([index])
        last_key = key
    return groups


def _spans_beats(pieces: Sequence[Piece], index: int, beats: Sequence[int]) -> bool:
    """Tell whether the tuplet around a piece covers more than one beat."""
    first = last = index
    while not _ratio_mark(pieces[first], "first"):
        first -= 1
    while not _ratio_mark(pieces[last], "last"):
        last += 1
    return bisect_right(beats, pieces[first].start) < bisect_right(beats, pieces[last].end - 1)


def _ratio_mark(piece: Piece, name: str) -> bool:
    return piece.ratio is None or getattr(piece.ratio, name)


def _unit_number(piece: Piece, tuplet_start: int, per_grid: int) -> int:
    assert piece.ratio
    written = (piece.start - tuplet_start) * piece.ratio.actual
    return written // (piece.ratio.normal * LENGTH_OF_TYPE[piece.ratio.type] * per_grid)


def _joined_beats(pieces: Sequence[Piece], beats: Sequence[int], per_grid: int, metre: Metre) -> list[int]:
    """Return for each beat the number of its beam group: beats of two plain eighths (or rests) join."""
    count = len(beats) - 1
    inside: list[list[Piece]] = [[] for _ in range(count + 1)]
    for piece in pieces:
        inside[bisect_right(beats, piece.start) - 1].append(piece)
    plain = [
        len(content) == 2
        and all(p.type == "eighth" and not p.dots and not p.ratio for p in content)
        and content[-1].end == beats[index + 1]
        for index, content in enumerate(inside[:count])
    ]
    walls = {position * per_grid for position in metre.halves}
    numbers = list(range(count + 1))
    for beat in range(1, count):
        if plain[beat] and plain[beat - 1] and beats[beat] not in walls:
            numbers[beat] = numbers[beat - 1]
    return numbers


def _levels(group: Sequence[Piece], resolution: int) -> list[tuple[str, ...]]:
    """Return the beam words of each note of one beamed group."""
    counts = [BEAM_COUNT[piece.type] for piece in group]
    fine = max(counts) >= 3
    words: list[list[str]] = [[] for _ in group]
    for level in range(1, max(counts) + 1):
        start = 0
        while start < len(group):
            if counts[start] < level:
                start += 1
                continue
            stop = start + 1
            while stop < len(group) and counts[stop] >= level:
                if fine and _broken(group[stop], level, resolution):
                    break
                stop += 1
            if stop - start > 1:
                words[start].append("begin")
                for index in range(start + 1, stop - 1):
                    words[index].append("continue")
                words[stop - 1].append("end")
            else:
                words[start].append(_hook(group, start))
            start = stop
    return [tuple(w) for w in words]


def _broken(piece: Piece, level: int, resolution: int) -> bool:
    """Tell whether the inner beams of a group with 32nds break before a piece: at each eighth."""
    return level >= 2 and piece.ratio is None and piece.start * 2 % resolution == 0


def _hook(group: Sequence[Piece], index: int) -> str:
    """Return which way a lone inner beam points: towards the note it makes a longer value with."""
    if index == 0:
        return "forward hook"
    if index == len(group) - 1:
        return "backward hook"
    piece = group[index]
    origin = group[0].start
    return (
        "forward hook" if (piece.start - origin) % (2 * (piece.end - piece.start)) == 0 else "backward hook"
    )

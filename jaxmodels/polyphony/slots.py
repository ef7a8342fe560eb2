"""A piece of frames as a row of decisions: each frame's notes in a fixed order, then its end.

A *slot* is one decision: the next note of the frame or END, among the pitches that the order still allows.
The order and the bounds make every set of pitches exactly one row of slots, so the product of the slots'
probabilities is the probability of the set.

T frames, I = T − 1 predicted ones, S slots, P pitches, K ranks, W = 2·REACH + 1.
"""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

import numpy as np

from jaxmodels.polyphony.order import RANKS, bounds, in_order
from jaxmodels.polyphony.recall import KINDS, Library, agreement_class, frame_keys, recalled

REACH = 24
"""Windows show this many semitones on each side of their middle."""
GUESSES = 1 + len(KINDS) + len(Library.KINDS)
"""Frames that a frame may be like: the one before, and those recalled in the piece and in the library."""
CLOCKS = (2, 3, 4, 6, 8, 12, 16, 32, 64)
"""The metre isn't told in the data: frames are counted modulo all of these."""
LAST_CLOCK = 64
"""The place in the piece is told apart up to this many frames, less one."""
LONGEST_RUN = 17
"""How long notes have stood is told apart up to this many frames, less one."""
FADE = 0.8
Array = Any  # of NumPy when read, of JAX inside the model


class Frames(NamedTuple):
    """What the backbone reads; row i is about frame i, and only `clock` and `agreement` about frame i + 1.

    - `roll`: `[I, P]` uint8; `notes`: `[I, RANKS]`, P where there is none; `motion`: `[I, RANKS]`, the
      interval to the same rank one frame earlier, 0 … 2·REACH, or 2·REACH + 1;
    - `runs`: `[I, 3]` frames since all notes, the top one, the others changed;
    - `usage`: `[I, P]` share of the frames 0 … i in which a pitch sounds; `tones`: `[I, 24]` pitch
      classes, of all frames so far and of the last few;
    - `clock`: `[I, len(CLOCKS) + 1]`; `agreement`: `[I, GUESSES]`.
    """

    roll: Array
    notes: Array
    motion: Array
    runs: Array
    usage: Array
    tones: Array
    clock: Array
    agreement: Array


class Slots(NamedTuple):
    """Decisions, in order.

    - `row`: the last frame known, so that frame `row + 1` is told; `rank`: notes of it told before;
    - `target`: pitch, or P for END; `low`, `high`: the next note lies strictly between;
    - `anchor`: the note of the same rank one frame earlier; `anchor2`: two frames earlier; `last`: the note
      told before (`anchor` at rank 0);
    - `placed`: `[S, P]` the notes told; `windows`: `[S, 2 + GUESSES, W]` around `anchor`: the frame
      before, the one before that, `placed`, and the recalled frames;
    - `guess`: `[S, GUESSES]` the next note if the frame is like that one, P for END, P + 1 for no guess;
      `agrees`: `[S, GUESSES]` whether the notes told so far are its first ones.
    """

    row: Array
    rank: Array
    target: Array
    low: Array
    high: Array
    anchor: Array
    anchor2: Array
    last: Array
    placed: Array
    windows: Array
    guess: Array
    agrees: Array


class Piece(NamedTuple):
    """A piece as the model reads it."""

    frames: Frames
    slots: Slots


def read_piece(
    roll_TP: np.ndarray, order: str, library: Library | None = None, own: int | None = None
) -> Piece:
    """Return the piece of a piano roll of at least two frames; anything but 0 counts as sounding.

    - `library`: known pieces, `own` the number of this one if it is among them.

    Raises `ValueError` for a roll of another shape.
    """
    roll = np.asarray(roll_TP) != 0
    if roll.ndim != 2 or len(roll) < 2:
        raise ValueError(f"a roll of at least two frames of pitches is needed, got shape {roll.shape}")
    notes, counts = in_order(roll, order)
    keys = frame_keys(roll)
    runs = np.stack([_run(keys[kind]) for kind in KINDS], 1)
    guesses, agreement = _guesses(roll, keys, runs, library, own)
    frames = _frames(roll, notes, agreement, runs)
    return Piece(frames, _slots(roll, notes, counts, guesses, order))


def _guesses(
    roll: np.ndarray, keys: dict[str, list[int]], runs: np.ndarray, library: Library | None, own: int | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the guessed frames `[GUESSES, T, P]`, −1 for no guess, and the classes of agreement."""
    length = len(roll)
    held = np.concatenate([[0], runs[:-1, 0] + 1])
    found = [(roll, np.arange(length) - 1, held)]
    found += [(roll, *recalled(_numbered(keys[kind]))) for kind in KINDS]
    for kind in Library.KINDS:
        if library is None:
            found.append((roll, np.full(length, -1), np.zeros(length, np.int64)))
        else:
            found.append((library.frames, *library.recalled(keys[kind], kind, own)))
    guesses = [np.where(where[:, None] >= 0, source[where], -1) for source, where, _ in found]
    agreement = np.stack([agreement_class(agreed) for _, _, agreed in found], 1)
    return np.stack(guesses).astype(np.int8), agreement


def _numbered(keys: list[int]) -> np.ndarray:
    numbers: dict[int, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys])


def _run(keys: list[int]) -> np.ndarray:
    """Return how many frames each frame's key has stood, at most LONGEST_RUN − 1."""
    changed = np.array([True, *(now != before for before, now in itertools.pairwise(keys))])
    since = np.arange(len(keys)) - np.maximum.accumulate(np.where(changed, np.arange(len(keys)), 0))
    return np.minimum(since, LONGEST_RUN - 1)


def _frames(roll: np.ndarray, notes: np.ndarray, agreement: np.ndarray, runs: np.ndarray) -> Frames:
    length, size = roll.shape
    ranked = notes[:, :RANKS]
    earlier = np.concatenate([np.full((1, RANKS), -1), ranked[:-1]])
    moved = np.clip(ranked - earlier, -REACH, REACH) + REACH
    motion = np.where((ranked >= 0) & (earlier >= 0), moved, 2 * REACH + 1)
    so_far = np.arange(1, length + 1)[:, None]
    usage = np.cumsum(roll, 0) / so_far
    tones = np.stack([roll[:, tone::12].sum(1) for tone in range(12)], 1)
    now = np.arange(1, length)
    clock = np.stack([*(now % period for period in CLOCKS), np.minimum(now, LAST_CLOCK - 1)], 1)
    both = np.concatenate([np.cumsum(tones, 0) / so_far, _fading(tones)], 1)
    return Frames(
        roll=roll[:-1].astype(np.uint8),
        notes=np.where(ranked >= 0, ranked, size)[:-1].astype(np.int32),
        motion=motion[:-1].astype(np.int32),
        runs=runs[:-1].astype(np.int32),
        usage=usage[:-1].astype(np.float32),
        tones=both[:-1].astype(np.float32),
        clock=clock.astype(np.int32),
        agreement=agreement[1:],
    )


def _fading(values: np.ndarray) -> np.ndarray:
    """Return the running mean whose weights fade by FADE a frame."""
    faded, mean = np.zeros(values.shape), np.zeros(values.shape[1])
    for t, now in enumerate(values):
        mean = FADE * mean + (1 - FADE) * now
        faded[t] = mean
    return faded


def _slots(
    roll: np.ndarray, notes: np.ndarray, counts: np.ndarray, guesses: np.ndarray, order: str
) -> Slots:
    size = roll.shape[1]
    frame = np.repeat(np.arange(1, len(roll)), counts[1:] + 1)
    starts = np.cumsum(counts[1:] + 1) - (counts[1:] + 1)
    rank = np.arange(len(frame)) - np.repeat(starts, counts[1:] + 1)
    told = notes[frame, rank]
    last = np.where(rank > 0, notes[frame, rank - 1], -1)
    low, high = bounds(notes[frame], rank, last, size, order)
    anchor = _same_rank(notes, counts, frame - 1, rank, last, size)
    anchor2 = _same_rank(notes, counts, np.maximum(frame - 2, 0), rank, last, size)
    placed = _placed(notes, size)[frame] < rank[:, None]
    following = [_following(guessed, notes, frame, rank, low, high, order) for guessed in guesses]
    return Slots(
        row=(frame - 1).astype(np.int32),
        rank=np.minimum(rank, RANKS - 1).astype(np.int32),
        target=np.where(told >= 0, told, size).astype(np.int32),
        low=low.astype(np.int32),
        high=high.astype(np.int32),
        anchor=anchor.astype(np.int32),
        anchor2=anchor2.astype(np.int32),
        last=np.where(last >= 0, last, anchor).astype(np.int32),
        placed=placed.astype(np.uint8),
        windows=_windows(roll, guesses, placed, frame, anchor).astype(np.uint8),
        guess=np.stack([guess for guess, _ in following], 1).astype(np.int32),
        agrees=np.stack([agrees for _, agrees in following], 1).astype(np.int32),
    )


def _placed(notes: np.ndarray, size: int) -> np.ndarray:
    """Return each pitch's rank in its frame `[T, P]`, more than there are where it doesn't sound."""
    place = np.full((len(notes), size), 127, np.int8)
    frame, rank = np.nonzero(notes >= 0)
    place[frame, notes[frame, rank]] = rank
    return place


def _windows(
    roll: np.ndarray, guesses: np.ndarray, placed: np.ndarray, frame: np.ndarray, anchor: np.ndarray
) -> np.ndarray:
    """Return `Slots.windows`; the frame before is the first guess too, so that one isn't shown twice."""
    length, size = roll.shape
    shown = np.concatenate([roll, np.maximum(guesses[1:], 0).reshape(-1, size)])
    shown = np.pad(shown, ((0, 1), (REACH, REACH)))  # the last row is silent: for no frame
    index = anchor[:, None] + np.arange(2 * REACH + 1)
    before, earlier = frame - 1, np.where(frame >= 2, frame - 2, -1)
    recalled_rows = [frame + length * number for number in range(1, GUESSES)]
    now = np.take_along_axis(np.pad(placed, ((0, 0), (REACH, REACH))), index, 1)
    seen = [shown[row[:, None], index] for row in (before, earlier, *recalled_rows)]
    return np.stack([*seen[:2], now, *seen[2:]], 1)


def _following(
    guessed: np.ndarray,
    notes: np.ndarray,
    frame: np.ndarray,
    rank: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    order: str,
) -> tuple[np.ndarray, np.ndarray]:
    """Return one guess's `Slots.guess` and `Slots.agrees`: its first legal note, END if there is none."""
    size = guessed.shape[1]
    there = guessed[frame, 0] >= 0
    like = in_order(guessed > 0, order)[0][frame]
    legal = (like > low[:, None]) & (like < high[:, None]) & (like >= 0)
    first = np.take_along_axis(like, np.argmax(legal, 1)[:, None], 1)[:, 0]
    guess = np.where(there, np.where(legal.any(1), first, size), size + 1)
    both = min(like.shape[1], notes.shape[1])
    same = (like[:, :both] == notes[frame, :both]) | (np.arange(both) >= rank[:, None])
    return guess, same.all(1) & (rank <= both) & there


def _same_rank(
    notes: np.ndarray, counts: np.ndarray, frame: np.ndarray, rank: np.ndarray, last: np.ndarray, size: int
) -> np.ndarray:
    """Return `frame`'s note of the same rank, else its last, else the note told before, else the middle."""
    found = notes[frame, np.minimum(rank, np.maximum(counts[frame] - 1, 0))]
    return np.where(found >= 0, found, np.where(last >= 0, last, size // 2))

"""The baseline that a neural model has to beat: interpolated n-grams over the same events.

A note is drawn as the model draws it: when (Δonset and staff), then pitch, then duration, each from an
n-gram of its own. Pitches are relative to the tonic; pitch and duration look back within their own staff.
Witten–Bell interpolation (Witten & Bell 1991, method C) down to the uniform distribution.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from typing import NamedTuple

import numpy as np

from jaxmodels import events as ev
from jaxmodels.window_layout import (
    C_TONIC,
    E_CLOCK,
    E_DELTA,
    E_DURATION,
    E_PITCH,
    E_STAFF,
    T_DELTA,
    T_DURATION,
    T_PITCH,
    T_STAFF,
    T_TONIC,
    X_MASK,
    Window,
)


class WittenBell:
    """p(token | last n − 1 tokens), interpolated over all shorter pasts."""

    def __init__(self, order: int, vocabulary: int) -> None:
        """Start without counts; `vocabulary` is the number of tokens that could occur."""
        self.order, self.vocabulary = order, vocabulary
        self.counts: dict[tuple, Counter] = defaultdict(Counter)

    def add(self, past: tuple[Hashable, ...], token: Hashable) -> None:
        """Count one token after `past`."""
        for length in range(self.order):
            if length <= len(past):
                self.counts[past[len(past) - length :]][token] += 1

    def probability(self, past: tuple[Hashable, ...], token: Hashable) -> float:
        """Return p(token | past) > 0."""
        p = 1 / self.vocabulary
        for length in range(min(self.order - 1, len(past)) + 1):
            seen = self.counts.get(past[len(past) - length :])
            if seen is None:
                break
            total, kinds = seen.total(), len(seen)
            p = (seen[token] + kinds * p) / (total + kinds)
        return p


class Token(NamedTuple):
    """One event of a hole, with what precedes it: tokens and their pasts, oldest first."""

    kind: str
    past: tuple[Hashable, ...]
    value: Hashable


KINDS = ("when", "pitch", "duration")


class EventNgram:
    """Three n-grams that together give a hole's events a likelihood."""

    def __init__(self, order: int = 5, staves: int = 4) -> None:
        """Make empty models of `order` for windows of up to `staves` staves."""
        self.order = order
        sizes = {"when": ev.DELTAS * staves + 1, "pitch": ev.PITCHES, "duration": ev.DURATIONS}
        self.models = {kind: WittenBell(order, sizes[kind]) for kind in KINDS}

    def fit(self, windows: Iterable[Window]) -> None:
        """Count the holes' events of unbatched `windows`."""
        for window in windows:
            for token in self._tokens(window):
                self.models[token.kind].add(token.past, token.value)

    def nll(self, window: Window) -> float:
        """Return the hole's events' (and its end's) negative log-likelihood in nats."""
        return -sum(
            np.log(self.models[token.kind].probability(token.past, token.value))
            for token in self._tokens(window)
        )

    def _tokens(self, window: Window) -> Iterator[Token]:
        look = self.order - 1
        rank = ranks_of(window)
        when, pitches, durations = prompt_tokens(window, rank)
        for row in window.events[: int(window.event_count)]:
            staff = int(row[E_STAFF])
            token = (int(row[E_DELTA]), rank[staff])
            yield Token("when", tuple(when[-look:]), token)
            when.append(token)
            tone = int(row[E_PITCH] - window.clock[row[E_CLOCK], C_TONIC])
            yield Token("pitch", tuple(pitches[staff][-look:]), tone)
            pitches[staff].append(tone)
            length = int(row[E_DURATION])
            yield Token("duration", tuple(durations[staff][-look:]), length)
            durations[staff].append(length)
        if window.complete:
            yield Token("when", tuple(when[-look:]), ev.END)


def ranks_of(window: Window) -> dict[int, int]:
    """Return the staves that the hole is in, each with its place among them."""
    masked = np.flatnonzero((window.segment[:, :, X_MASK] == 1).any(axis=1))
    return {int(staff): place for place, staff in enumerate(masked)}


class Past(NamedTuple):
    """Tokens so far, oldest first: of onsets in the hole's staves, of pitches and of durations by staff."""

    when: list[Hashable]
    pitches: dict[int, list[Hashable]]
    durations: dict[int, list[Hashable]]


def prompt_tokens(window: Window, rank: dict[int, int]) -> Past:
    """Return the tokens of what precedes the hole."""
    past = Past([], defaultdict(list), defaultdict(list))
    for row in window.prompt[window.prompt_valid]:
        staff = int(row[T_STAFF])
        if staff in rank:
            past.when.append((int(row[T_DELTA]), rank[staff]))
        past.pitches[staff].append(int(row[T_PITCH] - row[T_TONIC]))
        past.durations[staff].append(int(row[T_DURATION]))
    return past

"""The measures of a MIDI file, from the metre and key events of all its tracks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from bridge.errors import ReadError
from bridge.midi.events import END_OF_TRACK, KEY, METRE, Event
from bridge.score import Measure

MOST_MEASURES = 50_000


@dataclass(frozen=True, slots=True)
class TimeMap:
    """Where metres and keys begin.

    - `metres`: tick to (beats, beat type), in order; 4/4 holds before the first.
    - `keys`: tick to (fifths, mode), in order.
    - `end_tick`: where the last track ends.
    """

    division: int
    metres: tuple[tuple[int, tuple[int, int]], ...]
    keys: tuple[tuple[int, tuple[int, str]], ...]
    end_tick: int

    def measures(self, last_note_tick: int) -> tuple[Measure, ...]:
        """Return the measures up to the last note's end, and the empty ones that the tracks still cover.

        A change of metre inside a measure ends it there. At least one measure is returned.
        """
        measures: list[Measure] = []
        for measure in self._endless():
            end_tick = measure.end_quarter * self.division
            if (
                measures
                and measure.onset_quarter * self.division >= last_note_tick
                and end_tick > self.end_tick
            ):
                return tuple(measures)
            if len(measures) == MOST_MEASURES:
                raise ReadError(
                    f"it lasts more than {MOST_MEASURES:,} measures", fix="Cut the silence out of the file."
                )
            measures.append(measure)
        raise AssertionError("measures never end")

    def tick_after(self, count: int) -> int:
        """Return the first tick after the first `count` measures."""
        for measure in self._endless():
            if measure.index + 1 == count:
                return ceil_tick(measure.end_quarter, self.division)
        raise AssertionError("measures never end")

    def _endless(self) -> Iterator[Measure]:
        onset = Fraction(0)
        index = 0
        metre = (4, 4)
        changes = [(Fraction(tick, self.division), value) for tick, value in self.metres]
        keys = [(Fraction(tick, self.division), value) for tick, value in self.keys]
        fifths, mode = 0, ""
        while True:
            while changes and changes[0][0] <= onset:
                metre = changes.pop(0)[1]
            while keys and keys[0][0] <= onset:
                fifths, mode = keys.pop(0)[1]
            duration = Fraction(4 * metre[0], metre[1])
            if changes:
                duration = min(duration, changes[0][0] - onset)
            yield Measure(index, str(index + 1), onset, duration, *metre, fifths=fifths, mode=mode)
            onset += duration
            index += 1


def time_map(tracks: Sequence[Sequence[Event]], division: int) -> TimeMap:
    """Return where metres and keys begin; at one tick the last counts.

    Impossible ones are skipped, among them metres that the file's ticks can't hold.
    """
    metres: dict[int, tuple[int, int]] = {}
    keys: dict[int, tuple[int, str]] = {}
    for event in (event for track in tracks for event in track):
        if event.meta_type == METRE and len(event.meta_data) >= 2:
            beats, power = event.meta_data[:2]
            if beats and power <= 7 and 4 * beats * division % 2**power == 0:
                metres[event.tick] = (beats, 2**power)
        elif event.meta_type == KEY and len(event.meta_data) >= 2:
            fifths = (event.meta_data[0] + 128) % 256 - 128
            if abs(fifths) <= 7 and event.meta_data[1] <= 1:
                keys[event.tick] = (fifths, "minor" if event.meta_data[1] else "major")
    ends = [event.tick for track in tracks for event in track if event.meta_type == END_OF_TRACK]
    return TimeMap(
        division, tuple(sorted(metres.items())), tuple(sorted(keys.items())), max(ends, default=0)
    )


def ceil_tick(quarter: Fraction, division: int) -> int:
    """Return the first MIDI tick not before `quarter`."""
    return -int(-quarter * division // 1)


def nearest_tick(quarter: Fraction, division: int) -> int:
    """Return the MIDI tick nearest to `quarter` (halves go up)."""
    return int((quarter * division + Fraction(1, 2)) // 1)

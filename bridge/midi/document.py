"""An open MIDI file."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Self

from bridge.errors import JaxmuseError, ReadError, RegionError, WriteError
from bridge.midi.chunks import Chunks, split_chunks
from bridge.midi.edit import end_track_at, replace_notes
from bridge.midi.events import Event, parse_track, track_bytes
from bridge.midi.read import (
    DRUM_CHANNEL,
    StaffSource,
    last_note_tick,
    parts_of,
    staff_sources,
    track_name,
    window_of,
)
from bridge.midi.timing import TimeMap, time_map
from bridge.score import Measure, Note, Region, Score

SUFFIX = ".mid"
SUFFIXES = (SUFFIX, ".midi", ".kar")


class MidiDocument:
    """A MIDI file of type 0 or 1, edited event by event; implements `bridge.score.Document`.

    Its notes are read as they are, never quantised: a time is the exact fraction of the file's ticks. A
    staff is a track and a channel with notes; channel 10 is percussion.
    """

    def __init__(self, path: Path, chunks: Chunks) -> None:
        self.path = path
        self.suffix = SUFFIX
        self._chunks = chunks
        self._tracks: list[list[Event]] = []
        for index, chunk in enumerate(chunks.tracks):
            try:
                self._tracks.append(parse_track(chunk))
            except ReadError as error:
                raise error.at(f"track {index + 1}") from error
        self._measures()

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Read a MIDI file; raises `ReadError` with the file in front."""
        path = Path(path)
        try:
            return cls.from_bytes(path.read_bytes(), path)
        except FileNotFoundError as error:
            raise ReadError("there is no such file", where=str(path), fix="Check the path.") from error
        except OSError as error:
            what = f"it can't be read ({error.strerror or error})"
            raise ReadError(what, where=str(path), fix="Check its permissions.") from error
        except JaxmuseError as error:
            raise error.at(path.name) from error

    @classmethod
    def from_bytes(cls, data: bytes, path: str | Path = "score.mid") -> Self:
        """Read a file's content; raises `ReadError`, whose place is the track only."""
        return cls(Path(path), split_chunks(data))

    def score(self, start: int = 0, stop: int | None = None) -> Score:
        """Return all parts and measures, with the notes that begin in measures `start` to `stop`."""
        sources = staff_sources(self._tracks)
        measures = self._measures(sources)
        window = window_of(measures, max(0, start), stop)
        parts = parts_of(self._tracks, sources, self._chunks.division, window)
        return Score(track_name(self._tracks[0]) or self.path.stem, parts, measures)

    def append_measures(self, count: int) -> None:
        """Append empty measures in the last measure's metre: the track that ends last ends later.

        Raises `RegionError` for less than one.
        """
        if count < 1:
            raise RegionError(f"{count} measures can't be appended", fix="Append at least one.")
        times = self._times()
        tick = times.tick_after(len(self._measures()) + count)
        ends = [track[-1].tick if track else 0 for track in self._tracks]
        last = ends.index(max(ends))
        self._replace(last, end_track_at(self._tracks[last], tick))

    def write(self, region: Region, notes: Mapping[int, Sequence[Note]]) -> None:
        """Replace the notes that begin in the region; all other events, tracks and times stay.

        Raises `RegionError` for measures or staves that don't exist, percussion, notes outside the region.
        """
        sources = staff_sources(self._tracks)
        measures = self._measures(sources)
        if not 0 <= region.start < region.stop <= len(measures):
            raise RegionError(
                f"there are no measures {region.start + 1} to {region.stop}",
                fix=f"The file has measures 1 to {len(measures)}.",
            )
        chosen = measures[region.start : region.stop]
        for staff in (*region.staves, *notes):
            _require_writable(staff, sources, region)
        for staff in region.staves:
            _require_inside(notes.get(staff, ()), chosen)
        edited = {sources[staff].track: self._tracks[sources[staff].track] for staff in region.staves}
        for staff in dict.fromkeys(region.staves):
            track, channel = sources[staff].track, sources[staff].channel
            edited[track] = replace_notes(
                edited[track], channel, chosen, notes.get(staff, ()), self._chunks.division
            )
        for track, events in edited.items():
            if events != self._tracks[track]:
                self._replace(track, events)

    def copy(self) -> Self:
        """Return a document of its own that edits of this one don't reach."""
        return copy.deepcopy(self)

    def to_bytes(self, suffix: str | None = None) -> bytes:
        """Return the file; equal documents give equal bytes. Raises `WriteError` for a wrong suffix."""
        if suffix is not None and suffix.lower() not in SUFFIXES:
            raise WriteError(f"a MIDI file can't be written as '{suffix}'", fix="Use .mid.")
        return self._chunks.to_bytes()

    def _times(self) -> TimeMap:
        return time_map(self._tracks, self._chunks.division)

    def _measures(self, sources: Sequence[StaffSource] | None = None) -> tuple[Measure, ...]:
        sources = staff_sources(self._tracks) if sources is None else sources
        return self._times().measures(last_note_tick(sources))

    def _replace(self, track: int, events: list[Event]) -> None:
        """Put `events` into the track's chunk, and keep the bytes that followed its end."""
        chunk = self._chunks.tracks[track]
        before = len(track_bytes_as_read(self._tracks[track]))
        tail = b"" if chunk.missing else chunk.data[before:]
        chunk.data, chunk.missing = track_bytes(events, tail), 0
        self._tracks[track] = parse_track(chunk)


def track_bytes_as_read(events: Sequence[Event]) -> bytes:
    """Return the bytes that these events, unchanged, were read from."""
    return b"".join(
        event.delta + (b"" if event.running else bytes([event.status])) + event.body for event in events
    )


def _require_writable(staff: int, sources: Sequence[StaffSource], region: Region) -> None:
    if not 0 <= staff < len(sources):
        raise RegionError(f"there is no staff {staff + 1}", fix=f"The file has {len(sources)} with notes.")
    if staff not in region.staves:
        raise RegionError(
            f"notes for staff {staff + 1} lie outside the region", fix="Add it to the region."
        )
    if sources[staff].channel == DRUM_CHANNEL:
        raise RegionError(
            f"staff {staff + 1} is percussion (channel 10), which can't be filled",
            fix="Choose other parts.",
        )


def _require_inside(notes: Sequence[Note], measures: Sequence[Measure]) -> None:
    start, stop = measures[0].onset_quarter, measures[-1].end_quarter
    for note in notes:
        if not (start <= note.onset_quarter < note.end_quarter <= stop) or not 0 <= note.pitch <= 127:
            onset: Fraction = note.onset_quarter
            raise RegionError(
                f"the note at quarter {onset} doesn't lie inside the region", fix="Shorten it."
            )

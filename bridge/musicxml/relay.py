"""A measure laid out anew: what stays keeps its time, new voices come where a reader expects them.

The kept elements fall into a head (before the first kept note), a core (between kept notes) and a
tail. The core keeps its order; only the cursor moves between its elements are renewed where notes
went away. New staves above the kept ones go into the head, the others into the tail, and the
directions, clefs and chord symbols of head and tail are woven into the new voices at their times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import lxml.etree as etree

from bridge.musicxml.serialise import (
    VoicePlace,
    divisions_element,
    fits,
    move_element,
    note_elements,
)
from bridge.musicxml.timeline import ZERO, Item, divisions_of, staff_of
from bridge.notation.written import WrittenVoice

MOVES = ("backup", "forward")


@dataclass(frozen=True, slots=True)
class NewVoice:
    """A voice to be written on a staff (from 1) of the part."""

    staff: int
    place: VoicePlace
    written: WrittenVoice


@dataclass(slots=True)
class Pen:
    """Writes children one after the other, with cursor and divisions in mind.

    - `divisions`: in force now; may stay finer than the file's from one measure to the next.
    - `fine_divisions`: express every time of the region.
    """

    divisions: int | Fraction
    fine_divisions: int
    cursor: Fraction = ZERO
    children: list[etree._Element] = field(default_factory=list)
    new: set[int] = field(default_factory=set)

    def begin_measure(self) -> None:
        """Start a new list of children at time 0."""
        self.cursor, self.children, self.new = ZERO, [], set()

    def set_divisions(self, divisions: int | Fraction) -> None:
        """Change the unit of time if it isn't `divisions` already."""
        if divisions != self.divisions:
            self.add(divisions_element(divisions))
            self.divisions = divisions

    def refine_for(self, *times_quarter: Fraction) -> None:
        """Change to the fine divisions unless all times are whole numbers of the present ones."""
        if not all(fits(time, self.divisions) for time in times_quarter):
            self.set_divisions(self.fine_divisions)

    def add(self, element: etree._Element) -> None:
        """Append a new element."""
        self.children.append(element)
        self.new.add(id(element))

    def move_to(self, onset_quarter: Fraction) -> None:
        """Move the cursor by one `forward` or `backup`, if at all."""
        distance = onset_quarter - self.cursor
        if distance:
            self.refine_for(distance)
            self.add(move_element(distance, self.divisions))
            self.cursor = onset_quarter

    def keep(self, item: Item) -> None:
        """Append an element of the file under the divisions it was written for."""
        if _depends_on_divisions(item):
            self.set_divisions(item.divisions)
        self.children.append(item.element)
        if item.tag == "attributes":
            self.divisions = divisions_of(item.element) or self.divisions
        if item.tag == "note" and not item.chord:
            self.cursor += item.duration_quarter


def lay_out(
    pen: Pen, items: Sequence[Item], removed: set[int], voices: Sequence[NewVoice], length_quarter: Fraction
) -> None:
    """Write a measure's children: its `items` less the notes in `removed` (by `id`), and the new voices.

    The items of chords whose first note goes away must already be promoted (see `promote_chords`).
    """
    kept = [
        index
        for index, item in enumerate(items)
        if id(item.element) not in removed and item.tag not in MOVES and not _only_divisions(item)
    ]
    notes = [index for index in kept if items[index].tag == "note"]
    first, last = (notes[0], notes[-1]) if notes else (len(items), len(items))
    closing = [index for index in kept if index > last or not notes if _is_right_barline(items[index])]
    head = [index for index in kept if index < first and index not in closing]
    core = [index for index in kept if first <= index <= last]
    tail = [index for index in kept if index > last and index not in closing]
    top = min((staff_of(items[index].element) for index in notes), default=None)
    above = [voice for voice in voices if top is None or voice.staff < top]
    below = [voice for voice in voices if voice not in above]

    pen.begin_measure()
    if above:
        _weave(pen, [items[index] for index in head], above, length_quarter)
        _keep_in_order(pen, items, removed, core, after=None)
    else:
        _keep_in_order(pen, items, removed, head + core, after=-1)
    if below:
        _weave(pen, [items[index] for index in tail], below, length_quarter)
    else:
        _keep_in_order(pen, items, removed, tail, after=core[-1] if core else None)
        if tail or core:
            _keep_moves(pen, items, removed, (tail or core)[-1], len(items))
    for index in closing:
        pen.children.append(items[index].element)


def close_divisions(pen: Pen, divisions: int | Fraction) -> None:
    """Return to `divisions` at the end of the measure, before its closing barline."""
    barlines = []
    while pen.children and pen.children[-1].tag == "barline":
        barlines.append(pen.children.pop())
    pen.set_divisions(divisions)
    pen.children += reversed(barlines)


def _keep_in_order(
    pen: Pen, items: Sequence[Item], removed: set[int], indexes: Sequence[int], after: int | None
) -> None:
    """Keep elements in the file's order; `after` is the index of the one that was written just before."""
    for index in indexes:
        item = items[index]
        if not item.chord and not (after is not None and _keep_moves(pen, items, removed, after, index)):
            pen.move_to(item.onset_quarter)
        pen.keep(item)
        after = index


def _keep_moves(pen: Pen, items: Sequence[Item], removed: set[int], after: int, before: int) -> bool:
    """Keep the file's own cursor moves between two kept elements, unless a note went away between them."""
    between = items[after + 1 : before]
    if any(id(item.element) in removed for item in between):
        return False
    for item in between:
        if item.tag in MOVES:
            pen.set_divisions(item.divisions)
            pen.children.append(item.element)
    if before < len(items):
        pen.cursor = items[before].onset_quarter
    return True


def _weave(pen: Pen, items: Sequence[Item], voices: Sequence[NewVoice], length_quarter: Fraction) -> None:
    """Write voices from the measure's start, each with the kept elements that belong to it."""
    queues: list[list[Item]] = [[] for _ in voices]
    for item in items:
        wanted = staff_of(item.element) if item.tag in ("direction", "harmony", "figured-bass") else 0
        home = next((index for index, voice in enumerate(voices) if voice.staff == wanted), 0)
        queues[home].append(item)
    for voice, queue in zip(voices, queues, strict=True):
        queue.sort(key=lambda item: item.onset_quarter)
        _weave_voice(pen, queue, voice)
    pen.move_to(length_quarter)


def _weave_voice(pen: Pen, queue: list[Item], voice: NewVoice) -> None:
    events = voice.written.events
    times = [time for event in events for time in (event.onset_quarter, event.duration_quarter)]
    times += [item.onset_quarter for item in queue]
    pen.move_to(ZERO)
    signs = [
        index for index, item in enumerate(queue) if item.tag == "attributes" and not item.onset_quarter
    ]
    for _ in range(signs[-1] + 1 if signs else 0):
        pen.keep(queue.pop(0))
    pen.refine_for(*times)
    for event in events:
        _keep_until(pen, queue, event.onset_quarter)
        pen.move_to(event.onset_quarter)
        pen.refine_for(event.duration_quarter)
        for element in note_elements(event, voice.place, pen.divisions):
            pen.add(element)
        pen.cursor += event.duration_quarter
        inside = [item for item in queue if item.onset_quarter < pen.cursor]
        if inside:
            _keep_until(pen, queue, inside[-1].onset_quarter)
    _keep_until(pen, queue, None)


def _keep_until(pen: Pen, queue: list[Item], onset_quarter: Fraction | None) -> None:
    while queue and (onset_quarter is None or queue[0].onset_quarter <= onset_quarter):
        item = queue.pop(0)
        pen.move_to(item.onset_quarter)
        pen.keep(item)


def _is_right_barline(item: Item) -> bool:
    return item.tag == "barline" and item.element.get("location", "right") == "right"


def _only_divisions(item: Item) -> bool:
    """Tell attributes that are but a unit of time: the pen sets its own where they are needed."""
    return item.tag == "attributes" and [child.tag for child in item.element] == ["divisions"]


def _depends_on_divisions(item: Item) -> bool:
    if item.tag == "note":
        return item.element.find("duration") is not None
    if item.tag in ("direction", "harmony", "sound", "figured-bass"):
        return next(item.element.iter("offset", "duration"), None) is not None
    return False

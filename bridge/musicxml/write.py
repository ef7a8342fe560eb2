"""Replace the notes of a region: plan every part first, so that a refusal changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from bridge.errors import ReadError, RegionError
from bridge.musicxml.engraving import engrave_staff
from bridge.musicxml.indent import Indent
from bridge.musicxml.orphans import cut_spanners, cut_ties, drop
from bridge.musicxml.relay import MOVES, NewVoice, Pen, close_divisions, lay_out
from bridge.musicxml.serialise import VoicePlace
from bridge.musicxml.styles import refuse_signs, uncover_rests
from bridge.musicxml.survey import PartSurvey
from bridge.musicxml.timeline import Item, divisions_of, staff_of, timeline, voice_name
from bridge.musicxml.voices import voice_names
from bridge.notation.written import WrittenMeasure
from bridge.score import PITCHED, Measure, Note, Region


@dataclass(frozen=True, slots=True)
class PartPlan:
    """All that is known before the first change.

    - `staves`: from 1 within the part.
    - `items`: for each measure of the region.
    - `removed`: `id` of each note element that goes away (`items` keeps them alive).
    - `written`: for each staff and measure.
    - `names`: voice numbers for each staff.
    """

    survey: PartSurvey
    staves: tuple[int, ...]
    items: list[list[Item]]
    removed: set[int]
    written: dict[int, list[WrittenMeasure]]
    names: dict[int, list[str]]


def write_region(
    surveys: Sequence[PartSurvey],
    measures: tuple[Measure, ...],
    region: Region,
    notes: Mapping[int, Sequence[Note]],
) -> None:
    """Fill the region in place; raises `RegionError` or `ReadError` before anything is changed."""
    check_region(surveys, measures, region, notes)
    plans = [plan for survey in surveys if (plan := _plan(survey, measures, region, notes)) is not None]
    for plan in plans:
        _apply(plan, measures, region)


def check_region(
    surveys: Sequence[PartSurvey],
    measures: Sequence[Measure],
    region: Region,
    notes: Mapping[int, Sequence[Note]],
) -> None:
    """Raise `RegionError` for measures, staves or notes that can't be written."""
    if not 0 <= region.start < region.stop <= len(measures):
        raise RegionError(
            f"measures {region.start + 1} to {region.stop} of {len(measures)} can't be filled",
            fix="Choose measures of the score, or append some first.",
        )
    layout_of = {
        survey.layout.first_staff + k: survey.layout
        for survey in surveys
        for k in range(survey.layout.staff_count)
    }
    for staff in sorted({*region.staves, *notes}):
        layout = layout_of.get(staff)
        if layout is None:
            raise RegionError(
                f"there is no staff {staff + 1}", fix=f"The score has {len(layout_of)} staves."
            )
        if staff not in region.staves:
            raise RegionError(
                f"notes for staff {staff + 1}, which isn't in the region", fix="Add the staff to it."
            )
        kind = layout.kinds[staff - layout.first_staff]
        if kind != PITCHED:
            raise RegionError(
                f"a {kind} staff can't be filled", where=f"part '{layout.name}'", fix="Leave this part out."
            )
        if region.stop > len(layout.measures):
            raise RegionError(
                f"the part ends after {len(layout.measures)} measures",
                where=layout.place(region.stop - 1),
                fix="Choose earlier measures, or make all parts equally long.",
            )
        begin, end = measures[region.start].onset_quarter, measures[region.stop - 1].end_quarter
        for note in notes.get(staff, ()):
            inside = begin <= note.onset_quarter < note.end_quarter <= end
            if not inside or not 0 <= note.pitch <= 127:
                raise RegionError(
                    f"a note of pitch {note.pitch} from quarter {note.onset_quarter} to {note.end_quarter} "
                    f"lies outside the region (quarters {begin} to {end})",
                    where=f"part '{layout.name}'",
                    fix="Give only notes inside the region.",
                )


def _plan(
    survey: PartSurvey, measures: tuple[Measure, ...], region: Region, notes: Mapping[int, Sequence[Note]]
) -> PartPlan | None:
    layout = survey.layout
    indexes = [
        index
        for index in sorted(set(region.staves))
        if 0 <= index - layout.first_staff < layout.staff_count
    ]
    if not indexes:
        return None
    staves = tuple(index - layout.first_staff + 1 for index in indexes)
    refuse_signs(layout, region.start, region.stop, staves)
    items = [
        list(timeline(layout.measures[index], survey.measures[index].divisions))
        for index in range(region.start, region.stop)
    ]
    in_notes = [item for row in items for item in row if item.tag == "note"]
    removed = {id(item.element) for item in in_notes if staff_of(item.element) in staves}
    taken = {
        voice_name(item.element.findtext("voice")) for item in in_notes if id(item.element) not in removed
    }
    written: dict[int, list[WrittenMeasure]] = {}
    names: dict[int, list[str]] = {}
    for index, staff in zip(indexes, staves, strict=True):
        try:
            written[staff] = engrave_staff(
                survey, measures, region.start, region.stop, staff, notes.get(index, ())
            )
        except ReadError as error:
            raise error.at(f"part '{layout.name}'") from error
        amount = max(voice.number for measure in written[staff] for voice in measure.voices)
        names[staff] = voice_names(survey, staff, amount, taken)
        taken.update(names[staff])
    return PartPlan(survey, staves, items, removed, written, names)


def _apply(plan: PartPlan, measures: tuple[Measure, ...], region: Region) -> None:
    survey, layout = plan.survey, plan.survey.layout
    indent = Indent.of(layout.element)
    cut_ties(survey, measures, region.start, region.stop, plan.staves, plan.removed)
    cut_spanners(layout.element, plan.removed)
    uncover_rests(layout, region.start, region.stop, plan.staves)
    pen = Pen(survey.measures[region.start].divisions, _fine_divisions(plan, measures, region))
    for offset, index in enumerate(range(region.start, region.stop)):
        items = [item for item in plan.items[offset] if item.element.getparent() is not None]
        promote_chords(items, plan.removed)
        lay_out(pen, items, plan.removed, _new_voices(plan, offset), measures[index].duration_quarter)
        if index == region.stop - 1:
            close_divisions(pen, _divisions_after(plan.items[offset], survey.measures[index].divisions))
        indent.set_children(layout.measures[index], pen.children, pen.new)


def _new_voices(plan: PartPlan, offset: int) -> list[NewVoice]:
    several_staves = plan.survey.layout.staff_count > 1
    return [
        NewVoice(
            staff,
            VoicePlace(plan.names[staff][voice.number - 1], staff if several_staves else None, voice.stem),
            voice,
        )
        for staff in plan.staves
        for voice in plan.written[staff][offset].voices
    ]


def promote_chords(items: list[Item], removed: set[int]) -> None:
    """Let the first kept note of a chord lead it where its first note goes away."""
    led = True
    for index, item in enumerate(items):
        if item.tag != "note":
            continue
        gone = id(item.element) in removed
        if not item.chord:
            led = not gone
        elif not led and not gone:
            chord = item.element.find("chord")
            if chord is not None:
                drop(chord)
            items[index] = item._replace(chord=False)
            led = True


def _fine_divisions(plan: PartPlan, measures: Sequence[Measure], region: Region) -> int:
    """Return divisions in which every time of the region is a whole number."""
    times: list[Fraction] = [measure.duration_quarter for measure in measures[region.start : region.stop]]
    kept = (item for row in plan.items for item in row if id(item.element) not in plan.removed)
    for item in kept:
        if item.tag not in MOVES:
            times += [item.onset_quarter, item.onset_quarter + item.duration_quarter]
    for staff in plan.staves:
        for measure in plan.written[staff]:
            for event in (event for voice in measure.voices for event in voice.events):
                times += [event.onset_quarter, event.duration_quarter]
    old = Fraction(plan.survey.measures[region.start].divisions).numerator
    return lcm(old, *(time.denominator for time in times))


def _divisions_after(items: Sequence[Item], before: int | Fraction) -> int | Fraction:
    divisions = before
    for item in items:
        if item.tag == "attributes":
            divisions = divisions_of(item.element) or divisions
    return divisions

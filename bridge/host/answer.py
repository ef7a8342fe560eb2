"""The bridge's one use case: a host's request in, its reply out."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from bridge.character import RHYTHMIC, Character
from bridge.copy_check import copy_warning
from bridge.errors import JaxmuseError, ReadError, RegionError
from bridge.fill import Alternative, Filled, FillOptions, Model, fill_document
from bridge.host import wording
from bridge.host.binary import binary_notes
from bridge.host.engraved import engrave_concert
from bridge.host.fragment import fragment_of
from bridge.host.selection import Meaning, meaning_of
from bridge.host.values import host_values
from bridge.host.walked import WalkDocument
from bridge.musicxml import MusicXmlDocument
from bridge.place_names import measures_named, staves_named
from bridge.protocol.reply import FilledAlternative, FillReply, HostVoice, Timing
from bridge.protocol.request import Client, FillRequest
from bridge.score import Document, Score
from jaxmodels.rbm.config import RbmConfig

NAME = Path("score")
"""What errors call a score that has no file."""

_ENCODING = re.compile(r"""(<\?xml[^>]*?)\s+encoding\s*=\s*(?:"[^"]*"|'[^']*')""")


@dataclass(frozen=True, slots=True)
class Written:
    """An alternative in the host's values; how many of its notes end early, and how many were moved."""

    alternative: FilledAlternative
    shortened: int
    moved: int


def answer(
    request: FillRequest,
    model_for: Callable[[str], Model],
    progress: Callable[[float], None] | None = None,
) -> FillReply:
    """Fill what the request's selection means, and return it as its client can write it.

    - `model_for`: returns the model of a name; called when the request has turned out to be possible.
    - `progress`: is told the share that is decoded; what it raises ends the fill.

    Raises a `JaxmuseError` for what can't be filled. Without a seed one is drawn, and told in the reply.
    """
    started = time.perf_counter()
    document = open_score(request)
    meaning = meaning_of(document, request.selection)
    if request.client.fragment:
        _check_adjacent(meaning)
    if meaning.append:
        document.append_measures(meaning.append)
    read = time.perf_counter()
    model = model_for(request.options.model)
    options, notices = _options(request, meaning)
    if not options.ties and isinstance(model.config, RbmConfig):
        notices.append(wording.lengths_notice(model.name))
    filled = fill_document(document, meaning.region, model, options, progress)
    decoded = time.perf_counter()
    reply = _reply(request, meaning, filled, model.name, options.seed, [*meaning.notices, *notices])
    written = time.perf_counter()
    seconds = Timing(
        read=read - started, fill=decoded - read, write=written - decoded, total=written - started
    )
    return reply.model_copy(update={"seconds": seconds})


def open_score(request: FillRequest) -> Document:
    """Return the request's score; raises `ReadError`."""
    if request.walk is not None:
        return WalkDocument(request.walk)
    return MusicXmlDocument.from_bytes(_xml_bytes(request.musicxml or ""), NAME)


def _xml_bytes(text: str) -> bytes:
    """Return XML text as UTF-8, without the encoding that it had in a file once."""
    head, rest = text[:1024].removeprefix("\ufeff"), text[1024:]
    head = _ENCODING.sub(r"\1", head, count=1)
    try:
        data = (head + rest).encode()
    except UnicodeEncodeError as error:
        raise ReadError("the score's text is damaged", where=str(NAME), fix="Send it again.") from error
    if not data.lstrip().startswith(b"<"):
        raise ReadError(
            "the text isn't MusicXML", where=str(NAME), fix="Send what stands in the file, not its name."
        )
    return data


def _check_adjacent(meaning: Meaning) -> None:
    """Raise `RegionError` for staves that can't be pasted in one go."""
    staves = meaning.region.staves
    if staves[-1] - staves[0] != len(staves) - 1:
        raise RegionError(
            "the staves to be filled have others between them",
            fix="Select staves that lie next to each other.",
        )


def _options(request: FillRequest, meaning: Meaning) -> tuple[FillOptions, list[str]]:
    """Return what the model is told, and what of the wishes can't be met."""
    wishes, client = request.options, request.client
    notices = []
    if wishes.keep_rhythm and meaning.empty:
        notices.append("There was no rhythm to keep in empty measures.")
    keep_rhythm = wishes.keep_rhythm and not meaning.empty
    character = Character(
        wishes.style, wishes.density, wishes.polyphony, wishes.register_level, wishes.closeness
    )
    if keep_rhythm and any(getattr(character, name) is not None for name in RHYTHMIC):
        notices.append("The rhythm was kept, so density and polyphony stayed as they were.")
        character = replace(character, **dict.fromkeys(RHYTHMIC))
    options = FillOptions(
        seed=random.SystemRandom().randrange(2**31) if wishes.seed is None else wishes.seed,
        temperature=wishes.temperature,
        top_p=wishes.top_p,
        alternatives=wishes.alternatives,
        keep_rhythm=keep_rhythm,
        own_range=wishes.own_range,
        character=character,
        tuplets=client.tuplets,
        ties=client.ties,
    )
    return options, notices


def _reply(
    request: FillRequest, meaning: Meaning, filled: Filled, model: str, seed: int, notices: list[str]
) -> FillReply:
    region = filled.region
    score = filled.document.score(0, 0)
    written: list[Written] = []
    problem: JaxmuseError | None = None
    for alternative in filled.alternatives:
        try:
            written.append(_written(alternative, filled, score, request.client))
        except RegionError as error:
            place = staves_named(score, region.staves), measures_named(score, region)
            problem = problem or error.at(", ".join(place))
    if not written:
        raise problem or RegionError("the model found nothing to write", fix="Try another selection.")
    if written[0].shortened:
        notices.append(wording.shortened_notice(written[0].shortened))
    if written[0].moved:
        notices.append(wording.moved_notice(written[0].moved))
    best = written[0].alternative
    if best.warning:
        notices.append(best.warning)
    return FillReply(
        model=model,
        seed=seed,
        seconds=Timing(read=0, fill=0, write=0, total=0),
        start=region.start,
        stop=region.stop,
        append=meaning.append,
        staves=list(region.staves),
        where=measures_named(score, region),
        summary=wording.summary(score, region, best.note_count),
        notices=notices,
        alternatives=[each.alternative for each in written],
    )


def _written(alternative: Alternative, filled: Filled, score: Score, client: Client) -> Written:
    """Return an alternative in the client's values; raises `RegionError` where it can't be written."""
    region, measures = filled.region, score.measures
    inside = measures[region.start : region.stop]
    engraved = {}
    voices: list[HostVoice] = []
    shortened = moved = 0
    for staff in region.staves:
        notes = alternative.notes.get(staff, ())
        if not client.tuplets:
            notes, count = binary_notes(notes, inside)
            moved += count
        engraved[staff] = engrave_concert(notes, measures, region)
        values = host_values(staff, engraved[staff], inside, client.ties, client.tuplets)
        voices += values.voices
        shortened += values.shortened
    return Written(
        FilledAlternative(
            nll=alternative.nll,
            note_count=alternative.note_count,
            voices=voices,
            fragment=fragment_of(engraved, inside) if client.fragment else None,
            copied_notes=alternative.copied_notes,
            warning=copy_warning(score, alternative.copies),
        ),
        shortened,
        moved,
    )

"""From a request to a reply, with a model that plays anything legal."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from host.host_reading import check_voices, played, sounding
from host.made_music import dice_music, musicxml_of, walk_of
from hypothesis import given, settings
from hypothesis import strategies as st
from musicxml.xml_scores import attributes, note, score_xml
from tiny_model import save_tiny_model

from bridge.errors import ModelError, ReadError, RegionError
from bridge.fill import Filled, FillOptions, Model, fill_document, load_model
from bridge.fill_file import fill_score
from bridge.host.answer import answer
from bridge.musicxml import MusicXmlDocument
from bridge.protocol.reply import FillReply
from bridge.protocol.request import FillRequest
from bridge.regions import Selection
from bridge.score import Score

MUSESCORE_3 = {"name": "MuseScore", "version": "3.2.3", "tuplets": True, "ties": True, "fragment": True}
MUSESCORE_4 = {"name": "MuseScore", "version": "4.4.2", "tuplets": True, "ties": False, "fragment": False}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return load_model(str(save_tiny_model(tmp_path_factory.mktemp("tiny"))))


@pytest.fixture
def chorale_xml(examples: Path) -> str:
    return MusicXmlDocument.open(examples / "chorale.mxl").to_bytes(".musicxml").decode()


def asked(
    score: dict[str, Any],
    start: int,
    stop: int,
    staves: list[int],
    mode: str = "replace",
    client: dict[str, Any] = MUSESCORE_3,
    **options: Any,
) -> FillRequest:
    selection = {"start": start, "stop": stop, "staves": staves, "mode": mode}
    body = {**score, "selection": selection, "options": {"seed": 5, **options}, "client": client}
    return FillRequest.model_validate_json(json.dumps(body))


def best(reply: FillReply, staff: int) -> list[tuple[Fraction, Fraction, int]]:
    return sounding(reply.alternatives[0].voices, staff)


def fragment_of(reply: FillReply, alternative: int = 0) -> Score:
    text = reply.alternatives[alternative].fragment
    assert text is not None
    return MusicXmlDocument.from_bytes(text.encode()).score()


def horn_and_flute() -> str:
    """Return a score with a horn in F, which is written in another key than it sounds in."""
    horn = "<transpose><diatonic>-4</diatonic><chromatic>-7</chromatic></transpose>"
    bar = "".join(note(pitch) for pitch in ("C4", "D4", "E4", "F#4"))
    return score_xml(
        [attributes(1, 3, more=horn) + bar, bar, bar, bar], [attributes(1, 2) + bar, bar, bar, bar]
    ).decode()


@pytest.mark.parametrize("score", ["chorale", "horn"])
def test_the_notes_are_those_that_the_shell_writes(
    chorale_xml: str, model: Model, tmp_path: Path, score: str
) -> None:
    xml = chorale_xml if score == "chorale" else horn_and_flute()
    path = tmp_path / "score.musicxml"
    path.write_text(xml, "utf-8")
    shell = fill_score(path, Selection(measures="2-3"), lambda: model, FillOptions(seed=5, alternatives=2))
    region = shell.region
    request = asked({"musicxml": xml}, region.start, region.stop, list(region.staves), alternatives=2)
    reply = answer(request, lambda name: model)
    assert (reply.start, reply.stop, tuple(reply.staves)) == (region.start, region.stop, region.staves)
    assert len(reply.alternatives) == len(shell.filled.alternatives)
    for number, alternative in enumerate(shell.filled.alternatives):
        assert reply.alternatives[number].nll == alternative.nll
        written = MusicXmlDocument.from_bytes(shell.to_bytes(".musicxml", number)).score()
        begin, end = (
            written.measures[region.start].onset_quarter,
            written.measures[region.stop - 1].end_quarter,
        )
        pasted = fragment_of(reply, number)
        assert [measure.fifths for measure in pasted.measures] == [
            measure.fifths for measure in written.measures[region.start : region.stop]
        ]
        for staff, index in zip(pasted.staves, region.staves, strict=True):
            assert [
                (each.onset_quarter + begin, each.duration_quarter, each.pitch, each.spelling)
                for each in staff.notes
            ] == [
                (each.onset_quarter, each.duration_quarter, each.pitch, each.spelling)
                for each in written.staves[index].notes
                if begin <= each.onset_quarter < end
            ]


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_walk_and_musicxml_of_the_same_music_get_the_same_notes(model: Model, seed: int) -> None:
    dice = random.Random(seed)
    music = dice_music(dice)
    staves = [0] if sum(music.parts) == 1 else [0, 1]
    start = dice.randrange(len(music.measures))
    walk = answer(asked({"walk": walk_of(music)}, start, start + 1, staves), lambda name: model)
    xml = answer(
        asked({"musicxml": musicxml_of(music).decode()}, start, start + 1, staves), lambda name: model
    )
    assert walk.alternatives == xml.alternatives


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6), ties=st.booleans(), tuplets=st.booleans(), keep=st.booleans())
def test_every_client_gets_full_voices_in_its_own_values(
    model: Model, seed: int, ties: bool, tuplets: bool, keep: bool
) -> None:
    dice = random.Random(seed)
    music = dice_music(dice)
    start = dice.randrange(len(music.measures))
    stop = min(len(music.measures), start + 2)
    client = {"ties": ties, "tuplets": tuplets, "fragment": False}
    request = asked(
        {"walk": walk_of(music)},
        start,
        stop,
        list(range(sum(music.parts))),
        "replace",
        client,
        keep_rhythm=keep,
    )
    reply = answer(request, lambda name: model)
    measures = MusicXmlDocument.from_bytes(musicxml_of(music)).score(0, 0).measures[start:stop]
    for alternative in reply.alternatives:
        assert alternative.fragment is None
        check_voices(alternative.voices, measures, reply.staves)
        chords = [each for voice in alternative.voices for each in played(voice)]
        assert ties or not any(pitch.tie for each in chords for pitch in each.chord.pitches)
        assert tuplets or all(each.tuplet is None for each in chords)


def test_continuing_at_the_end_appends_and_says_so(chorale_xml: str, model: Model) -> None:
    count = len(MusicXmlDocument.from_bytes(chorale_xml.encode()).score(0, 0).measures)
    reply = answer(
        asked({"musicxml": chorale_xml}, count - 2, count, [0, 1, 2, 3], "continue"), lambda name: model
    )
    assert (reply.start, reply.stop, reply.append) == (count, count + 2, 2)
    assert reply.summary.startswith("Soprano to Bass, measures ")
    assert reply.summary.endswith(f": {reply.alternatives[0].note_count} notes")
    assert reply.where in reply.summary
    assert [measure.duration_quarter for measure in fragment_of(reply).measures] == [4, 4]
    assert reply.model == model.name


def test_a_seed_is_drawn_and_told_and_gives_the_same_notes_again(chorale_xml: str, model: Model) -> None:
    first = answer(asked({"musicxml": chorale_xml}, 4, 6, [1], seed=None), lambda name: model)
    again = answer(asked({"musicxml": chorale_xml}, 4, 6, [1], seed=first.seed), lambda name: model)
    other = answer(asked({"musicxml": chorale_xml}, 4, 6, [1], seed=None), lambda name: model)
    assert first.alternatives == again.alternatives
    assert first.seed != other.seed
    assert 0 <= first.seed < 2**53


def test_a_kept_rhythm_keeps_every_onset_and_length(chorale_xml: str, model: Model) -> None:
    reply = answer(asked({"musicxml": chorale_xml}, 4, 6, [1, 2], keep_rhythm=True), lambda name: model)
    score = MusicXmlDocument.from_bytes(chorale_xml.encode()).score()
    begin, end = score.measures[4].onset_quarter, score.measures[5].end_quarter
    for staff in (1, 2):
        before = [
            (each.onset_quarter - begin, min(each.end_quarter, end) - each.onset_quarter)
            for each in score.staves[staff].notes
            if begin <= each.onset_quarter < end
        ]
        assert [(onset, length) for onset, length, _ in best(reply, staff)] == before


def test_a_rhythm_that_is_not_there_is_no_reason_to_refuse(chorale_xml: str, model: Model) -> None:
    count = len(MusicXmlDocument.from_bytes(chorale_xml.encode()).score(0, 0).measures)
    request = asked(
        {"musicxml": chorale_xml}, count - 1, count, [0], "continue", keep_rhythm=True, alternatives=3
    )
    reply = answer(request, lambda name: model)
    assert reply.notices == ["There was no rhythm to keep in empty measures."]
    assert reply.alternatives[0].note_count > 0


def test_triplets_to_keep_are_moved_for_a_host_without_tuplets(model: Model) -> None:
    thirds = "".join(note("C4", 1) for _ in range(12))
    xml = score_xml([attributes(3) + thirds, thirds]).decode()
    client = {**MUSESCORE_4, "tuplets": False}
    reply = answer(asked({"musicxml": xml}, 1, 2, [0], client=client, keep_rhythm=True), lambda name: model)
    assert reply.notices[-1].startswith("12 notes were moved to the nearest 16th")
    assert [length for _, length, _ in best(reply, 0)] == [
        Fraction(1, 4),
        Fraction(1, 2),
        Fraction(1, 4),
    ] * 4


def test_lengths_to_keep_that_need_a_tie_are_cut_for_a_host_without(model: Model) -> None:
    bar = note("C4", 5) + note("D4", 3)
    xml = score_xml([attributes(2) + bar, bar]).decode()
    reply = answer(
        asked({"musicxml": xml}, 1, 2, [0], client=MUSESCORE_4, keep_rhythm=True), lambda name: model
    )
    assert reply.notices == ["1 note ends early: ties can't be written here."]
    assert [(onset, length) for onset, length, _ in best(reply, 0)] == [
        (0, 2),
        (Fraction(5, 2), Fraction(3, 2)),
    ]


def test_every_wish_reaches_the_model(
    chorale_xml: str, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[FillOptions] = []

    def fill(*arguments: Any) -> Filled:
        told.append(arguments[3])
        return fill_document(*arguments)

    monkeypatch.setattr("bridge.host.answer.fill_document", fill)
    wishes = {"temperature": 0.5, "top_p": 0.9, "alternatives": 3, "keep_rhythm": True, "own_range": False}
    client = {"tuplets": False, "ties": False}
    answer(asked({"musicxml": chorale_xml}, 4, 5, [0], client=client, **wishes), lambda name: model)
    assert told == [FillOptions(seed=5, **wishes, **client)]


def test_progress_grows_to_one_and_what_it_raises_stops_the_fill(chorale_xml: str, model: Model) -> None:
    told: list[float] = []
    request = asked({"musicxml": chorale_xml}, 0, 6, [0, 1, 2, 3])
    reply = answer(request, lambda name: model, told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    parts = reply.seconds
    assert parts.total == pytest.approx(parts.read + parts.fill + parts.write)

    class Stop(Exception):
        pass

    def stop(share: float) -> None:
        raise Stop

    with pytest.raises(Stop):
        answer(request, lambda name: model, stop)


@pytest.mark.parametrize("encoding", ["UTF-16", "ISO-8859-1", "utf-8"])
def test_text_is_read_whatever_encoding_it_had_as_a_file(model: Model, encoding: str) -> None:
    bar = note("C4", 4)
    text = score_xml([attributes() + bar, bar], names=("Flöte – 笛",)).decode()
    text = "\ufeff" + text.replace('encoding="UTF-8"', f"encoding='{encoding}' standalone='no'")
    reply = answer(asked({"musicxml": text}, 1, 2, [0]), lambda name: model)
    assert reply.summary.startswith("Flöte – 笛, measure 2: ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "isn't MusicXML"),
        ("PK\x03\x04", "isn't MusicXML"),
        ("not xml", "isn't MusicXML"),
        ("<score-partwise>", "well-formed"),
        ("<html/>", "this XML is a 'html'"),
        ("<score-partwise/>", "no measures"),
        ("<a>\ud800</a>", "damaged"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a/>', "entities"),
    ],
)
def test_what_is_no_score_is_said_in_a_sentence(model: Model, text: str, said: str) -> None:
    request = asked({"musicxml": ""}, 0, 1, [0]).model_copy(update={"musicxml": text})
    with pytest.raises(ReadError, match=said) as caught:
        answer(request, lambda name: model)
    assert caught.value.where == "score"
    assert caught.value.fix


def never(name: str) -> Model:
    raise AssertionError(name)


def test_a_wrong_selection_is_refused_before_the_model_is_loaded(chorale_xml: str) -> None:
    with pytest.raises(RegionError, match="measures 100 to 101 were selected"):
        answer(asked({"musicxml": chorale_xml}, 99, 101, [0]), never)


def test_staves_that_cannot_be_pasted_at_once_are_refused_before_the_model_is_loaded(
    chorale_xml: str,
) -> None:
    request = asked({"musicxml": chorale_xml}, 4, 6, [0, 2])
    with pytest.raises(RegionError, match=r"others between them\. Select staves that lie next to each"):
        answer(request, never)


def test_the_model_is_asked_for_by_its_name(chorale_xml: str) -> None:
    def missing(name: str) -> Model:
        raise ModelError(f"there is no model {name}", fix="Take another.")

    with pytest.raises(ModelError, match="there is no model lstm"):
        answer(asked({"musicxml": chorale_xml}, 4, 6, [0], model="lstm"), missing)

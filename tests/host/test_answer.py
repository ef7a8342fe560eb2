"""From a request to a reply, with a model that plays anything legal."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from host.asking import asked
from host.host_reading import check_voices, played
from host.made_music import dice_music, musicxml_of, walk_of
from hypothesis import given, settings
from hypothesis import strategies as st
from musicxml.xml_scores import attributes, note, score_xml

from bridge.fill import Filled, FillOptions, Model, fill_document
from bridge.fill_file import fill_score
from bridge.host.answer import answer
from bridge.musicxml import MusicXmlDocument
from bridge.protocol.reply import FillReply
from bridge.regions import Selection
from bridge.score import Score


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

"""Replies to requests that keep the rhythm that stands there."""

from __future__ import annotations

from fractions import Fraction

from host.asking import MUSESCORE_4, asked, best
from musicxml.xml_scores import attributes, note, score_xml

from bridge.fill import Model
from bridge.host.answer import answer
from bridge.musicxml import MusicXmlDocument


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


def test_a_kept_rhythm_leaves_density_as_it_is_and_says_so(chorale_xml: str, model: Model) -> None:
    wishes = {"keep_rhythm": True, "density": 2, "register": 1}
    reply = answer(asked({"musicxml": chorale_xml}, 4, 6, [1], **wishes), lambda name: model)
    assert reply.notices == ["The rhythm was kept, so density and polyphony stayed as they were."]
    assert reply.alternatives[0].note_count > 0

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from command import Run
from part_writing.made_scores import line, measures_of, note, score_of

from bridge.part_writing.check import Report, check_fill, report_lines
from bridge.part_writing.counting import CROSSINGS, FIFTHS, KINDS, LEAPS, OCTAVES, RANGE, SPANS
from bridge.part_writing.usual import NAMES, is_choral, is_unusual, style_of, usual_rates
from bridge.score import Part, Region, Score, Staff
from jaxmodels.part_writing import Tally

SECOND = Region(1, 2, (0, 1))
QUIET = ["C5", "D5", "C5", "D5"]


GOLDEN = [
    "  part-writing, joins included, beside 300 works (chorales):",
    "    parallel fifths   1 in 54 moves of two voices     1.9 % (usually 0.03 %)  unusual",
    "    parallel octaves  1 in 54 moves of two voices     1.9 % (usually 0.01 %)  unusual",
    "    voice crossings   21 in 54 chords of two voices   38.9 % (usually 0.41 %)  unusual",
    "    wide leaps        9 in 36 melodic steps           25.0 % (usually 0.91 %)  unusual",
    "    out of range      7 in 32 notes                   21.9 % (usually 0.29 %)  unusual",
    "    measure 5, beat 1: Tenor lies above Alto (D4 over C4), coming from what stands before",
    "    measure 5, beat 1: Alto leaps down a major sixth (A4 to C4), coming from what stands before",
    "    measure 5, beat 2: Bass lies above Alto (E4 over C4)",
    "    measure 5, beat 2: Tenor lies above Soprano (G4 over E4)",
    "    measure 5, beat 2: Bass has E4, above its usual range (D4)",
]
LAST = [
    "    measure 6, beat 3: Tenor leaps down a major sixth (B4 to D4)",
    "    and 12 more (--json lists all)",
]


def sentences(report: Report) -> list[str]:
    return [str(each) for each in report.findings]


def counts(report: Report) -> dict[str, int]:
    return {row.kind: row.here.found for row in report.rows if row.here.found}


def soprano_and_bass(upper: list[str], lower: list[str]) -> Score:
    return score_of(("Soprano", upper), ("Bass", lower), measures=3)


def test_parallels_at_both_joins_are_found_and_said_to_be_there() -> None:
    upper = ["C5"] * 3 + ["G4", "A4", "C5", "C5", "A4", "G4"] + ["C5"] * 3
    lower = ["G3"] * 3 + ["C3", "D3", "E3", "E3", "A3", "G3"] + ["C4"] * 3
    report = check_fill(soprano_and_bass(upper, lower), SECOND)
    assert sentences(report) == [
        "measure 2, beat 1: Soprano and Bass go in parallel fifths (G4 over C3 to A4 over D3), "
        "coming from what stands before",
        "measure 3, beat 1: Soprano and Bass go in parallel octaves (A4 over A3 to G4 over G3), "
        "going on to what follows",
    ]
    assert counts(report) == {FIFTHS: 1, OCTAVES: 1}


def test_findings_outside_the_fill_are_none() -> None:
    upper = ["G4", "A4", "B4", "G4", "C5", "D5", "C5", "D5", "C5", "G5", "A5", "B5"]
    lower = ["C3", "D3", "E3", "B3", "C4", "G3", "A3", "F3", "A3", "C4", "D4", "E4"]
    report = check_fill(soprano_and_bass(upper, lower), SECOND)
    assert report.findings == ()
    assert report_lines(report)[-1] == "    nothing to look at"


def test_pairs_without_a_filled_line_are_none_of_it() -> None:
    upper, lower = ["G4", "A4", "B4", "A4"] * 3, ["C3", "D3", "E3", "D3"] * 3
    score = score_of(("Soprano", upper), ("Alto", ["C4"] * 12), ("Bass", lower), measures=3)
    assert counts(check_fill(score, Region(1, 2, (1,)))) == {}
    assert counts(check_fill(score, Region(1, 2, (2,)))) == {FIFTHS: 4 + 1}


def test_a_crossing_is_told_once_and_counted_at_each_chord() -> None:
    report = check_fill(
        soprano_and_bass(["C4"] * 12, ["A3"] * 5 + ["D4", "C#4", "D4"] + ["A3"] * 4), SECOND
    )
    assert sentences(report) == ["measure 2, beat 2: Bass lies above Soprano (D4 over C4)"]
    assert counts(report) == {CROSSINGS: 3}


def test_leaps_and_ranges_are_named() -> None:
    report = check_fill(
        soprano_and_bass([*QUIET, "C5", "A5", "C5", "Eb4", *QUIET], ["A3", *["A3"] * 11]), SECOND
    )
    assert sentences(report) == [
        "measure 2, beat 2: Soprano leaps up a major sixth (C5 to A5)",
        "measure 2, beat 2: Soprano has A5, above its usual range (G5)",
        "measure 2, beat 3: Soprano leaps down a major sixth (A5 to C5)",
        "measure 2, beat 4: Soprano leaps down a major sixth (C5 to E♭4)",
        "measure 3, beat 1: Soprano leaps up a major sixth (E♭4 to C5), going on to what follows",
    ]
    assert counts(report) == {LEAPS: 4, RANGE: 1}


def test_beats_are_counted_in_the_metre_and_from_a_pickup() -> None:
    score = soprano_and_bass(["C5"] * 12, ["C4"] * 12)
    pickup = replace(score.measures[0], duration_quarter=Fraction(1))
    late = Part(
        0, "P0", "Soprano", (Staff(0, 0, 1, (note("C5", 0), note("A5", Fraction(3, 2))), program=52),)
    )
    moved = tuple(
        replace(measure, onset_quarter=measure.onset_quarter - 3) for measure in score.measures[1:]
    )
    report = check_fill(Score("made", (late,), (pickup, *moved)), Region(0, 2, (0,)))
    assert [each.measure for each in report.findings] == ["2"]
    assert [each.beat for each in report.findings] == ["1½"]


def test_chords_of_a_hand_are_measured_and_a_staff_of_two_voices_is_two_lines() -> None:
    hand = Staff(0, 0, 1, tuple(line(["C4+E5", "C4+F5", "C4", "C4"])), program=0)
    voices = (*line(["G3", "A3", "B3", "A3"]), *line(["C3", "D3", "E3", "D3"], voice=2))
    other = Staff(1, 0, 2, voices, program=0)
    score = Score("made", (Part(0, "P0", "Piano", (hand, other)),), measures_of(1))
    report = check_fill(score, Region(0, 1, (0, 1)))
    assert report.style == "keyboard and song"
    spans = [str(each) for each in report.findings if each.kind == SPANS]
    assert spans == ["measure 1, beat 2: one hand spans 17 semitones in Piano, staff 1, more than a tenth"]
    fifths = [each for each in report.findings if each.kind == FIFTHS]
    assert {each.parts for each in fifths} == {("Piano, staff 2, voice 1", "Piano, staff 2, voice 2")}
    assert len(fifths) == 3


def test_the_reference_is_there_for_every_style() -> None:
    rates = usual_rates()
    assert set(rates) <= set(NAMES)
    for style in ("chorale", "early vocal", "chamber", "folk tune", "keyboard and song", "any"):
        assert rates[style].works > 10
        assert set(rates[style].tallies) == set(KINDS)
    chorale = rates["chorale"].tallies
    assert 0 < chorale[FIFTHS].rate < 0.001
    assert 0 < chorale[CROSSINGS].rate < 0.01
    assert chorale[FIFTHS].cases > 100_000
    assert rates["folk tune"].tallies[FIFTHS].cases == 0
    assert rates["keyboard and song"].tallies[SPANS].found > 0


@pytest.mark.parametrize(
    ("here", "usual", "unusual"),
    [
        (Tally(0, 200), Tally(1, 1000), False),
        (Tally(1, 200), Tally(1, 1000), False),
        (Tally(3, 200), Tally(1, 1000), True),
        (Tally(1, 200), Tally(0, 100_000), True),
        (Tally(20, 200), Tally(100, 1000), False),
        (Tally(5, 5), Tally(0, 0), False),
    ],
)
def test_unusual_is_what_real_music_would_rarely_reach(here: Tally, usual: Tally, unusual: bool) -> None:
    assert is_unusual(here, usual) is unusual


def test_styles_are_told_by_names_and_instruments() -> None:
    assert is_choral(["Soprano", "Alto", "Tenor", "Bass"])
    assert is_choral(["S.", "A.", "T.", "B."])
    assert not is_choral(["Violin", "Alto", "Tenor", "Bass"])
    assert style_of(score_of(("Flute", []))) == "folk tune"
    assert style_of(score_of(("Cantus", []), ("Tenor", []))) == "early vocal"
    assert style_of(score_of(("Violin", []), ("Cello", []), program=40)) == "chamber"
    assert style_of(score_of(("A", []), ("B", []), program=73)) == "any"


def test_a_style_can_be_given() -> None:
    score = soprano_and_bass(QUIET * 3, ["C4"] * 12)
    assert check_fill(score, SECOND, "chamber").style == "chamber"
    assert check_fill(score, SECOND, "no such style").style == "early vocal"


def test_the_shell_reports_beside_the_summary(run: Run, chorale) -> None:
    outcome = run("fill", chorale, "--measures", "5-6", "--seed", "4", "--check", "--force")
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert lines[1 : 1 + len(GOLDEN)] == GOLDEN
    assert lines[-2:] == LAST


def test_programs_get_the_report_as_json(run: Run, chorale) -> None:
    outcome = run(
        "fill", chorale, "--measures", "5-6", "--seed", "4", "--check", "--json", "--alternatives", "2"
    )
    (record,) = outcome.records
    assert record["check"] == record["alternatives"][0]["check"]
    assert record["check"] != record["alternatives"][1]["check"]
    assert set(record["check"]) == {"style", "works", "counts", "findings"}
    assert set(record["check"]["counts"]) == {kind.replace(" ", "_") for kind in KINDS}
    assert set(record["check"]["findings"][0]) == {"kind", "measure", "beat", "parts", "text"}


def test_without_being_asked_there_is_no_report(run: Run, chorale) -> None:
    outcome = run("fill", chorale, "--measures", "5-6", "--seed", "4")
    assert len(outcome.out.splitlines()) == 1

"""The plugin in a real MuseScore against a bridge that follows a script: what is written."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from typing import Any

import lxml.etree as etree
import pytest
from musescore.conversion import needs_musescore
from musescore.desk import Desk
from musescore.fake_bridge import Script

pytestmark = needs_musescore


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    yield from Desk.in_folder(tmp_path_factory.mktemp("musescore"))


@pytest.fixture(autouse=True)
def _plain_script(desk: Desk) -> None:
    desk.bridge.play(Script())


def cells(staves: range, measures: range) -> set[tuple[int, int]]:
    return {(staff, index) for staff in staves for index in measures}


def test_rests_are_filled(desk: Desk) -> None:
    desk.open("quartet")
    desk.choose(4, 8, 0, 3)
    said = desk.fill()
    assert said.startswith("Clarinet in Bb to Violoncello, measures 4 to 7: ")
    assert desk.driver.run("return chosen()[2];") == 0
    desk.check_filled(cells(range(4), range(4, 8)))


def test_measures_in_another_metre_and_a_transposing_staff_are_replaced(desk: Desk) -> None:
    desk.open("quartet")
    desk.choose(1, 4, 0, 0)
    assert desk.fill("replace").startswith("Clarinet in Bb, measures 1 to 3: ")
    desk.check_filled(cells(range(1), range(1, 4)))


def test_a_pickup_is_replaced(desk: Desk) -> None:
    desk.open("quartet")
    desk.choose(0, 1, 1, 2)
    assert desk.fill("replace").startswith("Violin and Viola, measure 0: ")
    desk.check_filled(cells(range(1, 3), range(1)))


def test_empty_measures_after_the_selection_are_filled_and_become_the_selection(desk: Desk) -> None:
    desk.open("quartet")
    desk.choose(2, 4, 1, 3)
    assert "measures 4 to 5" in desk.fill()
    start, stop = desk.driver.run("return [measureTick(4), measureTick(6)];")
    assert desk.driver.run("return chosen();") == [start, stop, 1, 3]
    desk.check_filled(cells(range(1, 4), range(4, 6)))


def test_two_staves_and_two_voices(desk: Desk) -> None:
    desk.open("piano")
    desk.choose(1, 6, 0, 1)
    desk.fill("replace")
    assert any(len(desk.look("voices").lengths(0, index)) == 2 for index in range(1, 6))
    desk.check_filled(cells(range(2), range(1, 6)))


def test_a_second_voice_goes_with_the_notes_it_belongs_to(desk: Desk) -> None:
    desk.open("piano")
    desk.choose(1, 3, 0, 0)
    desk.bridge.play(Script(reply=only_first_voice))
    desk.fill("replace")
    after = desk.look("voices")
    assert [len(after.lengths(0, index)) for index in (1, 2)] == [1, 1]
    desk.check_filled(cells(range(1), range(1, 3)))


def test_measures_are_appended_at_the_end(desk: Desk) -> None:
    desk.open("tune")
    desk.choose(1, 3, 0, 0)
    assert "measures 4 to 5" in desk.fill()
    assert desk.driver.run("return chosen()[1] === curScore.lastSegment.tick;")
    desk.check_filled(cells(range(1), range(3, 5)))


def test_all_staves_get_appended_measures_and_some_get_notes(desk: Desk) -> None:
    desk.open("quartet")
    desk.choose(8, 9, 1, 2)
    desk.fill()
    after = desk.look("after")
    assert after.measures == 10
    assert [bool(after.notes(staff, 9)) for staff in range(4)] == [False, True, True, False]
    desk.driver.run('cmd("undo"); return true;')
    assert desk.look("undone").changed(desk.before) == set()


def test_what_is_no_note_stays(desk: Desk) -> None:
    desk.open("marked")
    desk.choose(1, 4, 0, 1)
    desk.fill("replace")
    after = desk.look("marks")
    for staff, index in cells(range(2), range(1, 4)):
        for tag in ("Harmony", "Dynamic", "StaffText", "RehearsalMark", "KeySig", "Clef", "HairPin"):
            assert after.count(staff, index, tag) == desk.before.count(staff, index, tag), (
                staff,
                index,
                tag,
            )
    changed = desk.before.changed(after) - cells(range(2), range(1, 4))
    assert changed == {(0, 0), (0, 4)}  # the ends of slurs that would dangle
    assert [after.notes(0, index) for index in (0, 4)] == [desk.before.notes(0, index) for index in (0, 4)]
    desk.driver.run('cmd("undo"); return true;')
    assert desk.look("undone").changed(desk.before) == set()


def test_marks_over_empty_measures_stay(desk: Desk) -> None:
    desk.open("marked")
    desk.choose(1, 4, 0, 0)
    desk.fill("replace")
    once = desk.look("once")
    desk.fill("replace")
    twice = desk.look("twice")
    for index in range(1, 4):
        for tag in ("Harmony", "Dynamic", "StaffText", "HairPin"):
            assert (
                twice.count(0, index, tag) == once.count(0, index, tag) == desk.before.count(0, index, tag)
            )


def test_drums_in_the_selection_are_left_out(desk: Desk) -> None:
    desk.open("band")
    desk.choose(2, 4, 0, 1)
    said = desk.fill()
    assert said.count("\n") == 1, said
    assert "Drumset" in said
    desk.check_filled(cells(range(1), range(2, 4)))


def test_only_drums(desk: Desk) -> None:
    desk.open("band")
    desk.choose(2, 4, 1, 1)
    desk.begin()
    assert "percussion" in desk.end()
    desk.check_untouched()


def test_multi_measure_rests_are_broken_up(desk: Desk) -> None:
    desk.open("quartet")
    desk.driver.run('cmd("toggle-mmrest"); return true;')
    desk.before = desk.look("before")
    desk.choose(4, 8, 0, 3)
    desk.fill()
    desk.check_filled(cells(range(4), range(4, 8)))


def test_multi_measure_rests_after_the_selection(desk: Desk) -> None:
    desk.open("quartet")
    desk.driver.run('cmd("toggle-mmrest"); return true;')
    desk.before = desk.look("before")
    desk.choose(2, 4, 1, 1)
    assert "measures 4 to 5" in desk.fill()
    desk.check_filled(cells(range(1, 2), range(4, 6)))


def test_the_right_one_of_two_scores_of_one_name(desk: Desk) -> None:
    desk.open("tune")
    other = desk.folder / "elsewhere" / desk.path.name
    other.parent.mkdir()
    shutil.copy(desk.folder / "quartet.mscz", other)
    desk.driver.run(f"return show({json.dumps(str(other))});")
    desk.driver.run(
        "for (var i = 0; i < 100 && curScore.nmeasures !== 3; i++) cmd('next-score'); return true;"
    )
    assert desk.driver.run("return curScore.scoreName;") == desk.path.stem
    desk.choose(0, 1, 0, 0)
    desk.fill("replace")
    assert desk.driver.run("return curScore.nmeasures;") == 3
    desk.check_filled({(0, 0)})


def test_a_score_shown_in_concert_pitch(desk: Desk) -> None:
    with (
        zipfile.ZipFile(desk.folder / "quartet.mscz") as plain,
        zipfile.ZipFile(desk.folder / "concert.mscz", "w") as concert,
    ):
        for name in plain.namelist():
            data = plain.read(name).replace(b"<Style>", b"<Style><concertPitch>1</concertPitch>")
            concert.writestr(name, data)
    desk.open("concert")
    shown = (desk.folder / f"{desk.path.stem}-before.mscx").read_text()
    assert "<concertPitch>1</concertPitch>" in shown
    desk.choose(3, 5, 0, 1)
    desk.fill("replace")
    desk.check_filled(cells(range(2), range(3, 5)))


def test_nothing_is_left_in_the_plugin_folder(desk: Desk) -> None:
    desk.open("quartet")
    before = sorted(path.name for path in desk.plugin.iterdir())
    desk.choose(4, 8, 0, 3)
    desk.fill()
    assert sorted(path.name for path in desk.plugin.iterdir()) == before


@pytest.mark.parametrize("item", ["both voices", "one voice"])
def test_triplets_in_two_voices_are_replaced(desk: Desk, item: str) -> None:
    desk.open("inner_triplets")
    desk.choose(1, 2, 0, 0)
    desk.bridge.play(Script(reply=only_first_voice) if item == "one voice" else Script())
    desk.fill("replace")
    desk.check_filled({(0, 1)})


def only_first_voice(reply: dict[str, Any]) -> dict[str, Any]:
    fragment = etree.fromstring(reply["alternatives"][0]["fragment"].encode())
    for measure in fragment.iter("measure"):
        if (backup := measure.find("backup")) is not None:
            for element in [backup, *backup.itersiblings()]:
                measure.remove(element)
    reply["alternatives"][0]["fragment"] = etree.tostring(fragment, encoding="unicode")
    return reply

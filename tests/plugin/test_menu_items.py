"""Continue selection and Replace selection on MuseScore 4's stand-in, against a bridge over HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest
from plugin.host.composing import Composer
from plugin.host.installed import plugin_on
from plugin.host.menu_items import CONTINUE, REPLACE, run
from plugin.host.reading_back import check_written
from plugin.host.scores import Plan, melody, quartet, selecting


@pytest.mark.parametrize(
    ("plan", "item", "filled"),
    [
        pytest.param(selecting(melody(), 2, 4), CONTINUE, (2, 4, [0]), id="rests"),
        pytest.param(selecting(melody(), 0, 2), REPLACE, (0, 2, [0]), id="replace"),
        pytest.param(selecting(melody(), 0, 2), CONTINUE, (2, 4, [0]), id="continue"),
        pytest.param(selecting(melody(), 1, 4), CONTINUE, (2, 4, [0]), id="continue-inside"),
        pytest.param(selecting(melody(), 4, 6), CONTINUE, (6, 8, [0]), id="append"),
        pytest.param(selecting(quartet(), 3, 6, 1, 3), CONTINUE, (3, 6, [1, 2]), id="two-staves"),
        pytest.param(
            selecting(quartet(), 0, 3, 0, 3), REPLACE, (0, 3, [0, 1, 2]), id="voices-tuplets-pickup"
        ),
        pytest.param(selecting(quartet(), 0, 4), REPLACE, (0, 4, [0]), id="transposing"),
        pytest.param(selecting(quartet(), 2, 5, 0, 4), REPLACE, (2, 5, [0, 1, 2]), id="beside-drums"),
        pytest.param(selecting(quartet(), 1, 3, 1, 3), CONTINUE, (3, 5, [1, 2]), id="after-notes"),
    ],
)
def test_notes_are_written_where_the_selection_means(
    plan: Plan, item: str, filled: tuple, folder: Path, composer: Composer
) -> None:
    with plugin_on(plan, folder, item) as stand_in:
        before = stand_in.dump()
        stage, sentence = run(stand_in)
        assert (stage, sentence.split(" notes (")[0][-1].isdecimal()) == ("done", True), sentence
        reply = composer.replies[-1]
        assert (reply.start, reply.stop, reply.staves) == filled
        check_written(before, stand_in.dump(), reply)
        name = "Replace selection" if item == REPLACE else "Continue selection"
        assert stand_in.log() == [f"start {name}", "commit"]
        stand_in.js("standInHost.cmd('undo')")
        assert stand_in.dump() == before
        if not reply.notices:  # with them the window stays longer
            assert stand_in.wait(lambda: stand_in.access.closed, 3)


def test_written_names_follow_the_transposition(folder: Path) -> None:
    with plugin_on(selecting(quartet(), 0, 4), folder, REPLACE) as stand_in:
        run(stand_in)
        names = [
            tpcs
            for measure in stand_in.dump()[:4]
            for chord in measure["voices"]["0"]
            for tpcs in chord["tpcs"] or []
        ]
        assert names
        assert {written - sounding for sounding, written in names} == {2}


def test_on_4_0_the_command_has_no_name(folder: Path) -> None:
    with plugin_on(selecting(melody(), 2, 4), folder, CONTINUE, "4.0.2") as stand_in:
        assert stand_in.root.property("title") == "Continue selection"
        assert stand_in.root.property("categoryCode") == "composing-arranging-tools"
        assert run(stand_in)[0] == "done"
        assert stand_in.log() == ["start", "commit"]


def test_the_request_says_what_can_be_written(folder: Path, composer: Composer) -> None:
    with plugin_on(selecting(quartet(), 3, 6, 1, 3), folder, CONTINUE) as stand_in:
        run(stand_in)
        request = composer.requests[-1]
        assert request.client.model_dump() == {
            "name": "MuseScore",
            "version": "4.6.5",
            "tuplets": True,
            "ties": False,
            "fragment": False,
        }
        assert request.walk is not None
        assert request.options.alternatives == 1
        kinds = [staff.kind for part in request.walk.parts for staff in part.staves]
        assert kinds == ["pitched", "pitched", "pitched", "percussion"]


def test_remembered_options_are_used(folder: Path, composer: Composer) -> None:
    remembered = '{"model": "other", "temperature": 0.7, "alternatives": 9, "ownRange": false}'
    (folder / "settings.json").write_text(remembered)
    with plugin_on(selecting(melody(), 2, 4), folder, CONTINUE) as stand_in:
        run(stand_in)
        options = composer.requests[-1].options
        assert (options.model, options.temperature, options.own_range) == ("other", 0.7, False)
        assert options.alternatives == 1


@pytest.mark.parametrize(
    ("plan", "item", "said"),
    [
        pytest.param(melody(), CONTINUE, "Select the measures first", id="nothing"),
        pytest.param(
            melody() | {"selection": selecting(melody(), 2, 4)["selection"] | {"startTick": 480}},
            CONTINUE,
            "inside a measure",
            id="inside-a-measure",
        ),
        pytest.param(selecting(quartet(), 3, 5, 3, 4), CONTINUE, "percussion staff", id="drums"),
        pytest.param(
            selecting(melody() | {"measures": [{"beats": 4, "type": 4}] * 80}, 6, 79),
            CONTINUE,
            "more than jaxmuse fills at a time (64)",
            id="too-many",
        ),
        pytest.param(selecting(melody(), 0, 1), CONTINUE, "Replace selection", id="no-room"),
    ],
)
def test_what_can_not_be_filled_is_said(plan: Plan, item: str, said: str, folder: Path) -> None:
    with plugin_on(plan, folder, item) as stand_in:
        before = stand_in.dump()
        stage, sentence = run(stand_in)
        assert stage == "failed"
        assert said in sentence
        assert (stand_in.dump(), stand_in.log()) == (before, [])

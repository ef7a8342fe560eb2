"""Whatever the bridge answers, the cursor writes it as it was sent, and nothing else changes."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from plugin.host.composing import Composer
from plugin.host.reading_back import check_written
from plugin.host.real.drawn_scores import METRES, drawn_plan
from plugin.host.stand_in import StandIn

from bridge.errors import RegionError
from bridge.protocol.request import FillRequest

PLUGIN = Path(__file__).parents[2] / "musescore_plugin"
MODULES = {
    "CursorClear": "cursor_clear",
    "CursorCheck": "cursor_check",
    "CursorWriter": "cursor_writer",
    "Features": "features",
    "Walk": "walk",
}


def request_of(stand_in: StandIn, selection: dict[str, Any], seed: int) -> FillRequest:
    """Return what the plugin would ask for."""
    walk = json.loads(stand_in.js("JSON.stringify(Walk.readWalk(standInHost, null))").toString())
    client = json.loads(
        stand_in.js("JSON.stringify(Features.client(Features.features(standInHost)))").toString()
    )
    asked = {"walk": walk, "selection": selection, "options": {"seed": seed}, "client": client}
    return FillRequest.model_validate_json(json.dumps(asked))


def write(stand_in: StandIn, reply: str) -> dict[str, Any]:
    """Write the first alternative and return the writer's result."""
    code = (
        "(function () { var result = null; CursorWriter.writer(CursorClear, CursorCheck, '')"
        f".write(standInHost, {reply}, 0, function (done) {{ result = done; }});"
        " return JSON.stringify(result); })()"
    )
    return json.loads(stand_in.js(code).toString())


@given(seed=st.integers(0, 10**6))
@settings(deadline=None, max_examples=40)
def test_any_score_any_region_any_notes(seed: int) -> None:
    dice = random.Random(seed)
    plan = drawn_plan(dice)
    for part in plan["parts"]:
        part["transposition"] = dice.choice((0, 0, 2, -1))
    if dice.random() < 0.4:
        plan["measures"][0] |= {"length": [1, 4]}
        for part in plan["parts"]:
            part["staves"][0].pop(0, None)
    plan["chordsGrowAlone"] = dice.random() < 0.2
    start = dice.randrange(len(METRES))
    stop = dice.randint(start + 1, len(METRES))
    staves = dice.choice(([0], [1], [0, 1]))
    mode = dice.choice(("replace", "replace", "continue"))
    stand_in = StandIn(plan)
    stand_in.modules(PLUGIN, **MODULES)
    try:
        before = stand_in.dump()
        selection = {"start": start, "stop": stop, "staves": staves, "mode": mode}
        try:
            reply = Composer()(request_of(stand_in, selection, seed))
        except RegionError:  # nothing is empty there
            assume(mode == "replace")
            raise
        result = write(stand_in, reply.model_dump_json())
        assert result["ok"], result
        check_written(before, stand_in.dump(), reply)
        stand_in.js("standInHost.cmd('undo')")
        assert stand_in.dump() == before
        assert stand_in.misuses() == []
    finally:
        stand_in.close()

"""The menu items that fill at once, run on the stand-in to their end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from plugin.host.stand_in import StandIn

CONTINUE, REPLACE = "continue_selection", "replace_selection"


def filling(stand_in: StandIn) -> Any:
    return stand_in.part("FillSelection")


def run(stand_in: StandIn, during: Callable[[], Any] | None = None) -> tuple[str, str]:
    """Run the item to its end; return what became of it and what was said."""
    filling(stand_in).setProperty("lingers", 0)
    stand_in.run()
    if during is not None:
        during()
    assert stand_in.wait(lambda: filling(stand_in).property("stage") in ("done", "failed"))
    return filling(stand_in).property("stage"), filling(stand_in).property("sentence")

"""Several scores in one process with one loaded model; one bad score doesn't stop the rest."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.console import (
    blank_record,
    bug_sentence,
    fill_record,
    fill_summary,
    print_problem,
    print_record,
    progress_bar,
)
from bridge.errors import JaxmuseError, UsageError
from bridge.fill_file import fill_file
from bridge.manner import Manner
from bridge.placement import Placement
from bridge.regions import Selection

if TYPE_CHECKING:
    from bridge.fill_by_bridge import FillingBridge

BUG, REFUSED = 1, 2
"""Exit codes; a bug hides behind no refusal."""


def fill_scores(
    scores: Sequence[Path],
    selection: Selection,
    placement: Placement,
    manner: Manner,
    check: bool = False,
    json: bool = False,
    debug: bool = False,
    bridge: bool = True,
) -> int:
    """Fill and write every score, print one summary (or JSON object) each, and return the exit code.

    With `check`, each fill is reported on; with `debug`, an unexpected error is raised instead of printed;
    with `bridge`, the bridge fills where it runs, and gives the same files.
    """
    if placement.output is not None and placement.folder is not None:
        raise UsageError(
            "they contradict each other", where="options -o and --output-dir", fix="Give one of them."
        )
    if placement.output is not None and len(scores) > 1:
        raise UsageError(
            f"one file can't hold {len(scores)} scores", where="option -o", fix="Use --output-dir."
        )
    manner = manner.seeded()
    by_bridge = _bridge(manner) if bridge else None
    options = functools.cache(manner.options)
    load = functools.cache(functools.partial(_load, manner.model))
    codes = {0}
    written: list[Path] = []
    for path in scores:
        record: dict[str, Any]
        try:
            with progress_bar(path.name) as progress:
                filled = by_bridge and by_bridge.fill_file(
                    path, selection, placement, progress, scores, written, check
                )
                account, outputs, pictures = filled or fill_file(
                    path, selection, load, options(), placement, progress, scores, written, check
                )
            written += [*outputs, *pictures]
            record, sentence = fill_record(account, outputs), fill_summary(account, outputs)
        except JaxmuseError as error:
            record, sentence = blank_record(path, error), str(error)
            codes.add(REFUSED)
        except Exception as error:
            if debug:
                raise
            record, sentence = (
                blank_record(path, bug_sentence(error)),
                f"{path.name}: {bug_sentence(error)}",
            )
            codes.add(BUG)
        if json:
            print_record(record)
        elif record["ok"]:
            print(sentence, flush=True)
        else:
            print_problem(sentence)
    return BUG if BUG in codes else max(codes)


def _bridge(manner: Manner) -> FillingBridge | None:
    """Return the bridge that runs, None without one: nothing more is imported then."""
    from bridge.connection import running

    if running() is None:
        return None
    from bridge.fill_by_bridge import FillingBridge

    return FillingBridge(manner)


def _load(model: str) -> Any:
    from bridge.fill import load_model

    return load_model(model)

"""Several scores in one process with one loaded model; one bad score doesn't stop the rest."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

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
from bridge.fill_file import Placement, fill_file
from bridge.manner import Manner
from bridge.regions import Selection

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
) -> int:
    """Fill and write every score, print one summary (or JSON object) each, and return the exit code.

    With `check`, each fill is reported on; with `debug`, an unexpected error is raised instead of printed.
    """
    if placement.output is not None and placement.folder is not None:
        raise UsageError(
            "they contradict each other", where="options -o and --output-dir", fix="Give one of them."
        )
    if placement.output is not None and len(scores) > 1:
        raise UsageError(
            f"one file can't hold {len(scores)} scores", where="option -o", fix="Use --output-dir."
        )
    options = manner.options()
    load = functools.cache(functools.partial(_load, manner.model))
    codes = {0}
    written: list[Path] = []
    for path in scores:
        record: dict[str, Any]
        try:
            with progress_bar(path.name) as progress:
                score, outputs, pictures = fill_file(
                    path, selection, load, options, placement, progress, scores, written, check
                )
            written += [*outputs, *pictures]
            record, sentence = fill_record(score, outputs), fill_summary(score, outputs)
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


def _load(model: str) -> Any:
    from bridge.fill import load_model

    return load_model(model)

"""The other systems of the literature, beside what was published of them."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Sequence
from typing import Any

from table_parts import RESULTS, ROOT, markdown, result


def polyphony_table() -> str:
    """Return both backbones' nats per frame beside the published ones."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    from polyphony import summarise

    return summarise(RESULTS) + "\n"


def rbm_jsb_table() -> str:
    """Return the RBM's nats per single frame of the chorales beside the published one."""
    rows = [["RBM (Boulanger-Lewandowski et al. 2012)", "7.43", "", "", ""]]
    for path in sorted(RESULTS.glob("rbm-jsb-*.json")):
        found = result(path.name)["results"]
        rows.append(
            [
                f"jaxmuse RBM, {found['hidden']} hidden units, seed {found['seed']}",
                f"{found['test_nats']:.2f} ({found['test_nats_low']:.2f} to {found['test_nats_high']:.2f})",
                f"{found['test_nats_reverse']:.2f}",
                f"{found['test_nats_all_frames']:.2f}",
                f"{found['valid_nats']:.2f}",
            ]
        )
    columns = [
        "nats per frame",
        "test, frames 2 … T",
        "log Z from the other end",
        "test, all frames",
        "valid",
    ]
    return markdown(columns, rows)


def rbm_fills_table() -> str:
    """Return how the RBM's fills are, beside the other models' in the same holes."""
    found = result("rbm_fills.json")["results"]
    rows = [
        [
            task,
            name,
            *(f"{figures[key]:.3f}" for key in RBM_FILLS),
            str(figures["illegal_notes"]),
            f"{found['seconds_per_fill'][name]:.2f}" if name in found["seconds_per_fill"] else "",
        ]
        for task, systems in found["tasks"].items()
        for name, figures in systems.items()
    ]
    return markdown(["", "", *RBM_FILLS.values(), "illegal notes", "s a fill, median"], rows, words=2)


RBM_FILLS = {
    "note_f1": "note F1",
    "histogram_distance": "pitch-class distance",
    "rhythm_agreement": "rhythm agreement",
    "in_key": "in key",
    "triads": "triads and sevenths",
}


TUTORIAL_WORDS = {"tutorial-wavenet": "WaveNet", "tutorial-lstm": "LSTM"}


def _tutorial_runs() -> list[tuple[str, list[dict[str, Any]]]]:
    models = result("keras_tutorial.json")["results"]["models"]
    return [(TUTORIAL_WORDS[kind], model["runs"]) for kind, model in models.items()]


def _middle(runs: Sequence[Any], *place: str) -> float | None:
    """Return the median over the seeds of the figure at `place`, None where a seed has none."""
    figures = []
    for run in runs:
        for name in place:
            run = run[name]
        figures.append(run)
    return None if None in figures else statistics.median(figures)


def keras_tutorial_table() -> str:
    """Return losses and times of the tutorial's models, jaxmuse beside Keras."""
    main = result("keras_tutorial.json")["results"]["main_wavenet"]["ms"]
    rows = []
    for words, runs in _tutorial_runs():
        for name, place, digits in (
            ("best validation loss, nats per token", "valid_best", 3),
            ("seconds per epoch", "epoch_seconds", 2),
            ("seconds of the processor per epoch", "epoch_cpu_seconds", 2),
            ("first epoch, with compiling", "first_epoch_seconds", 1),
            (
                "seconds to Keras's best loss, with compiling (jaxmuse up to twice the epochs)",
                "keras_best_reached_seconds",
                0,
            ),
        ):
            ours, theirs = (_middle(runs, "training", side, place) for side in ("jaxmuse", "keras"))
            cells = ["not reached" if value is None else f"{value:.{digits}f}" for value in (ours, theirs)]
            timed = place != "valid_best" and ours is not None and theirs is not None
            rows.append([f"{words}: {name}", *cells, f"{ours / theirs:.2f}" if timed else ""])  # type: ignore[operator]
        ways = [(words, _middle(runs, "generation", "jaxmuse", "ms"))]
        if "jaxmuse_states" in runs[0]["generation"]:
            ways.append(
                (f"{words} whose memory goes on", _middle(runs, "generation", "jaxmuse_states", "ms"))
            )
        if words == "WaveNet":
            ways.append(("the model that fills", main))
        for name, place in (("compiled function", "keras_function"), ("`predict` loop", "keras_predict")):
            theirs = _middle(runs, "generation", place, "ms")
            for whose, value in ways:
                assert value is not None
                assert theirs is not None
                row = f"{whose}: ms per note, against Keras's {name} of the {words}"
                rows.append([row, f"{value:.3f}", f"{theirs:.2f}", f"1 / {theirs / value:.0f}"])
    return markdown(["", "jaxmuse", "Keras", "ratio"], rows)


def keras_epochs_table() -> str:
    """Return the validation loss after each epoch, first seed."""
    columns, sides = ["epoch"], []
    for words, runs in _tutorial_runs():
        for side, name in (("jaxmuse", "jaxmuse"), ("keras", "Keras")):
            columns.append(f"{words}, {name}")
            sides.append([epoch["valid"] for epoch in runs[0]["training"][side]["epochs"]])
    count = result("keras_tutorial.json")["results"]["epochs"]
    rows = [[str(epoch + 1), *(f"{side[epoch]:.3f}" for side in sides)] for epoch in range(count)]
    return markdown(columns, rows)


def keras_collapse_table() -> str:
    """Return how many different tokens are left at the end, the likeliest taken or drawn, first seed."""
    rows = []
    for words, runs in _tutorial_runs():
        different = runs[0]["generation"]["different_in_last"]
        cells = [
            f"{min(different[how])} to {max(different[how])}, median {statistics.median(different[how]):g}"
            for how in ("greedy", "keras_greedy", "sampled")
        ]
        rows.append([words, *cells])
    return markdown(["", "the likeliest", "the likeliest, Keras", "drawn"], rows)

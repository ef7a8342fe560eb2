"""The tables of README.md and docs/, each made of files that benchmarks wrote into benchmarks/results."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from jaxmodels.checkpoint import load_config
from jaxmodels.controls import NAMES as CONTROLS
from jaxmodels.holes import TASKS

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
MODELS = ("wavenet", "lstm")
SPLIT_WORDS = {"train": "trained on", "valid": "validated on", "test": "tested on"}


def result(name: str) -> Any:
    """Return what the benchmark wrote into `name`."""
    return json.loads((RESULTS / name).read_text("utf-8"))


def markdown(columns: Sequence[str], rows: Sequence[Sequence[str]], words: int = 1) -> str:
    """Return a table whose first `words` columns hold words, the others figures."""
    ruler = "|" + "---|" * words + "---:|" * (len(columns) - words)
    lines = ["| " + " | ".join(cells) + " |" for cells in (columns, *rows)]
    return "\n".join([lines[0], ruler, *lines[1:]]) + "\n"


def models_table() -> str:
    """Return what the released models are: size, memory, nats per note of each task, speed."""
    evaluation = result("evaluation/result.json")
    tasks = evaluation["likelihood"]

    def nats(system: str) -> list[str]:
        return [f"{task['systems'][system]['nll']['value']:.2f}" for task in tasks.values()]

    rows = []
    for model in evaluation["models"]:
        name, folder = model["name"], ROOT / "checkpoints" / model["folder"]
        speeds = result(f"decoding-{name}.json")["results"]
        size = (folder / "weights.safetensors").stat().st_size / 1e6
        config = load_config(folder)
        memory = f"{config.receptive_field} notes" if model["kind"] == "wavenet" else "all notes"
        rows.append(
            [
                f"`{name}`",
                *nats(name),
                f"{model['parameters'] / 1e6:.2f} M",
                f"{size:.1f} MB",
                memory,
                *(f"{speeds[batch]['cached']:,.0f}" for batch in ("1", "8")),
            ]
        )
        rows.append([f"{name}, blind from the hole on", *nats(f"{name}, left only"), *[""] * 5])
    rows += [[system, *nats(system), *[""] * 5] for system in ("5-gram", "uniform")]
    columns = ["nats per note", *tasks, "parameters", "file", "remembers", "notes/s", "of eight at once"]
    return markdown(columns, rows)


def controls_table() -> str:
    """Return what each control does to the statistic that it names, for each model."""
    rows = []
    for model in MODELS:
        measured = result(f"controls-{model}.json")["results"]
        for name in CONTROLS:
            levels = measured["levels"][name]
            cells = [f"{value:.2f}" for value in (*levels.values(), measured["free"][name])]
            rows.append([model, name, *cells, f"{measured['real'][name]:.2f}"])
    levels = list(result(f"controls-{MODELS[0]}.json")["results"]["levels"][CONTROLS[0]])
    return markdown(["model", "", *levels, "unsaid", "real music"], rows, words=2)


def reliance_table() -> str:
    """Return what each model leans on."""
    rows = []
    for model in MODELS:
        measured = result(f"reliance-{model}.json")["results"]["nats"]
        rows += [
            [model, name, *(f"{value:.3f}" for value in tasks.values())] for name, tasks in measured.items()
        ]
    tasks = next(iter(result(f"reliance-{MODELS[0]}.json")["results"]["nats"].values()))
    return markdown(["model", "", *tasks], rows, words=2)


TRAININGS = {
    "wavenet-16-windows-dropout-0.1": "WaveNet, batch 16, dropout .1",
    "wavenet-8-windows-dropout-0.05-then-0.2": "WaveNet, 8, all inputs, .05, from step 6,500 on .2",
    "wavenet-8-windows-dropout-0.2": "WaveNet, 8, all inputs, .2: **released**",
    "lstm-16-windows-dropout-0.15": "LSTM, 16, .15",
    "lstm-8-windows-dropout-0.1-then-0.2": "LSTM, 8, all inputs, .1, from step 6,000 on .2: **released**",
}
"""Each training's validations lie in `benchmarks/results/trials`, under its name."""


def trainings_table() -> str:
    """Return the best and the last validation of every whole training that was tried."""
    rows = []
    for name, words in TRAININGS.items():
        lines = (RESULTS / "trials" / f"training-{name}.jsonl").read_text("utf-8").splitlines()
        valid = [json.loads(line) for line in lines]
        best, last = min(valid, key=lambda each: each["valid"]), valid[-1]
        nats = [f"{best[f'valid_{task}']:.3f}" for task in TASKS]
        rows.append(
            [
                words,
                f"{last['step']:,}",
                *nats,
                f"{best['valid']:.3f}",
                f"{last['valid']:.3f}",
            ]
        )
    columns = ["training", "steps", *TASKS, "best mean", "at the end"]
    return markdown(columns, rows)


def splits_table() -> str:
    """Return each model's nats per note on works that it was trained on and on those it wasn't."""
    rows = []
    for model in MODELS:
        for works, splits in result(f"splits-{model}.json")["results"]["nats"].items():
            rows += [
                [model, works, SPLIT_WORDS[split], *(f"{nats[task]:.3f}" for task in TASKS)]
                for split, nats in splits.items()
            ]
    return markdown(["model", "", "", *TASKS], rows, words=3)


def ensemble_table() -> str:
    """Return what mixing the models' answers is worth."""
    measured = result("ensemble.json")["results"]["nats"]
    rows = [[name, *(f"{nats[task]:.3f}" for task in TASKS)] for name, nats in measured.items()]
    return markdown(["", *TASKS], rows)


def ablations_table() -> str:
    """Return what each single change made of a small model's validation."""
    measured = result("ablations.json")["results"]["rows"]
    first = next(iter(measured.values()))
    rows = [
        [
            name,
            *(f"{row[task]:.3f}" for task in TASKS),
            f"{row['mean']:.3f}",
            f"{row['mean'] - first['mean']:+.3f}",
            row["predicted"],
        ]
        for name, row in measured.items()
    ]
    return markdown(["", *TASKS, "mean", "difference", "predicted"], rows)


def polyphony_table() -> str:
    """Return both backbones' nats per frame beside the published ones."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    from polyphony import summarise

    return summarise(RESULTS) + "\n"


WAYS = {
    "real music": "real music",
    "no care": "no care: ranked by −log p alone",
    "ranking": "care in the ranking",
    "drawing": "care in the drawing",
    "both": "both, as delivered",
}


def part_writing_table() -> str:
    """Return how chorale fills are written, beside the chorales themselves."""
    found = result("part_writing.json")["results"]["tasks"]["all"]
    columns = {
        "parallels": ("parallels per pair", 4),
        "crossing": ("crossings per pair", 4),
        "in key": ("in key", 3),
        "triads": ("beats with a chord", 3),
        "leaps": ("leaps", 4),
        "repeats": ("repeated notes", 3),
        "nll": ("nats per note", 2),
    }
    rows = []
    for way, words in WAYS.items():
        figures = [_rate(found[way].get(name)) for name in columns]
        cells = [
            "–" if figure is None else f"{figure:.{digits}f}"
            for figure, (_, digits) in zip(figures, columns.values(), strict=True)
        ]
        rows.append([words, *cells])
    return markdown(["", *(words for words, _ in columns.values())], rows)


def _rate(figure: Any) -> float | None:
    return figure["rate"] if isinstance(figure, dict) else figure


SCORES = {"chorale.mxl": "chorale, 4 voices", "opus132.mxl": "Beethoven op. 132, 17,842 notes"}
COLD_PHASES = {
    "import": ("import",),
    "read and resolve": ("read", "resolve"),
    "window": ("window",),
    "trace and load": ("model", "trace", "compile"),
    "decode": ("decode",),
    "engrave and write": ("write",),
}


def cold_fill_table() -> str:
    """Return what the whole command costs, and where the time goes."""
    rows = []
    for score in result("cold_fill.json")["results"]:
        phases = score["phases"]
        cells = [f"{sum(phases[part] for part in parts):.1f} s" for parts in COLD_PHASES.values()]
        wall, peak = score["wall"]["median"], score["peak_bytes"]["median"]
        bridge = f"{score['bridge']['wall']['median']:.1f} s"
        rows.append([SCORES[score["score"]], bridge, f"{wall:.1f} s", f"{peak / 1e6:.0f} MB", *cells])
    return markdown(["score", "by the bridge", "without it", "peak memory", *COLD_PHASES], rows)


MUSESCORE_PARTS = {"read": "reading the selection", "request": "the request", "write": "writing"}


def in_musescore_table() -> str:
    """Return what a fill from MuseScore's menu costs, and the bridge's memory."""
    measured, memory = result("in_musescore.json")["results"], result("bridge_memory.json")["results"]
    runs, fifths = measured["runs"], memory["fifths_bytes"]

    def median(part: str) -> str:
        return f"{statistics.median(run[part] for run in runs):.2f} s"

    rows = [
        [f"from the menu key to the notes, bridge warm, median of {len(runs)}", median("total")],
        *([f"– {words}", median(part)] for part, words in MUSESCORE_PARTS.items()),
        ["the very first, the plugin starting the bridge", f"{measured['first_total']:.1f} s"],
        [f"memory of the bridge, after {memory['fills'] // 5} fills", f"{fifths[1] / 1e6:.0f} MB"],
        [f"– after {memory['fills']}", f"{fifths[-1] / 1e6:.0f} MB"],
    ]
    return markdown(["", ""], rows)


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
            ("first epoch, with compiling", "first_epoch_seconds", 1),
            ("seconds to Keras's best loss, with compiling", "keras_best_reached_seconds", 0),
        ):
            ours, theirs = (_middle(runs, "training", side, place) for side in ("jaxmuse", "keras"))
            cells = ["not reached" if value is None else f"{value:.{digits}f}" for value in (ours, theirs)]
            timed = place != "valid_best" and ours is not None and theirs is not None
            rows.append([f"{words}: {name}", *cells, f"{ours / theirs:.2f}" if timed else ""])  # type: ignore[operator]
        ours = _middle(runs, "generation", "jaxmuse", "ms")
        for name, place in (("compiled function", "keras_function"), ("`predict` loop", "keras_predict")):
            theirs = _middle(runs, "generation", place, "ms")
            assert ours is not None
            assert theirs is not None
            for whose, value in ((words, ours), ("the model that fills", main)):
                if whose == words or words == "WaveNet":
                    row = f"{whose}: ms per note, against Keras's {name}" + (
                        "" if whose == words else " of the WaveNet"
                    )
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
    """Return how many different tokens are left at the end, the likeliest taken or drawn."""
    rows = []
    for words, runs in _tutorial_runs():
        different = runs[0]["generation"]["different_in_last"]
        cells = [
            f"{min(different[how])} to {max(different[how])}, median {statistics.median(different[how]):g}"
            for how in ("greedy", "sampled")
        ]
        rows.append([words, *cells, str(different["keras_greedy"])])
    return markdown(["", "the likeliest", "drawn", "the likeliest, Keras, one opening"], rows)


TABLES: dict[str, Callable[[], str]] = {
    "models": models_table,
    "controls": controls_table,
    "reliance": reliance_table,
    "trainings": trainings_table,
    "splits": splits_table,
    "ensemble": ensemble_table,
    "ablations": ablations_table,
    "polyphony": polyphony_table,
    "part_writing": part_writing_table,
    "cold_fill": cold_fill_table,
    "in_musescore": in_musescore_table,
    "keras_tutorial": keras_tutorial_table,
    "keras_epochs": keras_epochs_table,
    "keras_collapse": keras_collapse_table,
}

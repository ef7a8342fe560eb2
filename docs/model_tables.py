"""What the released models are, how they came to be, and how their fills are led."""

from __future__ import annotations

import json
from typing import Any

from table_parts import MODELS, RESULTS, ROOT, markdown, result

from jaxmodels.checkpoint import load_config
from jaxmodels.controls import NAMES as CONTROLS
from jaxmodels.holes import TASKS


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
    "wavenet-8-windows-dropout-0.2": "WaveNet, 8, all inputs, .2",
    "wavenet-8-windows-dropout-0.2-gone-on": "the same for half as many steps more: **released**",
    "wavenet-8-windows-dropout-0.2-rate-0.004": "WaveNet, 8, all inputs, .2, twice the rate; not ended",
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


SPLIT_WORDS = {"train": "trained on", "valid": "validated on", "test": "tested on"}


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

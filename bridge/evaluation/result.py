"""All figures of an evaluation as one dictionary, ready for JSON: for tables, plot and model cards."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from bridge.evaluation.comparisons import Comparison
from bridge.evaluation.likelihood import BORDERS, TaskLikelihood, left_only
from bridge.evaluation.samples import TaskSamples, value_sums
from bridge.evaluation.works import Works
from bridge.models import Model
from jaxmodels.bootstrap import Estimate, ratio
from jaxmodels.checkpoint import parameter_count

FORMAT = 1
DIGITS = 5


def works_record(works: Works) -> dict[str, Any]:
    """Return which works were evaluated, and which were left out and why."""
    return {
        "source": works.source,
        "count": len(works.corpus.pieces),
        "notes": works.corpus.note_count,
        "training_works": len(works.train.pieces),
        "unread": list(works.unread),
        "left_out": {
            "like_training": [list(pair) for pair in works.like_training],
            "like_another": [list(pair) for pair in works.like_another],
        },
    }


def model_record(model: Model) -> dict[str, Any]:
    """Return which model was evaluated."""
    return {
        "name": model.name,
        "folder": model.folder.name if model.folder.name != "best" else model.folder.parent.name,
        "kind": model.config.kind,
        "parameters": parameter_count(model.params),
    }


def likelihood_record(measured: TaskLikelihood) -> dict[str, Any]:
    """Return nats per note of each system: in total, with one staff hidden or several, by head and by
    distance to the hole's end.
    """
    systems = {}
    for system, sums in measured.sums.items():
        record: dict[str, Any] = {"nll": estimate_record(ratio(sums, measured.works))}
        for name, chosen in (("one_staff", measured.alone), ("several_staves", ~measured.alone)):
            if chosen.any():
                record[name] = estimate_record(ratio(sums[chosen], measured.works[chosen]))
        if system in measured.heads:
            record["heads"] = {head: round(nats, DIGITS) for head, nats in measured.heads[system].items()}
            record["by_distance"] = [
                {"over_ticks": over, "nll": estimate_record(ratio(part, measured.works))}
                for over, part in zip(
                    (0, *BORDERS), np.moveaxis(measured.distances[system], 1, 0), strict=True
                )
                if part[:, 1].any()
            ]
        systems[system] = record
    first = next(iter(measured.sums.values()))
    return _counts(measured.works) | {"notes": int(first[:, 1].sum()), "systems": systems}


def samples_record(measured: TaskSamples) -> dict[str, Any]:
    """Return every metric of each system's fills, with how many are illegal or without an end."""
    systems = {
        system: {
            "metrics": {
                name: estimate_record(ratio(value_sums(values), measured.works))
                for name, values in metrics.items()
            },
            "faults": measured.faults[system],
            "unfinished": measured.unfinished[system],
        }
        for system, metrics in measured.values.items()
    }
    return _counts(measured.works) | {"systems": systems}


def comparison_record(comparison: Comparison) -> dict[str, Any]:
    """Return one comparison."""
    return {
        "task": comparison.task,
        "model": comparison.model,
        "figure": comparison.figure,
        "against": comparison.against,
        "baseline": comparison.baseline,
        "is_share": comparison.share,
        **estimate_record(comparison.estimate),
    }


def of_model(result: dict[str, Any], model: str) -> dict[str, Any]:
    """Return a whole result without its other models."""
    others = {each["name"] for each in result["models"]} - {model}
    hidden = others | {left_only(other) for other in others}

    def kept(part: dict[str, Any]) -> dict[str, Any]:
        return {
            task: {
                **measured,
                "systems": {
                    name: record for name, record in measured["systems"].items() if name not in hidden
                },
            }
            for task, measured in part.items()
        }

    return {
        **result,
        "models": [each for each in result["models"] if each["name"] == model],
        "likelihood": kept(result["likelihood"]),
        "samples": kept(result["samples"]),
        "comparisons": [each for each in result["comparisons"] if each["model"] == model],
    }


def estimate_record(estimate: Estimate) -> dict[str, Any]:
    """Return value and interval; None where nothing was counted."""
    value, low, high = (None if math.isnan(part) else round(part, DIGITS) for part in estimate)
    return {"value": value, "interval": [low, high]}


def _counts(works: np.ndarray) -> dict[str, int]:
    return {"holes": len(works), "works": len(np.unique(works))}

"""Both halves' new tokens for keras_tutorial.py: ms per note, and how soon they repeat themselves."""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path
from typing import Any

import numpy as np
from decoding import measure, real_arguments, with_batch
from keras_process import KerasSide

from bridge.models import load_model
from jaxmodels.tokens.config import TokenConfig
from jaxmodels.tokens.generate import generate
from jaxmodels.tokens.windows import Windows

HERE = Path(__file__).parent
NOTES = 200
PROMPTS = 20
LOOPED = 20
"""The last tokens that are looked at for a loop."""


def compare_generation(
    args: argparse.Namespace, config: TokenConfig, weights: dict, valid: Windows, keras: KerasSide
) -> dict[str, Any]:
    """Return ms per note of each way, and how many different tokens are among the last.

    `jaxmuse` is what Keras's ways are: each token from the last window, the likeliest. `jaxmuse_states`,
    of the LSTM only, keeps the states and draws, as `jaxmuse generate` does where nothing is said.
    """
    ways = {"jaxmuse": (0.0, True)} | (
        {"jaxmuse_states": (1.0, False)} if config.kind == "tutorial-lstm" else {}
    )
    rounds: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
    answers, last = [], {}
    for temperature, windowed in ways.values():  # compiled
        generate(config, weights, valid.tokens[0], NOTES, temperature, 0, windowed)
    for _ in range(args.rounds):
        answers.append(keras.turn())
        for way, (temperature, windowed) in ways.items():
            began, cpu = time.perf_counter(), time.process_time()
            last[way] = generate(config, weights, valid.tokens[0], NOTES, temperature, 0, windowed)
            rounds[way].append(
                {
                    "ms": 1000 * (time.perf_counter() - began) / NOTES,
                    "cpu_ms": 1000 * (time.process_time() - cpu) / NOTES,
                }
            )
    prompts = valid.tokens[opening_places(len(valid.work))]
    different = {
        name: [
            different_last(generate(config, weights, each, NOTES, temperature, number, windowed).tolist())
            for number, each in enumerate(prompts)
        ]
        for name, temperature, windowed in (("greedy", 0.0, True), ("sampled", 1.0, False))
    }
    theirs = keras.turn(openings=opening_places(len(valid.work)).tolist(), count=NOTES)["tokens"]
    return {
        **{way: middle(each) for way, each in rounds.items()},
        "keras_predict": middle([each["predict"] for each in answers]),
        "keras_function": middle([each["function"] for each in answers]),
        "different_in_last": {
            "of": LOOPED,
            **different,
            "keras_greedy": [different_last(tokens) for tokens in theirs],
        },
        "greedy_tokens": [config.vocabulary[token] for token in last["jaxmuse"][-LOOPED:]],
    }


def opening_places(windows: int) -> np.ndarray:
    """Return which windows are openings, evenly over all."""
    return np.linspace(0, windows - 1, PROMPTS).astype(int)


def different_last(tokens: list[int]) -> int:
    """Return how many different tokens are among the last `LOOPED`."""
    return len(set(tokens[-LOOPED:]))


def middle(rounds: list[dict[str, Any]]) -> dict[str, float]:
    """Return the medians of ms per note, by the clock and of the processor."""
    return {name: statistics.median(each[name] for each in rounds) for name in ("ms", "cpu_ms")}


def main_model() -> dict[str, Any]:
    """Return what a note costs the model that fills scores, one alternative, from window to notes."""
    score = HERE.parent / "examples" / "chorale.mxl"
    cpu, seconds, notes = 0.0, [], 0
    arguments = with_batch(real_arguments(score, 8, load_model("wavenet")), 1)
    for _ in range(3):
        started = time.process_time()
        each, drawn = measure(arguments, 5)
        cpu = (time.process_time() - started) / 6
        seconds.append(each)
        notes = int(drawn.count.sum())
    return {"ms": 1000 * statistics.median(seconds) / notes, "cpu_ms": 1000 * cpu / notes, "notes": notes}

"""The tables of README.md and docs/ by name, each made of files in benchmarks/results."""

from __future__ import annotations

from collections.abc import Callable

from model_tables import (
    ablations_table,
    controls_table,
    ensemble_table,
    models_table,
    part_writing_table,
    reliance_table,
    splits_table,
    trainings_table,
)
from speed_tables import (
    bridge_fill_table,
    cold_fill_table,
    decoding_table,
    in_musescore_table,
    score_length_table,
    throughput_table,
)
from system_tables import (
    keras_collapse_table,
    keras_epochs_table,
    keras_tutorial_table,
    polyphony_table,
    rbm_fills_table,
    rbm_jsb_table,
)

TABLES: dict[str, Callable[[], str]] = {
    "models": models_table,
    "controls": controls_table,
    "reliance": reliance_table,
    "trainings": trainings_table,
    "splits": splits_table,
    "ensemble": ensemble_table,
    "ablations": ablations_table,
    "throughput": throughput_table,
    "polyphony": polyphony_table,
    "part_writing": part_writing_table,
    "decoding": decoding_table,
    "bridge_fill": bridge_fill_table,
    "score_length": score_length_table,
    "rbm_jsb": rbm_jsb_table,
    "rbm_fills": rbm_fills_table,
    "cold_fill": cold_fill_table,
    "in_musescore": in_musescore_table,
    "keras_tutorial": keras_tutorial_table,
    "keras_epochs": keras_epochs_table,
    "keras_collapse": keras_collapse_table,
}

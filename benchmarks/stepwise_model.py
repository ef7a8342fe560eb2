"""The model that a benchmark is told to measure: one that draws note by note, else one sentence."""

from __future__ import annotations

import argparse

from bridge.errors import JaxmuseError
from bridge.models import Model, load_model


def stepwise_model(parser: argparse.ArgumentParser, name: str) -> Model:
    """Return the model of that name or folder; end by `parser` where there is none, or none stepwise."""
    try:
        model = load_model(name)
        model.stepwise()
    except JaxmuseError as error:
        parser.error(str(error))
    return model

"""Keras's half of keras_tutorial.py as a process that is asked in turns."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bridge.training.hardware import core_count
from jaxmodels.tokens.config import FitConfig

HERE = Path(__file__).parent


class KerasSide:
    """The other process, asked in turns."""

    def __init__(self, args: argparse.Namespace, kind: str, seed: int, windows: Path) -> None:
        values = {
            "--epochs": args.epochs,
            "--batch-size": FitConfig.batch_size,
            "--seed": seed,
            "--threads": core_count(),
            "--rounds": args.rounds,
            "--policy": args.keras_policy,
        }
        words = [word for name, value in values.items() for word in (name, str(value))]
        self.process = subprocess.Popen(
            [str(args.python_keras), str(HERE / "keras_side.py"), str(windows), kind, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if not args.verbose else None,
            text=True,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        )
        self.begin = self.answer()

    def answer(self) -> dict[str, Any]:
        """Return its next answer."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("ANSWER "):
                return json.loads(line.removeprefix("ANSWER "))
        sys.exit(
            "Keras's side ended; run with --verbose to see why. Are tensorflow-cpu and keras installed?"
        )

    def turn(self, **asked: Any) -> dict[str, Any]:
        """Let it do the next thing, which may want to know `asked`, and return what it answers."""
        assert self.process.stdin is not None
        print(json.dumps(asked), file=self.process.stdin, flush=True)
        return self.answer()

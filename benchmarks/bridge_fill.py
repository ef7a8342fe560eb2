"""How long a warm bridge takes: `POST /v1/fill`, eight measures of four voices, by 1 and 8 alternatives.

python benchmarks/bridge_fill.py --json benchmarks/results/bridge_fill.json

A bridge of its own, one request after the other, another seed each. Medians and 95th percentiles of the
client's clock; where they go by the bridge's own account in its replies.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from machine import save_result
from own_bridge import own_bridge

from bridge.musicxml.container import unpack
from bridge.open import open_document

EXAMPLE = Path(__file__).parents[1] / "examples" / "chorale.mxl"
FILLED = 8
ALTERNATIVES = (1, 8)
ACCOUNT = ("queued", "read", "fill", "write")


def request(text: str, measures: int, alternatives: int, model: str, seed: int) -> dict[str, Any]:
    """Return the body: the last measures are selected, and as many are to be added."""
    return {
        "musicxml": text,
        "selection": {"start": measures - FILLED, "stop": measures, "staves": [0, 1, 2, 3]},
        "options": {"model": model, "alternatives": alternatives, "seed": seed},
    }


def measure(client: httpx.Client, body: dict[str, Any], runs: int) -> dict[str, float]:
    """Return the seconds of `runs` requests, by quantile and by what they went into."""
    walls, told, notes = [], [], []
    for number in range(-2, runs):
        body["options"]["seed"] = number + 3
        started = time.perf_counter()
        reply = client.post("/v1/fill", json=body).raise_for_status().json()
        if number >= 0:
            walls.append(time.perf_counter() - started)
            told.append(reply["seconds"])
            notes.append(reply["alternatives"][0]["note_count"])
    account = {name: statistics.median(each[name] for each in told) for name in ACCOUNT}
    total = statistics.median(walls)
    return {
        "p50": total,
        "p95": float(np.quantile(walls, 0.95)),
        **account,
        "transfer": total - sum(account.values()),
        "notes": statistics.median(notes),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", nargs="+", default=["lstm", "wavenet"])
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    text = unpack(EXAMPLE.read_bytes()).score_xml.decode()
    measures = len(open_document(EXAMPLE).score().measures)
    rows = []
    print("the bridge compiles", file=sys.stderr)
    with own_bridge() as (client, _):
        for model in args.model:
            for alternatives in ALTERNATIVES:
                print(f"{model}, {alternatives} alternatives", file=sys.stderr)
                body = request(text, measures, alternatives, model, 0)
                rows.append(
                    {"model": model, "alternatives": alternatives, **measure(client, body, args.runs)}
                )
                print(
                    ", ".join(
                        f"{key} {value:.4g}" if isinstance(value, float) else f"{value}"
                        for key, value in rows[-1].items()
                    )
                )
    save_result(args.json, "bridge fill", {"measures": FILLED, "runs": args.runs, "rows": rows})


if __name__ == "__main__":
    main()

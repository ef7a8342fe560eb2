"""Memory of the bridge over many fills: `python benchmarks/bridge_memory.py [--fills 500] [--json FILE]`.

Starts a bridge of its own (own folder, free port) and sends it quartets of changing length as fills, as
jobs and as jobs that are cancelled. Reads its resident memory from the system after each; flat means that
the last fifth is no higher than the second. The first holds what is compiled and loaded along the way.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import psutil
from machine import save_result
from own_bridge import own_bridge

LENGTHS = (1, 2, 4, 8)
PITCHES = {"Violin I": 76, "Violin II": 69, "Viola": 60, "Cello": 48}


def quartet(length: int, seed: int) -> dict[str, Any]:
    """Return a request to go on for `length` measures after as many that are there."""
    measures = [{"tick": 1920 * n, "ticks": 1920, "beats": 4, "beat_type": 4} for n in range(2 * length)]
    parts = []
    for number, (name, pitch) in enumerate(PITCHES.items()):
        notes = [[480 * n, 480, pitch + (n + number) % 5, 1, 14, 0] for n in range(4 * length)]
        parts.append({"name": name, "staves": [{"program": 40, "notes": notes}]})
    return {
        "walk": {"measures": measures, "parts": parts},
        "selection": {"start": length, "stop": 2 * length, "staves": [0, 1, 2, 3]},
        "options": {"seed": seed},
    }


def ask(client: httpx.Client, number: int) -> float:
    """Send one request in one of three ways and return the seconds until the bridge is idle again."""
    started = time.perf_counter()
    request = quartet(LENGTHS[number % len(LENGTHS)], number)
    if number % 3 == 0:
        client.post("/v1/fill", json=request).raise_for_status()
        return time.perf_counter() - started
    place = client.post("/v1/jobs", json=request).raise_for_status().headers["location"]
    if number % 3 == 1:
        while client.get(place).json()["state"] in ("queued", "running"):
            time.sleep(0.01)
    else:
        client.delete(place)
        while client.get("/v1/health").json()["jobs"]["running"]:
            time.sleep(0.01)
    return time.perf_counter() - started


def measure(fills: int) -> dict[str, Any]:
    """Return the bridge's resident bytes after each fill, and their medians by fifths."""
    with own_bridge() as (client, pid):
        process = psutil.Process(pid)
        resident, seconds = [process.memory_info().rss], []
        for number in range(fills):
            seconds.append(ask(client, number))
            resident.append(process.memory_info().rss)
            if (number + 1) % 50 == 0:
                print(f"{number + 1} of {fills}: {resident[-1] / 1e6:.1f} MB", file=sys.stderr)
    return {
        "fills": fills,
        "before_bytes": resident[0],
        "fifths_bytes": [statistics.median(part) for part in _fifths(resident[1:])],
        "largest_bytes": max(resident),
        "median_seconds": statistics.median(seconds),
        "resident_bytes": resident,
    }


def _fifths(values: list[int]) -> list[list[int]]:
    size = max(1, len(values) // 5)
    return [values[start : start + size] for start in range(0, 5 * size, size)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--fills", type=int, default=500)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    result = measure(args.fills)
    print(f"warm, before the first fill: {result['before_bytes'] / 1e6:.1f} MB")
    fifths = ", ".join(f"{each / 1e6:.1f}" for each in result["fifths_bytes"])
    print(f"median of each fifth of {args.fills} fills: {fifths} MB")
    print(f"largest: {result['largest_bytes'] / 1e6:.1f} MB")
    growth = result["fifths_bytes"][4] / result["fifths_bytes"][1] - 1
    print(
        f"last fifth against second: {100 * growth:+.2f} %; {result['median_seconds']:.3f} s for a request"
    )
    save_result(args.json, "bridge_memory", result)


if __name__ == "__main__":
    main()

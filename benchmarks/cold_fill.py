"""The whole command `jaxmuse fill`, process start to written file, with a filled compilation cache.

python benchmarks/cold_fill.py --json cold_fill.json

For each score: one run to fill the cache, `--runs` timed ones (wall, CPU and peak memory of the process, as
the system counts them), and as many with timers around the phases, whose medians are the split.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from machine import save_result

COMMAND = (sys.executable, "-c", "from bridge.cli import main; main()")
PHASES = Path(__file__).with_name("fill_phases.py")
MAXRSS_BYTES = 1 if sys.platform == "darwin" else 1024


def default_scores() -> list[Path]:
    """Return the example chorale and Beethoven's op. 132 from music21's corpus."""
    spec = find_spec("music21")
    assert spec is not None
    assert spec.submodule_search_locations
    corpus = Path(spec.submodule_search_locations[0]) / "corpus"
    return [
        Path(__file__).parents[1] / "examples" / "chorale.mxl",
        corpus / "beethoven" / "opus132.mxl",
    ]


def run_whole(arguments: Sequence[str]) -> dict[str, float]:
    """Run the command; return `wall` and `cpu` seconds and `peak_bytes`. Exits where it fails."""
    started = time.perf_counter()
    process = subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"jaxmuse {' '.join(arguments)} failed with exit code {process.returncode}")
    return {
        "wall": wall,
        "cpu": usage.ru_utime + usage.ru_stime,
        "peak_bytes": usage.ru_maxrss * MAXRSS_BYTES,
    }


def run_phases(score: Path, bars: int, model: str) -> dict[str, float]:
    """Run the fill with timers in a process of its own; return seconds by phase."""
    command = [sys.executable, str(PHASES), str(score), str(bars), model, repr(time.time())]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def summary(values: Sequence[float]) -> dict[str, float]:
    """Return median, least and most."""
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def measure(score: Path, bars: int, model: str, runs: int) -> dict:
    """Return the figures of one score."""
    with tempfile.TemporaryDirectory() as folder:
        output = str(Path(folder) / f"filled{score.suffix}")
        arguments = ["fill", str(score), "--bars", str(bars), "--seed", "1", "--force", "-o", output]
        arguments += ["--model", model]
        print(f"{score.name}: warming up", file=sys.stderr)
        first = run_whole(arguments)
        whole = []
        for number in range(runs):
            print(f"{score.name}: run {number + 1} of {runs}", file=sys.stderr)
            whole.append(run_whole(arguments))
    run_phases(score, bars, model)
    phases = []
    for number in range(runs):
        print(f"{score.name}: timed run {number + 1} of {runs}", file=sys.stderr)
        phases.append(run_phases(score, bars, model))
    return {
        "score": score.name,
        "bars": bars,
        "runs": runs,
        "first_wall": first["wall"],
        **{name: summary([run[name] for run in whole]) for name in ("wall", "cpu", "peak_bytes")},
        "phases": {name: statistics.median(run[name] for run in phases) for name in phases[0]},
    }


def print_table(result: dict) -> None:
    """Print one score's figures."""
    print(f"\n{result['score']}, {result['bars']} bars, {result['runs']} runs")
    print(f"{'':12}{'median':>9}{'min':>9}{'max':>9}")
    for name, unit, scale in (("wall", "s", 1), ("cpu", "s", 1), ("peak_bytes", "MB", 1e6)):
        values = [result[name][column] / scale for column in ("median", "min", "max")]
        print(
            f"{name.removesuffix('_bytes') + ' ' + unit:12}" + "".join(f"{value:9.2f}" for value in values)
        )
    print("phases, median seconds: " + ", ".join(f"{k} {v:.2f}" for k, v in result["phases"].items()))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("scores", nargs="*", type=Path, help="the chorale and op. 132 if none")
    parser.add_argument("--model", default="wavenet")
    parser.add_argument("--bars", type=int, default=8)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    results = []
    for score in args.scores or default_scores():
        results.append(measure(score, args.bars, args.model, args.runs))
        print_table(results[-1])
    save_result(args.json, "cold_fill", results)


if __name__ == "__main__":
    main()

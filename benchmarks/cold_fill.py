"""The whole command `jaxmuse fill`, process start to written file, with a filled compilation cache.

python benchmarks/cold_fill.py --json cold_fill.json

For each score: one run to fill the cache, `--runs` timed ones (wall, CPU and peak memory of the process, as
the system counts them), as many through a bridge that runs (whose own time isn't counted as CPU; the files
must be the same), and as many with timers around the phases, whose medians are the split. Before that,
`jaxmuse --help`. With `--first`, one more run with nothing in the cache at all.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from machine import save_result

from bridge.bridge_calls import BridgeCalls, BridgeLost
from bridge.connection import VARIABLE as CONFIG
from bridge.fill_by_bridge import FillingBridge
from bridge.manner import Manner
from bridge.models import DEFAULT_MODEL
from bridge.placement import Placement
from bridge.regions import Selection

COMMAND = (sys.executable, "-c", "from bridge.cli import main; main()")
PHASES = Path(__file__).with_name("fill_phases.py")
READY_SECONDS = 900.0
"""For a bridge to compile for all numbers of staves, where none of it is in the cache."""

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


def run_whole(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> dict[str, float]:
    """Run the command; return `wall` and `cpu` seconds and `peak_bytes`. Exits where it fails."""
    started = time.perf_counter()
    process = subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.DEVNULL, env=environment)
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


@contextlib.contextmanager
def ready_bridge() -> Iterator[BridgeCalls]:
    """Run a bridge of our own until the end; yields its calls, once it has loaded and compiled everything.

    This process and those that it starts find this one in the place of the user's.
    """
    with tempfile.TemporaryDirectory() as folder:
        os.environ[CONFIG] = folder
        subprocess.run(
            [*COMMAND, "serve", "--background", "--port", "0"], check=True, stdout=subprocess.DEVNULL
        )
        try:
            with BridgeCalls() as calls:
                until = time.monotonic() + READY_SECONDS
                while not calls.health()["ready"]:
                    if time.monotonic() > until:
                        sys.exit(f"the bridge wasn't ready after {READY_SECONDS:.0f} s")
                    time.sleep(0.5)
                yield calls
        except BridgeLost:
            sys.exit("the bridge doesn't answer")
        finally:
            subprocess.run([*COMMAND, "serve", "--stop"], check=True, stdout=subprocess.DEVNULL)
            del os.environ[CONFIG]


def run_first(score: Path, bars: int, model: str) -> dict[str, float]:
    """Run the command as on its first day: nothing is compiled yet."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "JAXMUSE_CACHE": folder}
        environment.pop("JAX_COMPILATION_CACHE_DIR", None)
        output = Path(folder) / f"filled{score.suffix}"
        return run_whole(_arguments(score, bars, model, output, "--no-bridge"), environment)


def _arguments(score: Path, bars: int, model: str, output: Path, *more: str) -> list[str]:
    asked = ["fill", str(score), "--bars", str(bars), "--seed", "1", "--force", "-o", str(output)]
    return [*asked, "--model", model, *more]


def run_phases(score: Path, bars: int, model: str) -> dict[str, float]:
    """Run the fill with timers in a process of its own; return seconds by phase."""
    command = [sys.executable, str(PHASES), str(score), str(bars), model, repr(time.time())]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def summary(values: Sequence[float]) -> dict[str, float]:
    """Return median, least, most, and the quartiles' distance."""
    ordered = sorted(values)
    quartiles = statistics.quantiles(ordered, n=4, method="inclusive") if len(ordered) > 1 else ordered * 3
    spread = quartiles[2] - quartiles[0]
    return {
        "median": statistics.median(ordered),
        "min": ordered[0],
        "max": ordered[-1],
        "quartiles": spread,
    }


def summaries(runs: Sequence[Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Return the summary of each figure of `runs`."""
    return {name: summary([run[name] for run in runs]) for name in runs[0]}


def repeated(label: str, runs: int, arguments: Sequence[str]) -> list[dict[str, float]]:
    """Run the command so often and return the figures of each run."""
    found = []
    for number in range(runs):
        print(f"{label}: run {number + 1} of {runs}", file=sys.stderr)
        found.append(run_whole(arguments))
    return found


def measure(score: Path, bars: int, model: str, runs: int, first: bool) -> dict:
    """Return the figures of one score; a bridge must run that nobody else uses."""
    empty = {"first": run_first(score, bars, model)} if first else {}
    with tempfile.TemporaryDirectory() as folder:
        own, other = (Path(folder) / f"{name}{score.suffix}" for name in ("own", "bridge"))
        alone = _arguments(score, bars, model, own, "--no-bridge")
        asking = _arguments(score, bars, model, other, "--bridge")
        print(f"{score.name}: warming up", file=sys.stderr)
        warming = run_whole(alone)
        whole = repeated(score.name, runs, alone)
        filling = FillingBridge(Manner(model, seed=1))
        if filling.fill_file(score, Selection(bars), Placement(other, force=True)) is None:
            sys.exit(f"{score.name}: the bridge doesn't take it")
        if own.read_bytes() != other.read_bytes():
            sys.exit(f"{score.name}: the bridge writes another file")
        bridge = repeated(f"{score.name}, by the bridge", runs, asking)
    run_phases(score, bars, model)
    phases = []
    for number in range(runs):
        print(f"{score.name}: timed run {number + 1} of {runs}", file=sys.stderr)
        phases.append(run_phases(score, bars, model))
    return {
        "score": score.name,
        "bars": bars,
        "runs": runs,
        "first_wall": warming["wall"],
        **empty,
        **summaries(whole),
        "bridge": summaries(bridge),
        "phases": {name: statistics.median(run[name] for run in phases) for name in phases[0]},
    }


def print_figures(label: str, figures: Mapping[str, Mapping[str, float]]) -> None:
    """Print the summaries of wall and CPU seconds and of memory."""
    print(f"{label:24}{'median':>9}{'min':>9}{'max':>9}{'quartiles':>11}")
    for name, unit, scale in (("wall", "s", 1), ("cpu", "s", 1), ("peak_bytes", "MB", 1e6)):
        values = [figures[name][column] / scale for column in ("median", "min", "max", "quartiles")]
        columns = "".join(f"{value:9.2f}" for value in values[:3]) + f"{values[3]:11.2f}"
        print(f"  {name.removesuffix('_bytes') + ' ' + unit:22}{columns}")


def print_table(result: dict) -> None:
    """Print one score's figures."""
    print(f"\n{result['score']}, {result['bars']} bars, {result['runs']} runs")
    if "first" in result:
        print(
            f"with an empty cache: {result['first']['wall']:.1f} s, {result['first']['cpu']:.1f} s of CPU"
        )
    print_figures("alone", result)
    print_figures("by the bridge", result["bridge"])
    print("phases, median seconds: " + ", ".join(f"{k} {v:.2f}" for k, v in result["phases"].items()))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("scores", nargs="*", type=Path, help="the chorale and op. 132 if none")
    parser.add_argument(
        "--model", default=DEFAULT_MODEL, help="a released one: the bridge fills with no other"
    )
    parser.add_argument("--bars", type=int, default=8)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--first", action="store_true", help="also once with an empty cache")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    helped = summaries(repeated("--help", args.runs, ["--help"]))
    print_figures("jaxmuse --help", helped)
    results = []
    with ready_bridge():
        for score in args.scores or default_scores():
            found = measure(score, args.bars, args.model, args.runs, args.first)
            results.append({**found, "help": helped})
            print_table(results[-1])
    save_result(args.json, "cold_fill", results)


if __name__ == "__main__":
    main()

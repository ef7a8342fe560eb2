"""Does a fill cost more in a long score? Four measures filled in the middle of 10, 100, 1,000, 5,000.

python benchmarks/score_length.py --json benchmarks/results/score_length.json --png docs/score_length.png

The example chorale's measures over and over, as MusicXML. *Read* parses the file, *write* writes it; *fill*
is all between: finding the region, reading around it, drawing, ranking, putting the notes into the tree.
Medians of several runs in one process, compiled code warm.
"""

from __future__ import annotations

import argparse
import copy
import statistics
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Sequence
from pathlib import Path

from machine import save_result
from stepwise_model import stepwise_model

from bridge.fill import FillOptions, fill_document
from bridge.models import DEFAULT_MODEL, Model
from bridge.open import open_document
from bridge.output import document_bytes
from bridge.regions import Selection, resolve

EXAMPLE = Path(__file__).parents[1] / "examples" / "chorale.mxl"
PHASES = ("read", "fill", "write")
FILLED = 4


def long_score(measures: int, source: Path = EXAMPLE) -> bytes:
    """Return the measures of `source`, repeated until there are `measures`, as MusicXML."""
    with zipfile.ZipFile(source) as archive:
        name = next(n for n in archive.namelist() if n.endswith("xml") and not n.startswith("META"))
        root = ET.fromstring(archive.read(name))
    for part in root.findall("part"):
        first, *others = part.findall("measure")
        for measure in others:
            part.remove(measure)
        for number in range(1, measures):
            repeated = copy.deepcopy(
                others[(number - 1) % (len(others) - 1)]
            )  # without the last, which ends
            repeated.set("number", str(number + int(first.get("number", "1"))))
            part.append(repeated)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def seconds(path: Path, measures: int, model: Model) -> dict[str, float]:
    """Return the seconds of each phase of one fill."""
    laps = [time.perf_counter()]
    document = open_document(path)
    laps.append(time.perf_counter())
    middle = measures // 2
    region = resolve(document, Selection(measures=f"#{middle}-#{middle + FILLED - 1}"))
    filled = fill_document(document, region, model, FillOptions(seed=1)).apply()
    laps.append(time.perf_counter())
    document_bytes(filled, document.suffix)
    laps.append(time.perf_counter())
    return {phase: end - start for phase, start, end in zip(PHASES, laps, laps[1:], strict=False)}


def draw(rows: Sequence[dict], path: Path) -> None:
    """Write the plot."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    lengths = [row["measures"] for row in rows]
    for phase, colour in zip(PHASES, ("#8c8c8c", "#1f5fa8", "#c9a24b"), strict=True):
        axes.plot(lengths, [1000 * row[phase] for row in rows], marker="o", color=colour, label=phase)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("measures of four parts")
    axes.set_ylabel("milliseconds")
    axes.set_title(f"Filling {FILLED} measures in the middle", loc="left", fontweight="bold")
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.savefig(path, dpi=110)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--measures", type=int, nargs="+", default=[10, 100, 1000, 5000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--png", type=Path)
    args = parser.parse_args()
    model = stepwise_model(parser, args.model)
    rows = []
    print(f"{'measures':>9}" + "".join(f"{phase + ' ms':>12}" for phase in PHASES))
    with tempfile.TemporaryDirectory() as folder:
        for measures in args.measures:
            path = Path(folder) / f"{measures}.musicxml"
            path.write_bytes(long_score(measures))
            print(f"{measures} measures", file=sys.stderr)
            seconds(path, measures, model)  # compiles what isn't yet
            runs = [seconds(path, measures, model) for _ in range(args.runs)]
            medians = {phase: statistics.median(run[phase] for run in runs) for phase in PHASES}
            rows.append({"measures": measures, **medians})
            print(
                f"{measures:9}" + "".join(f"{1000 * medians[phase]:12.1f}" for phase in PHASES), flush=True
            )
    save_result(args.json, "score length", {"model": args.model, "runs": args.runs, "rows": rows})
    if args.png:
        draw(rows, args.png)


if __name__ == "__main__":
    main()

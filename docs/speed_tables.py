"""What fills and trainings cost."""

from __future__ import annotations

import statistics
import sys

from table_parts import MODELS, ROOT, markdown, result


def throughput_table() -> str:
    """Return how fast each model trains, and what bounds it."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    from training_table import throughput_rows

    rows = throughput_rows([result(f"training-{model}.json")["results"] for model in MODELS])
    return markdown(["", *MODELS], rows)


def decoding_table() -> str:
    """Return what a note costs, beside recomputing and beside the machine's limits."""
    rows = []
    for model in MODELS:
        measured = result(f"decoding-{model}.json")["results"]
        for batch in ("1", "8"):
            row, alone = measured[batch], measured[batch]["backbone"]
            ratios = [
                f"{part[f'{way}_ratio']:.1f}" if f"{way}_ratio" in part else "–"
                for part in (row, alone)
                for way in ("recomputing_field", "recomputing")
            ]
            speed, step = f"{row['cached']:,.0f}", f"{row['ms_per_step']:.2f}"
            rows.append([model, batch, speed, step, f"{row['times_the_limit']:.1f}", *ratios])
    columns = ["model", "at once", "notes/s", "ms a step", "times the limit", "the field anew", "all anew"]
    return markdown([*columns, "backbone: the field", "backbone: all"], rows)


def bridge_fill_table() -> str:
    """Return what a warm request costs, and where the time goes."""
    rows = []
    for row in result("bridge_fill.json")["results"]["rows"]:
        parts = (row[part] for part in ("p50", "p95", "read", "fill", "write", "transfer"))
        rows.append([row["model"], str(row["alternatives"]), *(f"{each:.3f} s" for each in parts)])
    columns = ["model", "alternatives", "median", "95 %", "read", "fill", "engrave", "send and check"]
    return markdown(columns, rows)


def score_length_table() -> str:
    """Return what filling four measures costs in scores of several lengths."""
    rows = [
        [f"{row['measures']:,}", *(f"{1000 * row[phase]:,.0f} ms" for phase in ("read", "fill", "write"))]
        for row in result("score_length.json")["results"]["rows"]
    ]
    return markdown(["measures of four parts", "read", "fill", "write"], rows)


SCORES = {"chorale.mxl": "chorale, 4 voices", "opus132.mxl": "Beethoven op. 132, 17,842 notes"}
COLD_PHASES = {
    "import": ("import",),
    "read and resolve": ("read", "resolve"),
    "window": ("window",),
    "trace and load": ("model", "trace", "compile"),
    "decode": ("decode",),
    "engrave and write": ("write",),
}


def cold_fill_table() -> str:
    """Return what the whole command costs, and where the time goes."""
    rows = []
    for score in result("cold_fill.json")["results"]:
        phases = score["phases"]
        cells = [f"{sum(phases[part] for part in parts):.1f} s" for parts in COLD_PHASES.values()]
        wall, peak = score["wall"]["median"], score["peak_bytes"]["median"]
        bridge = f"{score['bridge']['wall']['median']:.1f} s"
        rows.append([SCORES[score["score"]], bridge, f"{wall:.1f} s", f"{peak / 1e6:.0f} MB", *cells])
    return markdown(["score", "by the bridge", "without it", "peak memory", *COLD_PHASES], rows)


MUSESCORE_PARTS = {"read": "reading the selection", "request": "the request", "write": "writing"}


def in_musescore_table() -> str:
    """Return what a fill from MuseScore's menu costs, and the bridge's memory."""
    measured, memory = result("in_musescore.json")["results"], result("bridge_memory.json")["results"]
    runs, fifths = measured["runs"], memory["fifths_bytes"]

    def median(part: str) -> str:
        return f"{statistics.median(run[part] for run in runs):.2f} s"

    rows = [
        [f"from the menu key to the notes, bridge warm, median of {len(runs)}", median("total")],
        *([f"– {words}", median(part)] for part, words in MUSESCORE_PARTS.items()),
        ["the very first, the plugin starting the bridge", f"{measured['first_total']:.1f} s"],
        [f"memory of the bridge, after {memory['fills'] // 5} fills", f"{fifths[1] / 1e6:.0f} MB"],
        [f"– after {memory['fills']}", f"{fifths[-1] / 1e6:.0f} MB"],
    ]
    return markdown(["", ""], rows)

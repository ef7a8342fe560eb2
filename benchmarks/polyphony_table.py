"""The table of `benchmarks/polyphony.py --summary`: all results beside the published figures."""

from __future__ import annotations

import json
import statistics
from pathlib import Path

from polyphony_data import refuse

PUBLISHED = (
    ("LSTM (Bai et al. 2018)", "8.45", "3.29"),
    ("TCN (Bai et al. 2018)", "8.10", "3.07"),
    ("RNN-RBM (Boulanger-Lewandowski et al. 2012)", "6.27", ""),
    ("RNN-NADE (Boulanger-Lewandowski et al. 2012)", "5.56", "2.31"),
)
COLLECTIONS = ("JSB_Chorales", "Nottingham")


def summarise(folder: Path) -> str:
    """Return the table of all results in `folder` beside the published figures, as Markdown."""
    records = [json.loads(path.read_text()) for path in sorted(folder.glob("polyphony-*.json"))]
    results = [record["results"] for record in records if "test_nats" in record["results"]]
    singles: dict[tuple[str, bool], dict[str, list[float]]] = {}
    for result in results:
        if "seed" in result and not result.get("set"):
            by_data = singles.setdefault((result["model"], result["library"]), {})
            by_data.setdefault(result["data"], []).append(result["test_nats"])
    if not singles:
        refuse(f"{folder}: no results polyphony-*.json with a test figure. Make some first.")
    lines = ["| model | JSB chorales | Nottingham |", "|---|---:|---:|"]
    lines += [f"| {name} | {chorales} | {tunes} |" for name, chorales, tunes in PUBLISHED]
    for (model, library), by_data in sorted(singles.items(), reverse=True):
        name = {"wavenet": "WaveNet", "lstm": "LSTM"}[model] + ("" if library else ", without the library")
        cells = [_mean_and_spread(by_data.get(data, [])) for data in COLLECTIONS]
        lines.append(f"| jaxmuse {name} | {' | '.join(cells)} |")
    mixtures: dict[str, dict[str, str]] = {}
    for result in results:
        if "runs" in result:
            mixtures.setdefault(result["name"], {})[result["data"]] = f"{result['test_nats']:.2f}"
    for name, by_data in sorted(mixtures.items()):
        lines.append(f"| {name} | {' | '.join(by_data.get(data, '') for data in COLLECTIONS)} |")
    return "\n".join(lines)


def _mean_and_spread(values: list[float]) -> str:
    if not values:
        return ""
    spread = f" ± {statistics.stdev(values):.3f}" if len(values) > 1 else ""
    return f"{statistics.mean(values):.3f}{spread} ({len(values)})"

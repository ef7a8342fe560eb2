"""From the menu key to written notes in a real MuseScore 3: four measures of a quartet, the bridge warm.

PYTHONPATH=tests python benchmarks/in_musescore.py --json in_musescore.json

A virtual screen, the installed plugin, the bridge that it starts, the keyboard. `total` is measured from
outside, from the key that chooses the item to the star in the window's title; `read` (the score), `request`
(from sending it to having the reply) and `write` are the plugin's own figures, `plugin` their sum. Between
two runs the notes are undone. Needs mscore3, Xvfb, openbox and xdotool (`.ci/install_musescore.sh`).
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from machine import save_result
from musescore.studio import Studio
from musescore.window import Window, missing, wait_for

PARTS = ("read", "request", "write")


def tell_seconds(installed: Path) -> None:
    """Let the installed plugin print its own figures, which nobody else wants to read."""
    text = installed.read_text("utf-8")
    done = 'stage = "done";'
    if done not in text:
        sys.exit(f"{installed} has no {done}")
    installed.write_text(text.replace(done, f'{done} console.log("jaxmuse " + JSON.stringify(seconds));'))


def run_once(window: Window) -> dict[str, float]:
    """Select the quartet's empty measures, choose the item, wait; return seconds. The notes are undone."""
    window.select(4, more_staves=3, more_measures=3)
    window.press("alt+p")
    time.sleep(0.4)
    window.press("Up", "Up", "Up")
    done = f"{window.score.stem}*"
    began = time.perf_counter()
    window.screen.xdotool("key", "Return")
    while not window.title.endswith(done):
        if time.perf_counter() - began > 120:
            sys.exit("no notes came: " + window.log.read_text(errors="replace")[-1000:])
    total = time.perf_counter() - began
    window.wait_until_alone()
    said = [line for line in window.log.read_text(errors="replace").splitlines() if "jaxmuse {" in line]
    split = json.loads(said[-1].partition("jaxmuse ")[2])
    window.press("ctrl+z")
    wait_for(lambda: "*" not in window.title, 20, "the notes to be undone")
    return {**{part: split[part] for part in PARTS}, "plugin": split["total"], "total": total}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    if missing:
        sys.exit(f"not installed: {', '.join(missing)}. Run .ci/install_musescore.sh first.")
    with tempfile.TemporaryDirectory() as folder:
        studio = Studio(Path(folder))
        tell_seconds(studio.home.plugins / "jaxmuse" / "FillSelection.qml")
        window, _ = studio.show("quartet", log=True)
        print("starting the bridge", file=sys.stderr)
        first = run_once(window)
        wait_for(studio.is_warm, 600, "the bridge to be warm")
        runs = []
        for number in range(args.runs):
            print(f"run {number + 1} of {args.runs}", file=sys.stderr)
            runs.append(run_once(window))
        window.close()
        studio.close()
    result = {"first_total": first["total"], "runs": runs}
    print(f"4 measures x 4 staves in MuseScore 3, {args.runs} runs, seconds (cold: {first['total']:.1f})")
    print(f"{'':10}{'p50':>8}{'min':>8}{'max':>8}")
    for part in (*PARTS, "plugin", "total"):
        values = [run[part] for run in runs]
        print(f"{part:10}{statistics.median(values):8.2f}{min(values):8.2f}{max(values):8.2f}")
    save_result(args.json, "in_musescore", result)


if __name__ == "__main__":
    main()

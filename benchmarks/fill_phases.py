"""One fill with timers around its phases, as JSON seconds on stdout; `cold_fill.py` runs it.

python benchmarks/fill_phases.py SCORE BARS MODEL TIME_OF_START

start (of the interpreter), import, model, read, resolve, window, trace, compile (or load from the cache),
decode, write (spelling, engraving, file).
"""

from __future__ import annotations

import time

ENTERED = time.time()

import inspect  # noqa: E402 - the clock starts before anything is imported
import json  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

STATIC = {"begin_filling": ("config", "beats", "most_events"), "go_on_filling": ("config",)}


class Timers:
    """Seconds by phase."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.last = time.perf_counter()

    def lap(self, phase: str) -> None:
        """Count the time since the last lap to `phase`."""
        now = time.perf_counter()
        self.seconds[phase] = self.seconds.get(phase, 0.0) + now - self.last
        self.last = now


def timed(timers: Timers, name: str) -> Any:
    """Return a jitted function of `jaxmodels.decode` in three timed steps: trace, compile, run."""
    import jax

    import jaxmodels.decode

    jitted = getattr(jaxmodels.decode, name)
    compiled: dict[Any, Any] = {}

    def call(*args: Any) -> Any:
        timers.lap("window")
        bound = inspect.signature(jitted).bind(*args).arguments
        shapes = str(jax.tree.map(jax.numpy.shape, bound["windows"]))
        key = (*(bound[argument] for argument in STATIC[name]), shapes)
        if key not in compiled:
            lowered = jitted.lower(*args)
            timers.lap("trace")
            compiled[key] = lowered.compile()
            timers.lap("compile")
        values = (value for argument, value in bound.items() if argument not in STATIC[name])
        result = jax.block_until_ready(compiled[key](*values))
        timers.lap("decode")
        return result

    return call


def main() -> None:
    """Fill once and print the phases."""
    score, bars, model_name, started = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], float(sys.argv[4])
    timers = Timers()
    timers.seconds["start"] = ENTERED - started
    import jaxmodels.decode
    from bridge.fill import FillOptions, fill_document, load_model
    from bridge.open import open_document
    from bridge.output import document_bytes
    from bridge.regions import Selection, resolve
    from bridge.whole_file import write_whole

    timers.lap("import")
    document = open_document(score)
    timers.lap("read")
    region = resolve(document, Selection(bars))
    timers.lap("resolve")
    model = load_model(model_name)
    timers.lap("model")
    for name in STATIC:
        setattr(jaxmodels.decode, name, timed(timers, name))
    filled = fill_document(document, region, model, FillOptions(seed=1))
    timers.lap("window")
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / f"filled{document.suffix}"
        write_whole(output, document_bytes(filled.apply(0), document.suffix), False)
    timers.lap("write")
    print(json.dumps(timers.seconds))


if __name__ == "__main__":
    main()

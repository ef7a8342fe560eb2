"""One fill with timers around its phases, as JSON seconds on stdout; `cold_fill.py` runs it.

python benchmarks/fill_phases.py SCORE BARS MODEL TIME_OF_START

start (of the interpreter), import, model, read, resolve, window, trace (or read what was traced before),
compile (or load from the cache), decode, write (spelling, engraving, file).
"""

from __future__ import annotations

import time

ENTERED = time.time()

import json  # noqa: E402 - the clock starts before anything is imported
import sys  # noqa: E402
import tempfile  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402


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


def timed_programs(timers: Timers) -> Any:
    """Return kept programs that are run in three timed steps: trace (or read), compile (or load), run."""
    import jax

    from bridge.models import kept_programs
    from jaxmodels.exported import Programs

    class TimedPrograms(Programs):
        compiled_ones: dict[str, Any] = {}  # noqa: RUF012 - there is one of these

        def run(self, function: Callable, settings: object, *args: Any) -> Any:
            """Run as `Programs.run` does."""
            timers.lap("window")
            key = self.key(function, settings, args)
            if key not in self.compiled_ones:
                program = self.exported(key, function, args)
                timers.lap("trace")
                self.compiled_ones[key] = jax.jit(program.call).lower(*args).compile()
                timers.lap("compile")
            result = jax.block_until_ready(self.compiled_ones[key](*args))
            timers.lap("decode")
            return result

    kept = kept_programs()
    return TimedPrograms(kept.folder, kept.identity)


def main() -> None:
    """Fill once and print the phases."""
    score, bars, model_name, started = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], float(sys.argv[4])
    timers = Timers()
    timers.seconds["start"] = ENTERED - started
    from bridge import stepwise_filling
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
    programs = timed_programs(timers)
    stepwise_filling.kept_programs = lambda: programs
    filled = fill_document(document, region, model, FillOptions(seed=1))
    timers.lap("window")
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / f"filled{document.suffix}"
        write_whole(output, document_bytes(filled.apply(0), document.suffix), False)
    timers.lap("write")
    print(json.dumps(timers.seconds))


if __name__ == "__main__":
    main()

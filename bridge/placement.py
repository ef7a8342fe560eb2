"""Where the results of a fill go."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bridge.output import default_output, numbered


@dataclass(frozen=True, slots=True)
class Placement:
    """Where results go: `output` for one score, else into `folder`, else beside the input."""

    output: Path | None = None
    folder: Path | None = None
    force: bool = False
    png: bool = False

    def outputs_for(self, path: Path, suffix: str, count: int) -> list[Path]:
        """Return the outputs of `count` alternatives of the score `path`, whose own format is `suffix`."""
        output = self.output
        if output is None:
            beside = default_output(path, suffix)
            output = beside if self.folder is None else self.folder / beside.name
        return [numbered(output, number) for number in range(1, count + 1)]

"""Fill a score from Python, in one call that does what `jaxmuse fill` does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.character import Character
from bridge.fill_file import fill_score
from bridge.filled_score import FilledScore
from bridge.manner import Manner
from bridge.models import DEFAULT_MODEL
from bridge.regions import Selection

if TYPE_CHECKING:
    from bridge.fill import Model


def fill(
    score: str | Path,
    *,
    bars: int | None = None,
    measures: str | None = None,
    from_measure: str | None = None,
    parts: str | Sequence[str | int] | None = None,
    model: str | Model = DEFAULT_MODEL,
    seed: int | None = None,
    temperature: float = 1.0,
    top_p: float = 0.95,
    alternatives: int = 1,
    keep_rhythm: bool = False,
    wide_range: bool = False,
    style: str | None = None,
    density: int | None = None,
    polyphony: int | None = None,
    register: int | None = None,
    closeness: int | None = None,
    check: bool = False,
) -> FilledScore:
    """Return the score at the path `score` with a region filled; nothing is written until `save`.

    - `parts`: names or numbers, in a sequence or joined by commas.
    - the options are those of `jaxmuse fill`: the same ones and the same seed give the same notes.
    - `style`, `density`, `polyphony`, `register`, `closeness`: see `bridge.character.Character`.
    - `check`: report on each alternative's part-writing, in `FilledScore.checks`.
    - `model`: a name, a folder, or what `bridge.fill.load_model` returns (to load it once for many scores).

    Raises a `JaxmuseError`, whose text is a sentence for the user.
    """
    named = parts if parts is None or isinstance(parts, str) else ",".join(map(str, parts))
    selection = Selection(bars, measures, from_measure, named)
    name = model if isinstance(model, str) else model.name
    character = Character(style, density, polyphony, register, closeness)
    options = Manner(
        name, seed, temperature, top_p, alternatives, keep_rhythm, wide_range, character
    ).options()

    def load() -> Model:
        if not isinstance(model, str):
            return model
        from bridge.fill import load_model

        return load_model(model)

    return fill_score(Path(score), selection, load, options, check=check)

"""The fixed holes that every system fills and is scored on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jaxmodels.data import Example, evaluation_holes, make_examples
from jaxmodels.holes import TASKS
from jaxmodels.shards import Corpus
from jaxmodels.window_layout import Hole


@dataclass(frozen=True)
class TaskHoles:
    """The holes of one task.

    - `works` int `[H]`: the index of the work that each is cut from.
    """

    task: str
    holes: tuple[tuple[Example, Hole], ...]
    works: np.ndarray

    def for_styles(self, names: Sequence[str], model_names: Sequence[str]) -> list[tuple[Example, Hole]]:
        """Return the holes with styles as a model counts them: the place of their name, 0 if unknown.

        - `names`: the corpus's styles, which the holes have indexes into; `model_names`: the model's.
        """
        place = [model_names.index(name) if name in model_names else 0 for name in names]
        return [(example, hole._replace(style=place[hole.style])) for example, hole in self.holes]


def cut_holes(corpus: Corpus, count: int, seed: int) -> dict[str, TaskHoles]:
    """Return `count` holes of each task in works of `corpus`, without tasks that no work has room for."""
    examples = make_examples(corpus.pieces, corpus.styles.tolist())
    number = {id(example): work for work, example in enumerate(examples)}
    found = {}
    for task in TASKS:
        holes = evaluation_holes(examples, task, count, seed)
        if holes:
            works = np.array([number[id(example)] for example, _ in holes])
            found[task] = TaskHoles(task, tuple(holes), works)
    return found

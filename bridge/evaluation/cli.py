"""The command `jaxmuse evaluate`; `bridge.cli` adds it to the others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bridge.evaluation import HOLES
from bridge.models import DEFAULT_MODEL

Paths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="PATH", help="Scores or folders of scores; music21's test works if none."),
]
Models = Annotated[
    list[str] | None,
    typer.Option(
        "--model",
        metavar="NAME",
        help="A name from 'jaxmuse models', or a folder; several stand in one table "
        f"({DEFAULT_MODEL} if none).",
    ),
]
Split = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Only the test or valid works; of your own scores, those that jaxmuse train leaves out.",
    ),
]
Styles = Annotated[
    str | None, typer.Option(metavar="NAMES", help='Only works of these styles: "chorale,folk tune".')
]
Holes = Annotated[
    int,
    typer.Option(
        metavar="N",
        help="Holes to fill for each of the four tasks; a minute or two goes by with any number.",
    ),
]
Seed = Annotated[int, typer.Option(metavar="N", help="Another one cuts other holes and draws other notes.")]
Out = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Keep result.json, table.md and plot.png in this folder."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")]


def evaluate(
    paths: Paths = None,
    model: Models = None,
    split: Split = None,
    styles: Styles = None,
    holes: Holes = HOLES,
    seed: Seed = 0,
    out: Out = None,
    json: Json = False,
) -> None:
    """Measure how good models are on music that they haven't seen, beside baselines.

    [bold]The released model on the test works[/] of music21's corpus, in some minutes:

        jaxmuse evaluate

    [bold]Two models in one table[/], on chorales, kept as JSON, Markdown and a plot:

        jaxmuse evaluate --model lstm --model runs/mine --styles chorale --out figures

    [bold]On all scores of a folder[/] (ones that the model wasn't trained on):

        jaxmuse evaluate my_scores/
    """
    from bridge.evaluation.command import evaluate_command

    evaluate_command(
        paths=paths or [],
        models=model or [DEFAULT_MODEL],
        split=split,
        styles=[name.strip() for name in styles.split(",")] if styles is not None else [],
        holes=holes,
        seed=seed,
        out=out,
        json=json,
    )

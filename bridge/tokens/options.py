"""The options of recipes and of `jaxmuse generate`, each with the words its help shows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bridge.cli_options import PLACE
from bridge.tokens import DEFAULT_INSTRUMENT, DEFAULT_MIN_COUNT, DEFAULT_TEMPERATURE
from jaxmodels.tokens.config import KINDS, PRODUCTS, FitConfig, TokenConfig

RECIPE = "Recipes"

Recipe = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help=f"{' or '.join(KINDS)}: the Keras tutorial's models of note and chord tokens.",
        rich_help_panel=RECIPE,
    ),
]
Epochs = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        help=f"Passes over the music ({FitConfig.epochs} if nothing is said).",
        rich_help_panel=RECIPE,
    ),
]
Split = Annotated[
    str | None,
    typer.Option(
        metavar="work|window",
        help="Validate on a fifth of the works (if nothing is said), or of the overlapping windows.",
        rich_help_panel=RECIPE,
    ),
]
Instrument = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help=f"Keep its parts only: {DEFAULT_INSTRUMENT} (if nothing is said), strings, violin, …; all for "
        "all parts.",
        rich_help_panel=RECIPE,
    ),
]
MinCount = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        help=f"Drop notes and chords that occur more rarely ({DEFAULT_MIN_COUNT} if nothing is said).",
        rich_help_panel=RECIPE,
    ),
]
Products = Annotated[
    str | None,
    typer.Option(
        metavar="|".join(PRODUCTS),
        help=f"What the factors of large products are rounded to ({TokenConfig.products} if nothing is "
        "said); bfloat16 is faster where the processor multiplies it.",
        rich_help_panel=RECIPE,
    ),
]
Tokens = Annotated[bool, typer.Option("--tokens", help="Count the notes and chords that recipes train on.")]

TokenModel = Annotated[
    str, typer.Option("--model", metavar="DIR", help="The folder of a run of jaxmuse train --recipe.")
]
Notes = Annotated[int, typer.Option(metavar="N", help="How many notes and chords.")]
Temperature = Annotated[
    float | None,
    typer.Option(help=f"Below 1 is safer, above 1 bolder ({DEFAULT_TEMPERATURE:g} if nothing is said)."),
]
Greedy = Annotated[
    bool,
    typer.Option(
        "--greedy",
        help=f"Always take the likeliest after the last {TokenConfig.window}, as the tutorial does; else "
        "an LSTM remembers all that it has written.",
    ),
]
Generated = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Instead of generated.mid; the suffix chooses .mid, .musicxml or .mxl.",
        rich_help_panel=PLACE,
    ),
]

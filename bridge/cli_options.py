"""The options of the command `jaxmuse`, each with the words its help shows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bridge.training.request import DEFAULT_KIND, DEFAULT_MINUTES

WHAT, PLACE, HOW, REPORT = "What to fill", "Where the result goes", "How it is written", "Reporting"
LIKE = "What it is like"

Scores = Annotated[
    list[Path],
    typer.Argument(metavar="SCORE", help="MusicXML (.mxl, .musicxml, .xml), MIDI, abc, krn, mei, …"),
]
Paths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="PATH", help="Scores or folders of scores; music21's own corpus if none."),
]

Bars = Annotated[
    int | None,
    typer.Option(metavar="N", help="Continue by N measures (8 if nothing is said).", rich_help_panel=WHAT),
]
Measures = Annotated[
    str | None,
    typer.Option(
        metavar="9-16",
        help="Replace these measures by their printed numbers: 9-16, 9, 9-; #12 counts from the start.",
        rich_help_panel=WHAT,
    ),
]
From = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="9", help="Replace from this measure on, N with --bars.", rich_help_panel=WHAT
    ),
]
Parts = Annotated[
    str | None,
    typer.Option(
        metavar="NAMES",
        help='Write only these parts: "Alto,3" by name or number, "Piano:2" for one staff.',
        rich_help_panel=WHAT,
    ),
]

Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Instead of SCORE.filled.mxl; the suffix chooses .mxl, .musicxml or .mid.",
        rich_help_panel=PLACE,
    ),
]
OutputDir = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", help="Write into this folder instead of beside the input.", rich_help_panel=PLACE
    ),
]
Force = Annotated[
    bool, typer.Option("--force", help="Replace an output that is there already.", rich_help_panel=PLACE)
]
Png = Annotated[
    bool,
    typer.Option(
        "--png", help=r"Draw a picture beside it (needs jaxmuse\[pictures]).", rich_help_panel=PLACE
    ),
]

ModelName = Annotated[
    str, typer.Option(help="A name from 'jaxmuse models', or the folder of a model.", rich_help_panel=HOW)
]
Seed = Annotated[
    int | None,
    typer.Option(
        metavar="N", help="The same seed gives the same notes; random if none.", rich_help_panel=HOW
    ),
]
Temperature = Annotated[float, typer.Option(help="Below 1 is safer, above 1 bolder.", rich_help_panel=HOW)]
TopP = Annotated[
    float,
    typer.Option(
        metavar="P", help="Keep the likeliest choices up to this probability.", rich_help_panel=HOW
    ),
]
Alternatives = Annotated[
    int,
    typer.Option(
        metavar="K", help="Write the K best, further ones as SCORE.filled.2.mxl, …", rich_help_panel=HOW
    ),
]
KeepRhythm = Annotated[
    bool,
    typer.Option(
        "--keep-rhythm", help="Give the notes that are there other pitches only.", rich_help_panel=HOW
    ),
]
WideRange = Annotated[
    bool,
    typer.Option(
        "--wide-range",
        help="Use the instrument's whole range, not only what the part shows.",
        rich_help_panel=HOW,
    ),
]
Style = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="chorale, early vocal, chamber, folk tune, keyboard and song, orchestral, or a model's own.",
        rich_help_panel=LIKE,
    ),
]
Density = Annotated[
    int | None,
    typer.Option(
        metavar="LEVEL",
        help="Notes in a given time: -2 fewer, 0 as around it, 2 more.",
        rich_help_panel=LIKE,
    ),
]
Polyphony = Annotated[
    int | None,
    typer.Option(
        metavar="LEVEL",
        help="Notes at once in each staff: -2 fewer, 0 as around it, 2 more.",
        rich_help_panel=LIKE,
    ),
]
Register = Annotated[
    int | None,
    typer.Option(
        metavar="LEVEL", help="How high: -2 lower, 0 as around it, 2 higher.", rich_help_panel=LIKE
    ),
]
Closeness = Annotated[
    int | None,
    typer.Option(
        metavar="LEVEL", help="-2 leaves what stands around it, 2 repeats it.", rich_help_panel=LIKE
    ),
]
Check = Annotated[
    bool,
    typer.Option(
        "--check",
        help="Report on part-writing: parallels, crossings, leaps, ranges and spans, beside real music's.",
        rich_help_panel=REPORT,
    ),
]
Bridge = Annotated[
    bool,
    typer.Option(
        "--bridge/--no-bridge",
        help="Let the bridge fill, where it runs (jaxmuse serve): the same notes, sooner.",
        rich_help_panel=HOW,
    ),
]
Json = Annotated[
    bool,
    typer.Option("--json", help="Print one JSON object per line, for programs.", rich_help_panel=REPORT),
]

Kind = Annotated[
    str | None,
    typer.Option(
        "--model", metavar="KIND", help=f"Kind of model to train ({DEFAULT_KIND} if nothing is said)."
    ),
]
Out = Annotated[Path | None, typer.Option(metavar="DIR", help="Folder of the run.")]
Minutes = Annotated[
    float | None, typer.Option(help=f"Train so long ({DEFAULT_MINUTES:g} if nothing is said).")
]
Steps = Annotated[int | None, typer.Option(metavar="N", help="Train N steps instead.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on where the run was stopped or killed.")]
Device = Annotated[str, typer.Option(help="auto, cpu, gpu or tpu.")]

Restricted = Annotated[
    bool,
    typer.Option(
        "--include-restricted", help="Use also collections whose licences limit what you may publish."
    ),
]
Jobs = Annotated[
    int | None, typer.Option(metavar="N", help="Read in N processes; one for each core if none.")
]
CacheDir = Annotated[Path | None, typer.Option(metavar="DIR", help="Instead of your cache folder.")]
StatsPng = Annotated[
    Path | None, typer.Option("--png", metavar="FILE", help="Plot the distributions to a PNG.")
]

Debug = Annotated[bool, typer.Option("--debug", help="Show where an unexpected error comes from.")]

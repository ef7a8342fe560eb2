"""The command `jaxmuse`: parse, call, print; nothing else.

Exit codes: 0 done, 1 a bug, 2 a request that can't be followed, 130 stopped with Ctrl+C.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from bridge import cli_options as options
from bridge.corpus.cli import corpus_app
from bridge.errors import JaxmuseError
from bridge.evaluation.cli import evaluate
from bridge.models import DEFAULT_MODEL
from bridge.plugin.cli import plugin_app
from bridge.server.cli import serve
from bridge.tokens import options as token_options
from bridge.tokens.cli import generate

app = typer.Typer(
    help="Fill measures of a score with notes that belong there.",
    epilog="A first try: [bold]jaxmuse fill examples/chorale.mxl --bars 8[/]",
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(corpus_app, name="corpus")
app.add_typer(plugin_app, name="plugin")


@app.command(no_args_is_help=True)
def fill(
    context: typer.Context,
    scores: options.Scores,
    bars: options.Bars = None,
    measures: options.Measures = None,
    from_measure: options.From = None,
    parts: options.Parts = None,
    output: options.Output = None,
    output_dir: options.OutputDir = None,
    force: options.Force = False,
    png: options.Png = False,
    model: options.ModelName = DEFAULT_MODEL,
    seed: options.Seed = None,
    temperature: options.Temperature = 1.0,
    top_p: options.TopP = 0.95,
    alternatives: options.Alternatives = 1,
    keep_rhythm: options.KeepRhythm = False,
    wide_range: options.WideRange = False,
    style: options.Style = None,
    density: options.Density = None,
    polyphony: options.Polyphony = None,
    register: options.Register = None,
    closeness: options.Closeness = None,
    check: options.Check = False,
    json: options.Json = False,
    bridge: options.Bridge = True,
) -> None:
    """Write notes into measures of scores; everything else in them stays as it is.

    [bold]Continue a piece by eight bars[/] (empty bars at its end are filled first):

        jaxmuse fill chorale.mxl --bars 8

    [bold]Rewrite measures 9 to 16[/] so that they fit what stands on both sides:

        jaxmuse fill song.musicxml --measures 9-16

    [bold]Write an alto and a third part[/] to what the others sing:

        jaxmuse fill chorale.mxl --measures 1-8 --parts "Alto,3"

    [bold]Try again and compare[/], or get exactly the same again:

        jaxmuse fill tune.abc --alternatives 4 --seed 7

    [bold]Say what it should be like[/]: fewer notes, higher, nearer to what stands there:

        jaxmuse fill tune.abc --style folk --density -1 --register 1 --closeness 2
    """
    from bridge.character import Character
    from bridge.fill_batch import fill_scores
    from bridge.manner import Manner
    from bridge.placement import Placement
    from bridge.regions import Selection

    character = Character(style, density, polyphony, register, closeness)
    code = fill_scores(
        scores,
        Selection(bars, measures, from_measure, parts),
        Placement(output, output_dir, force, png),
        Manner(model, seed, temperature, top_p, alternatives, keep_rhythm, wide_range, character),
        check=check,
        json=json,
        debug=bool(context.obj),
        bridge=bridge,
    )
    raise typer.Exit(code)


@app.command()
def train(
    paths: options.Paths = None,
    model: options.Kind = None,
    out: options.Out = None,
    minutes: options.Minutes = None,
    steps: options.Steps = None,
    resume: options.Resume = False,
    device: options.Device = "auto",
    include_restricted: options.Restricted = False,
    recipe: token_options.Recipe = None,
    epochs: token_options.Epochs = None,
    split: token_options.Split = None,
    instrument: token_options.Instrument = None,
    min_count: token_options.MinCount = None,
    products: token_options.Products = None,
    json: options.Json = False,
) -> None:
    """Train a model on your own scores; Ctrl+C saves, --resume goes on.

    [bold]Ten minutes on music21's corpus[/]:

        jaxmuse train

    [bold]An hour on a folder of your own[/], then fill with the result:

        jaxmuse train my_scores/ --minutes 60 --out runs/mine

        jaxmuse fill song.mxl --model runs/mine

    [bold]The Keras tutorial's LSTM[/] of note and chord tokens on piano music, then new music from it:

        jaxmuse train --recipe tutorial-lstm my_midi/ --out runs/tokens

        jaxmuse generate --model runs/tokens --notes 100
    """
    if recipe is not None:
        from bridge.tokens.recipe import recipe_of
        from bridge.tokens.refusals import refuse_beside_recipe
        from bridge.tokens.train_command import train_recipe

        refuse_beside_recipe(model=model, minutes=minutes, steps=steps, resume=resume)
        asked = recipe_of(
            recipe, paths or [], epochs, split, instrument, min_count, include_restricted, products
        )
        train_recipe(asked, out, device, json)
        return
    from bridge.tokens.refusals import RECIPE, refuse_without
    from bridge.training import train_command

    refuse_without(
        RECIPE, epochs=epochs, split=split, instrument=instrument, min_count=min_count, products=products
    )
    train_command(
        paths=paths or [],
        model=model,
        out=out,
        minutes=minutes,
        steps=steps,
        resume=resume,
        device=device,
        include_restricted=include_restricted,
        json=json,
    )


app.command(no_args_is_help=True)(generate)
app.command()(evaluate)


@app.command()
def models(json: options.Json = False) -> None:
    """List the models that are there, with their size and their figure.

    The figure is the mean negative log-likelihood of the test music in nats per note: lower is better.
    """
    from bridge.console import print_models, print_record
    from bridge.models import list_models

    found = list_models()
    if json:
        for model in found:
            print_record(model)
    else:
        print_models(found)


app.command()(serve)


def _print_version(wanted: bool) -> None:
    if wanted:
        import importlib.metadata

        print(f"jaxmuse {importlib.metadata.version('jaxmuse')}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    debug: options.Debug = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Fill measures of a score with notes that belong there."""
    context.obj = debug


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every error that isn't a usage error of the shell's own is caught here."""
    from bridge.console import bug_sentence, print_problem

    arguments = sys.argv[1:] if arguments is None else list(arguments)
    try:
        app(arguments, prog_name="jaxmuse")
    except JaxmuseError as error:
        print_problem(error)
        sys.exit(2)
    except Exception as error:
        if "--debug" in arguments:
            raise
        print_problem(bug_sentence(error))
        sys.exit(1)

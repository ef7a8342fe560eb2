"""The command `jaxmuse generate`; `bridge.cli` adds it to the others."""

from __future__ import annotations

from bridge import cli_options as options
from bridge.tokens import DEFAULT_NOTES
from bridge.tokens import options as token_options


def generate(
    model: token_options.TokenModel,
    notes: token_options.Notes = DEFAULT_NOTES,
    temperature: token_options.Temperature = None,
    greedy: token_options.Greedy = False,
    seed: options.Seed = None,
    output: token_options.Generated = None,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    """Write new music with a model trained by a recipe: notes and chords, a quarter each.

    [bold]A hundred notes and chords[/], drawn:

        jaxmuse generate --model runs/tokens --notes 100 -o new.mid

    [bold]As the tutorial does it[/], always the likeliest, which soon repeats itself:

        jaxmuse generate --model runs/tokens --notes 100 --greedy -o new.musicxml
    """
    from bridge.tokens.generate_command import generate_music

    generate_music(model, notes, temperature, greedy, seed, output, force, json)

"""`jaxmuse corpus`: its options and help; the work is in `build` and `stats`."""

from __future__ import annotations

from pathlib import Path

import typer

from bridge import cli_options as options

corpus_app = typer.Typer(
    help="Turn scores into training data, and look at them.",
    rich_markup_mode="rich",
    no_args_is_help=True,
)


@corpus_app.command("build")
def corpus_build(
    paths: options.Paths = None,
    include_restricted: options.Restricted = False,
    jobs: options.Jobs = None,
    cache_dir: options.CacheDir = None,
    json: options.Json = False,
) -> None:
    """Read scores once, in parallel, into the arrays that training uses."""
    from bridge.console import print_record
    from bridge.corpus.build import build_corpus

    folder = build_corpus(
        paths or [], include_restricted, cache_dir=cache_dir, jobs=jobs, progress=not json
    )
    if json:
        print_record({"corpus": str(folder)})
    else:
        print(f"The corpus is in {folder}.")


@corpus_app.command("stats")
def corpus_stats_command(
    paths: options.Paths = None,
    include_restricted: options.Restricted = False,
    jobs: options.Jobs = None,
    cache_dir: options.CacheDir = None,
    png: options.StatsPng = None,
    tokens: options.Tokens = False,
    instrument: options.Instrument = None,
    min_count: options.MinCount = None,
    json: options.Json = False,
) -> None:
    """Count works, notes, pitches and durations; the corpus is built where it isn't there yet.

    [bold]The notes and chords that recipes train on[/], and a plot of how often each occurs:

        jaxmuse corpus stats my_midi/ --tokens --png tokens.png
    """
    from bridge.console import print_record
    from bridge.corpus.build import build_corpus
    from bridge.corpus.plots import plot_stats
    from bridge.corpus.stats import corpus_stats, print_stats
    from bridge.output import check_output

    if png is not None:
        check_output(png, [], force=True)
    if tokens:
        _token_stats(paths or [], include_restricted, cache_dir, jobs, instrument, min_count, png, json)
        return
    _refuse_without_tokens(instrument, min_count)
    stats = corpus_stats(
        build_corpus(paths or [], include_restricted, cache_dir=cache_dir, jobs=jobs, progress=not json)
    )
    if json:
        print_record(stats)
    else:
        print_stats(stats)
    if png is not None:
        plot_stats(stats, png)


def _token_stats(
    paths: list[Path],
    include_restricted: bool,
    cache_dir: Path | None,
    jobs: int | None,
    instrument: str | None,
    min_count: int | None,
    png: Path | None,
    json: bool,
) -> None:
    from bridge.console import print_record
    from bridge.corpus.build import build_corpus
    from bridge.tokens.kept_instruments import DEFAULT_INSTRUMENT
    from bridge.tokens.reading import DEFAULT_MIN_COUNT, check_min_count, words_in
    from bridge.tokens.stats import plot_token_stats, print_token_stats, token_stats

    corpus = build_corpus(paths, include_restricted, cache_dir=cache_dir, jobs=jobs, progress=not json)
    spoken = words_in(corpus, instrument or DEFAULT_INSTRUMENT, paths)
    least = DEFAULT_MIN_COUNT if min_count is None else min_count
    check_min_count(least)
    stats = token_stats(spoken, least)
    if json:
        print_record(stats)
    else:
        print_token_stats(stats)
    if png is not None:
        plot_token_stats(stats, png)


def _refuse_without_tokens(instrument: str | None, min_count: int | None) -> None:
    from bridge.errors import UsageError

    for name, value in (("--instrument", instrument), ("--min-count", min_count)):
        if value is not None:
            raise UsageError(
                "only tokens have it", where=f"option {name}", fix="Add --tokens, or leave it out."
            )

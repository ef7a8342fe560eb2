"""`jaxmuse corpus`: its options and help; the work is in `build` and `stats`."""

from __future__ import annotations

from pathlib import Path

import typer

from bridge import cli_options as options
from bridge.tokens import options as token_options

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
    tokens: token_options.Tokens = False,
    instrument: token_options.Instrument = None,
    min_count: token_options.MinCount = None,
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
    from bridge.tokens.refusals import refuse_without

    if png is not None:
        check_output(png, [], force=True)
    if tokens:
        _token_stats(paths or [], include_restricted, cache_dir, jobs, instrument, min_count, png, json)
        return
    refuse_without("--tokens", instrument=instrument, min_count=min_count)
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
    from bridge.tokens import DEFAULT_INSTRUMENT, DEFAULT_MIN_COUNT
    from bridge.tokens.kept_instruments import programs_of
    from bridge.tokens.reading import check_min_count, words_in
    from bridge.tokens.stats import plot_token_stats, print_token_stats, token_stats

    least = DEFAULT_MIN_COUNT if min_count is None else min_count
    kept = DEFAULT_INSTRUMENT if instrument is None else instrument
    check_min_count(least)
    programs_of(kept)
    corpus = build_corpus(paths, include_restricted, cache_dir=cache_dir, jobs=jobs, progress=not json)
    stats = token_stats(words_in(corpus, kept, paths), least)
    if json:
        print_record(stats)
    else:
        print_token_stats(stats)
    if png is not None:
        plot_token_stats(stats, png)

"""`jaxmuse corpus`: its options and help; the work is in `build` and `stats`."""

from __future__ import annotations

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
    json: options.Json = False,
) -> None:
    """Count works, notes, pitches and durations; the corpus is built where it isn't there yet."""
    from bridge.console import print_record
    from bridge.corpus.build import build_corpus
    from bridge.corpus.plots import plot_stats
    from bridge.corpus.stats import corpus_stats, print_stats
    from bridge.output import check_output

    if png is not None:
        check_output(png, [], force=True)
    stats = corpus_stats(
        build_corpus(paths or [], include_restricted, cache_dir=cache_dir, jobs=jobs, progress=not json)
    )
    if json:
        print_record(stats)
    else:
        print_stats(stats)
    if png is not None:
        plot_stats(stats, png)

"""The command `jaxmuse serve`; `bridge.cli` adds it to the others."""

from __future__ import annotations

from typing import Annotated

import typer

BACKGROUND_IDLE_EXIT = "8h"

Port = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        min=0,
        max=65535,
        help="Listen on this port, 0 for any free one; 8765 if it is free and nothing is said.",
    ),
]
IdleExit = Annotated[
    str | None,
    typer.Option(
        metavar="8h",
        help="Stop when nobody has asked for so long: 8h, 30m, 90s or never. "
        f"{BACKGROUND_IDLE_EXIT} in the background, else never, if nothing is said.",
    ),
]
Background = Annotated[
    bool,
    typer.Option("--background", help="Go on as a process of its own, and return once it listens."),
]


Stop = Annotated[bool, typer.Option("--stop", help="Stop the bridge that runs.")]


def serve(
    port: Port = None, idle_exit: IdleExit = None, background: Background = False, stop: Stop = False
) -> None:
    """Run the bridge that MuseScore's plugin asks for notes, on this machine only; Ctrl+C stops it.

    The plugin finds it by itself; a second bridge isn't started.

    [bold]Start it, and have the terminal back[/]:

        jaxmuse serve --background
    """
    if stop:
        _stop()
        return
    from bridge.server.duration import seconds_of

    if idle_exit is None:
        idle_exit = BACKGROUND_IDLE_EXIT if background else "never"
    seconds = seconds_of(idle_exit, "--idle-exit")
    if background:
        from bridge.server.background import start_in_background

        arguments = ["--idle-exit", idle_exit]
        if port is not None:
            arguments += ["--port", str(port)]
        typer.echo(start_in_background(arguments))
        return
    from bridge.server.run import serve as run

    run(port, seconds)


def _stop() -> None:
    from bridge.connection import running
    from bridge.errors import UsageError
    from bridge.server.stopping import stop_bridge

    before = running()
    if not stop_bridge():
        raise UsageError(
            "the bridge still runs", where="jaxmuse serve --stop", fix="End its process, or wait a little."
        )
    typer.echo("no bridge was running" if before is None else f"stopped (process {before.pid})")

"""What the bridge says of itself; what it says of scores is in `bridge.protocol.reply`."""

from __future__ import annotations

from typing import Literal

from bridge.protocol.shape import Shape


class JobCounts(Shape):
    """How many jobs there are."""

    running: int
    queued: int


class Health(Shape):
    """That the bridge is there, and whether a request would wait for anything but its notes.

    - `ready`: everything is loaded and compiled; requests are taken before that too.
    - `warming`: what is being loaded or compiled, for people.
    - `version`: of jaxmuse; `program`: a digest of its files, libraries and settings as it was started.
    """

    status: Literal["ok"] = "ok"
    ready: bool
    warming: str | None
    version: str
    program: str
    jobs: JobCounts
    uptime_seconds: float


class ModelFacts(Shape):
    """A model that requests can name; `test_nll` in nats per note, lower is better.

    - `styles`: those that a request can ask of it.
    """

    name: str
    kind: str
    parameters: int
    size_bytes: int
    test_nll: float | None
    styles: list[str]


class ModelList(Shape):
    """All models that requests can name."""

    version: Literal[1] = 1
    models: list[ModelFacts]

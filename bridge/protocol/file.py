"""A whole score file to be filled, as `jaxmuse fill` sends it, and what comes back."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from bridge.protocol.reply import Timing
from bridge.protocol.request import Options
from bridge.protocol.shape import Shape

MOST_NAME = 255


class FileSelection(Shape):
    """What to fill, as `jaxmuse fill`'s options say it (`from_measure` is `--from`)."""

    bars: int | None = None
    measures: str | None = None
    from_measure: str | None = None
    parts: str | None = None


class FileRequest(Shape):
    """A file and what to do with it.

    - `name`: the file's, for sentences; nothing is read from there.
    - `kind`: what `content` is, in Base64; `suffix`: the format wanted, the file's own if null.
    - `check`: report on the part-writing.
    - `model_state`: the model's files as the client sees them; with others the job fails (`other_model`).
    """

    name: Annotated[str, Field(min_length=1, max_length=MOST_NAME, pattern=r"^[^/\\]+$")]
    kind: Literal["musicxml", "midi"]
    content: str
    suffix: Literal[".mxl", ".musicxml", ".mid"] | None = None
    selection: FileSelection = FileSelection()
    options: Options = Options()
    check: bool = False
    model_state: str | None = None


class FileAlternative(Shape):
    """One way to fill: the whole file in Base64, and what `jaxmuse fill --json` tells of it.

    - `check`: the report as a JSON object, `report` as lines for people; null and empty unasked.
    """

    content: str
    notes: int
    nll: float | None
    copied_notes: int | None
    copied: list[dict[str, Any]] | None
    warning: str | None
    check: dict[str, Any] | None
    report: list[str]


class FileReply(Shape):
    """What was filled, best alternative first.

    - `parts`: names; `measures`: printed numbers; `where`: the same in words; `summary`: for people.
    """

    version: Literal[1] = 1
    model: str
    seed: int
    seconds: Timing
    parts: list[str]
    measures: list[str]
    where: str
    summary: str
    alternatives: list[FileAlternative]

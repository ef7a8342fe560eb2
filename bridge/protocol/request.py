"""What a client asks for."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import FailFast, Field, model_validator

from bridge.models import DEFAULT_MODEL
from bridge.protocol.shape import Shape
from bridge.protocol.walk import Walk

MOST_NAMED_STAVES = 256
MOST_MEASURES = 64
"""To fill in one request: about what a user waits for."""

CONTINUE, REPLACE = "continue", "replace"


MOST_ALTERNATIVES = 8
"""As many as are drawn at a time anyway; more would have to be compiled first."""


class Selected(Shape):
    """The measures and staves that the user selected.

    - `start`, `stop`: measure indexes from 0, `stop` exclusive; `staves`: indexes from 0, top to bottom.
    - `mode`: `continue` fills what is empty there or goes on after it; `replace` writes all of it anew.
    """

    start: Annotated[int, Field(ge=0, le=100_000)]
    stop: Annotated[int, Field(ge=1, le=100_000)]
    staves: Annotated[
        list[Annotated[int, Field(ge=0)]], Field(min_length=1, max_length=MOST_NAMED_STAVES), FailFast()
    ]
    mode: Literal["continue", "replace"] = CONTINUE


Level = Annotated[int, Field(ge=-2, le=2)]


class Options(Shape):
    """How the notes are drawn, as with the options of `jaxmuse fill`.

    - `model`: a name that `GET /v1/models` lists, never a path.
    - `keep_rhythm`: only the pitches of the notes that are there are written anew.
    - `own_range`: stay in the range that the staff shows; without, use its instrument's (`--wide-range`).
    - `style`: one of the model's; `density`, `polyphony`, `register`, `closeness`: from −2, less, to 2,
      more; 0 is as around the region, of closeness half of it.
    """

    model: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")] = DEFAULT_MODEL
    seed: Annotated[int, Field(ge=0, lt=2**53)] | None = None
    temperature: Annotated[float, Field(gt=0, le=10)] = 1.0
    top_p: Annotated[float, Field(gt=0, le=1)] = 0.95
    alternatives: Annotated[int, Field(ge=1, le=MOST_ALTERNATIVES)] = 1
    keep_rhythm: bool = False
    own_range: bool = True
    style: Annotated[str, Field(max_length=64)] | None = None
    density: Level | None = None
    polyphony: Level | None = None
    register_level: Annotated[Level | None, Field(alias="register")] = None
    closeness: Level | None = None


class Client(Shape):
    """Who asks, and what it can write; it gets only that.

    - `ties`: notes of one measure may be tied; a note over a barline is the client's own business without.
    - `fragment`: it pastes MusicXML.
    """

    name: Annotated[str, Field(max_length=100)] = ""
    version: Annotated[str, Field(max_length=100)] = ""
    tuplets: bool = True
    ties: bool = True
    fragment: bool = False


class FillRequest(Shape):
    """A score, in exactly one of two forms, and what to do with it."""

    musicxml: str | None = None
    walk: Walk | None = None
    selection: Selected
    options: Options = Options()
    client: Client = Client()

    @model_validator(mode="after")
    def _one_score(self) -> Self:
        if (self.musicxml is None) == (self.walk is None):
            raise ValueError("give the score as 'musicxml' or as 'walk'")
        return self

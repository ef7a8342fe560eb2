"""`jaxmuse fill` through the running bridge, which holds the model: the same files, without its imports.

Only what would come out byte for byte the same goes there; this process reads the score and writes the
result, the bridge sees neither path. Whatever doesn't go there is filled in this process as ever.
"""

from __future__ import annotations

import base64
import contextlib
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from bridge.account import Account, AlternativeAccount
from bridge.bridge_calls import BridgeCalls, BridgeLost
from bridge.errors import JaxmuseError
from bridge.identity import files_identity, program_identity
from bridge.manner import Manner
from bridge.models import RELEASED, model_folder
from bridge.open import Content, read_content
from bridge.output import check_output, format_of, make_folder
from bridge.placement import Placement
from bridge.regions import Selection
from bridge.whole_file import write_whole

LOOK_EVERY_SECONDS = 0.03
MOST_FILE_BYTES = 11 * 2**20
"""Of a score that is sent: the bridge takes 16 MiB, and Base64 makes four bytes of three."""

MOST_ALTERNATIVES = 8
"""As many as the bridge draws; like what follows, said in `protocol.request` too, which imports more."""

MOST_MEASURES = 64

MOST_SEED = 2**53

Progress = Callable[[float], None]


class OtherBridge(Exception):
    """This score isn't for the bridge, or the bridge isn't for this score: fill it here."""


class FillingBridge:
    """The running bridge for one run of `jaxmuse fill`, with one `manner` (whose seed is drawn already).

    - `lost`: it can't be used any more, or never could; `fill_file` returns None at once then.
    """

    def __init__(self, manner: Manner) -> None:
        self._manner = manner
        self.lost = manner.model not in RELEASED or manner.alternatives > MOST_ALTERNATIVES
        self.lost = self.lost or (manner.seed or 0) >= MOST_SEED

    def fill_file(
        self,
        path: Path,
        selection: Selection,
        placement: Placement,
        progress: Progress | None = None,
        inputs: Sequence[Path] = (),
        written: Collection[Path] = (),
        check: bool = False,
    ) -> tuple[Account, tuple[Path, ...], tuple[Path, ...]] | None:
        """Do as `bridge.fill_file.fill_file`, or return None where that has to be done here.

        Nothing is written then. What is wrong with the score or the selection is raised, in the same words;
        what is wrong with files is left to `bridge.fill_file`, which finds it in its own order.
        """
        if self.lost or placement.png or (selection.bars or 0) > MOST_MEASURES or not path.is_file():
            return None  # what isn't a file, such as a pipe, can be read once only
        started = time.perf_counter()
        try:
            with BridgeCalls() as calls:
                self._check_bridge(calls.health())
                content, outputs, suffix = self._checked(path, placement, inputs, written)
                request = self._request(path, content, suffix, selection, check)
                reply = _filled(calls, request, progress)
            seconds = time.perf_counter() - started
            account, contents = _account(path, seconds, reply)
        except BridgeLost:
            self.lost = True
            return None
        except OtherBridge:
            return None
        outputs = outputs[: len(contents)]
        for each, data in zip(outputs, contents, strict=True):
            write_whole(each, data, placement.force)
        return account, tuple(outputs), ()

    def _checked(
        self, path: Path, placement: Placement, inputs: Sequence[Path], written: Collection[Path]
    ) -> tuple[Content, list[Path], str | None]:
        """Return what is in the file, where its alternatives go and in which format; None is its own."""
        try:
            suffix = None if placement.output is None else format_of(placement.output)
            if placement.folder is not None:
                make_folder(placement.folder)
            content = read_content(path, suffix)
            outputs = placement.outputs_for(path, content.suffix, self._manner.alternatives)
            for each in outputs:
                check_output(each, [path, *inputs], placement.force, written)
        except JaxmuseError as error:
            raise OtherBridge from error
        if len(content.data) > MOST_FILE_BYTES:
            raise OtherBridge
        return content, outputs, suffix

    def _check_bridge(self, health: dict[str, Any]) -> None:
        """Raise unless the bridge is this very program, has all that it needs, and has nothing to do."""
        if health.get("program") != program_identity():
            raise BridgeLost
        if health.get("ready") is not True or health.get("jobs") != {"running": 0, "queued": 0}:
            raise OtherBridge

    def _request(
        self, path: Path, content: Content, suffix: str | None, selection: Selection, check: bool
    ) -> dict[str, Any]:
        """Return what is asked; raises `OtherBridge` where there is no such model."""
        manner, character = self._manner, self._manner.character
        return {
            "name": path.name,
            "kind": content.kind,
            "content": base64.b64encode(content.data).decode("ascii"),
            "suffix": suffix,
            "selection": {
                "bars": selection.bars,
                "measures": selection.measures,
                "from_measure": selection.from_measure,
                "parts": selection.parts,
            },
            "options": {
                "model": manner.model,
                "seed": manner.seed,
                "temperature": manner.temperature,
                "top_p": manner.top_p,
                "alternatives": manner.alternatives,
                "keep_rhythm": manner.keep_rhythm,
                "own_range": not manner.wide_range,
                "style": character.style,
                "density": character.density,
                "polyphony": character.polyphony,
                "register": character.register,
                "closeness": character.closeness,
            },
            "check": check,
            "model_state": _model_state(manner.model),
        }


def _model_state(model: str) -> str:
    try:
        return files_identity(model_folder(model))
    except JaxmuseError as error:
        raise OtherBridge from error


def _filled(calls: BridgeCalls, request: dict[str, Any], progress: Progress | None) -> dict[str, Any]:
    """Return the reply; whatever ends this, Ctrl+C too, ends the job, at once or as nobody asks for it."""
    state = calls.send_file(request)
    job = state.get("id")
    if not isinstance(job, str):  # a problem: the queue is full, or a value that only this program knows
        raise OtherBridge
    try:
        while state.get("state") in ("queued", "running"):
            time.sleep(LOOK_EVERY_SECONDS)
            state = calls.look(job)
            if progress:
                progress(float(state["progress"]))
    except (KeyError, TypeError, ValueError) as error:
        raise BridgeLost from error
    finally:
        with contextlib.suppress(BridgeLost):
            calls.drop(job)
    if state.get("state") == "done" and isinstance(state.get("reply"), dict):
        return state["reply"]
    problem = state.get("problem") or {}
    if problem.get("code") == "unfillable":
        raise JaxmuseError(problem["message"], fix=problem["fix"])
    if problem.get("code") in ("stopping", "internal"):
        raise BridgeLost
    raise OtherBridge


def _account(path: Path, seconds: float, reply: dict[str, Any]) -> tuple[Account, list[bytes]]:
    """Return what is told and the files; raises `BridgeLost` for a reply of another shape."""
    try:
        alternatives = [dict(each) for each in reply["alternatives"]]
        contents = [base64.b64decode(each.pop("content"), validate=True) for each in alternatives]
        account = Account(
            path=path,
            seconds=seconds,
            where=reply["where"],
            parts=tuple(reply["parts"]),
            measures=tuple(reply["measures"]),
            model=reply["model"],
            seed=reply["seed"],
            alternatives=tuple(
                AlternativeAccount(**{**each, "report": tuple(each["report"])}) for each in alternatives
            ),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BridgeLost from error
    return account, contents

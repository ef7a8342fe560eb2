"""A whole file in, filled files out: what `jaxmuse fill` does in its own process, without a path."""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable
from pathlib import Path

from bridge.account import account_of
from bridge.character import Character
from bridge.fill_file import fill_region, placed
from bridge.filled_score import FilledScore
from bridge.host import wording
from bridge.manner import Manner
from bridge.models import Model
from bridge.open import Content, document_of
from bridge.protocol.file import FileAlternative, FileReply, FileRequest
from bridge.protocol.reply import Timing
from bridge.protocol.request import MOST_MEASURES, Options
from bridge.regions import Selection, resolve
from bridge.server.problems import Refusal


def answer_file(
    request: FileRequest,
    model_for: Callable[[str], Model],
    progress: Callable[[float], None] | None = None,
) -> FileReply:
    """Fill what the request's selection means, and return the files; as `bridge.host.answer.answer`.

    Raises `Refusal` for content that isn't Base64 and for more measures than one request may fill.
    """
    started = time.perf_counter()
    path, wanted = Path(request.name), request.selection
    if (wanted.bars or 0) > MOST_MEASURES:
        raise _too_many()
    with placed(path):
        selection = Selection(wanted.bars, wanted.measures, wanted.from_measure, wanted.parts)
        document = document_of(Content(request.kind, _decoded(request.content)), path)
        region = resolve(document, selection)
        read = time.perf_counter()
        if region.stop - region.start > MOST_MEASURES:
            raise _too_many()
        model, options = model_for(request.options.model), manner_of(request.options).options()
        score = fill_region(
            path, document, region, lambda: model, options, progress, started, request.check
        )
        filled = time.perf_counter()
        contents = [
            score.to_bytes(request.suffix or document.suffix, number)
            for number in range(len(score.filled.alternatives))
        ]
    written = time.perf_counter()
    seconds = Timing(
        read=read - started, fill=filled - read, write=written - filled, total=written - started
    )
    return _reply(score, contents, seconds)


def _too_many() -> Refusal:
    return Refusal(
        "too_large",
        f"more than {MOST_MEASURES} measures are too many for one request",
        "Ask for fewer measures.",
    )


def _decoded(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refusal("bad_request", "the file's content isn't Base64", "Send it encoded.") from error


def manner_of(options: Options) -> Manner:
    """Return a request's options as those of the shell."""
    character = Character(
        style=options.style,
        density=options.density,
        polyphony=options.polyphony,
        register=options.register_level,
        closeness=options.closeness,
    )
    return Manner(
        model=options.model,
        seed=options.seed,
        temperature=options.temperature,
        top_p=options.top_p,
        alternatives=options.alternatives,
        keep_rhythm=options.keep_rhythm,
        wide_range=not options.own_range,
        character=character,
    )


def _reply(score: FilledScore, contents: list[bytes], seconds: Timing) -> FileReply:
    account = account_of(score)
    return FileReply(
        model=account.model,
        seed=account.seed,
        seconds=seconds,
        parts=list(account.parts),
        measures=list(account.measures),
        where=account.where,
        summary=wording.summary(score.document.score(0, 0), score.region, score.notes),
        alternatives=[
            FileAlternative(
                content=base64.b64encode(content).decode(),
                notes=each.notes,
                nll=each.nll,
                copied_notes=each.copied_notes,
                copied=each.copied,
                warning=each.warning,
                check=each.check,
                report=list(each.report),
            )
            for content, each in zip(contents, account.alternatives, strict=True)
        ],
    )

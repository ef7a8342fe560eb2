"""A request as a host would send it, and the notes in the reply to it."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from host.host_reading import sounding

from bridge.protocol.reply import FillReply
from bridge.protocol.request import FillRequest

MUSESCORE_3 = {"name": "MuseScore", "version": "3.2.3", "tuplets": True, "ties": True, "fragment": True}
MUSESCORE_4 = {"name": "MuseScore", "version": "4.4.2", "tuplets": True, "ties": False, "fragment": False}


def asked(
    score: dict[str, Any],
    start: int,
    stop: int,
    staves: list[int],
    mode: str = "replace",
    client: dict[str, Any] = MUSESCORE_3,
    **options: Any,
) -> FillRequest:
    selection = {"start": start, "stop": stop, "staves": staves, "mode": mode}
    body = {**score, "selection": selection, "options": {"seed": 5, **options}, "client": client}
    return FillRequest.model_validate_json(json.dumps(body))


def best(reply: FillReply, staff: int) -> list[tuple[Fraction, Fraction, int]]:
    return sounding(reply.alternatives[0].voices, staff)

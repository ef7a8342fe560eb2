"""Which MuseScores run: they see a new plugin only when they start."""

from __future__ import annotations

import re
from collections.abc import Iterable

_MUSESCORE = re.compile(r"(mscore|musescore)([ _-]?studio)?([ _-]?[34])?(portable)?([ ._-].*)?", re.I)
_OTHERS = re.compile(r"crash|helper|manager|quicklook|muse ?hub", re.I)


def musescore_version(name: str, program: str = "") -> str | None:
    """Return `MuseScore 3`, `MuseScore 4` or `MuseScore` for the process of that name, None for another.

    - `program`: the path of its executable, which may tell the version where the name doesn't.
    """
    name = re.sub(r"(\.exe|\.appimage)$", "", name, flags=re.I)
    if not _MUSESCORE.fullmatch(name) or _OTHERS.search(name):
        return None
    found = re.search(r"(?:mscore|musescore(?:[ _-]?studio)?)[ _-]?([34])", f"{name} {program}", re.I)
    return f"MuseScore {found[1]}" if found else "MuseScore"


def running_musescores() -> list[str]:
    """Return which MuseScores this user has open, as `musescore_version` names them, sorted."""
    return sorted(
        {found for found in map(lambda pair: musescore_version(*pair), _own_processes()) if found}
    )


def _own_processes() -> Iterable[tuple[str, str]]:
    """Return name and executable of this user's processes."""
    import psutil

    try:
        user = psutil.Process().username()
    except (psutil.Error, KeyError):
        user = None
    for process in psutil.process_iter(["name", "exe", "username", "status"]):
        found = process.info
        if found["status"] != psutil.STATUS_ZOMBIE and found["username"] in (user, None):
            yield found["name"] or "", found["exe"] or ""

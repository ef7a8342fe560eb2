"""What the installer did in one folder, kept beside the plugin so that all of it can be undone."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

RECORD_FILE = "installed.json"


@dataclass(frozen=True)
class ListRecord:
    """A list of plugins that was added to.

    - `path`: of `plugins.xml`; `backup`: of its copy from before, None where there was no such file.
    - `made`: the folders that were made for it, outermost first.
    - `entries`: the plugins' paths, as they stand in it.
    """

    path: str
    backup: str | None
    made: tuple[str, ...]
    entries: tuple[str, ...]


@dataclass(frozen=True)
class InstallRecord:
    """The plugin in one folder.

    - `version`: of jaxmuse; `files`: names in the folder, with `/`, of what may be removed from it.
    - `set_aside`: files of others that stood in the way: by the name they are kept under, the one they had.
    - `made`: the folders that were made, outermost first, the plugin's own with them.
    """

    version: str
    files: tuple[str, ...]
    set_aside: dict[str, str] = field(default_factory=dict)
    made: tuple[str, ...] = ()
    lists: tuple[ListRecord, ...] = ()

    def to_bytes(self) -> bytes:
        """Return it as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode() + b"\n"


def read_record(folder: Path) -> InstallRecord | None:
    """Return the record in the plugin's `folder`, None where it is missing or damaged."""
    try:
        found = json.loads((folder / RECORD_FILE).read_text("utf-8"))
        lists = tuple(
            ListRecord(
                str(item["path"]),
                None if item["backup"] is None else str(item["backup"]),
                _strings(item["made"]),
                _strings(item["entries"]),
            )
            for item in found["lists"]
        )
        return InstallRecord(
            str(found["version"]),
            _strings(found["files"]),
            {str(aside): str(name) for aside, name in found["set_aside"].items()},
            _strings(found["made"]),
            lists,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _strings(found: Any) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        raise ValueError(found)
    return tuple(found)

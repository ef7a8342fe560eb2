"""MuseScore 3's list of plugins, `plugins.xml`: entries added, switched on and removed as text.

Everything else in the file stays byte for byte as it was; the list is never written anew from its content.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from xml.sax.saxutils import escape

from bridge.errors import ReadError

_ELEMENT = rb"<Plugin>(?:(?!</Plugin>).)*</Plugin>"
_ENTRY = re.compile(rb"^[ \t]*%b[ \t]*\r?\n|%b" % (_ELEMENT, _ELEMENT), re.DOTALL | re.MULTILINE)
"""An entry, with its lines where it has lines to itself."""

_LOAD = re.compile(rb"<load>.*?</load>|<load\s*/>", re.DOTALL)
_END = b"</museScore>"
_NO_LIST = "it isn't a list of plugins that can be added to"


def new_list(paths: Sequence[str]) -> bytes:
    """Return a list in which only `paths` are, all active."""
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n<museScore version="3.01">\n'
    return head + b"".join(_entry(path, b"\n") for path in paths) + _END + b"\n"


def with_plugins(data: bytes, paths: Sequence[str]) -> bytes:
    """Return the list with all of `paths` in it and active; raises `ReadError` if it is no such list."""
    before = active_plugins(data)
    missing = [path for path in paths if path not in before]
    off = {path for path in paths if before.get(path) is False}
    changed = _ENTRY.sub(
        lambda entry: _switched_on(entry[0]) if _path_of(entry[0]) in off else entry[0], data
    )
    if missing:
        changed = _added(changed, missing)
    if active_plugins(changed) != before | dict.fromkeys(paths, True):
        raise ReadError(_NO_LIST)
    return changed


def without_plugins(data: bytes, paths: Collection[str]) -> bytes:
    """Return the list without any of `paths`; raises `ReadError` if it is no such list."""
    before = active_plugins(data)
    changed = _ENTRY.sub(lambda entry: b"" if _path_of(entry[0]) in paths else entry[0], data)
    if active_plugins(changed) != {path: on for path, on in before.items() if path not in paths}:
        raise ReadError(_NO_LIST)
    return changed


def active_plugins(data: bytes) -> dict[str, bool]:
    """Return every listed plugin and whether it is active; raises `ReadError` if `data` is no such list."""
    from lxml import etree

    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise ReadError("it is damaged (not well-formed XML)") from error
    if root.tag != "museScore":
        raise ReadError(_NO_LIST)
    entries = root.iterfind("Plugin")
    return {
        entry.findtext("path") or "": (entry.findtext("load") or "").strip() == "1" for entry in entries
    }


def _added(data: bytes, paths: Sequence[str]) -> bytes:
    """Return the list with entries at its end, on lines of their own if the end has one."""
    end = data.rfind(_END)
    if end < 0:
        raise ReadError(_NO_LIST)
    line = data.rfind(b"\n", 0, end) + 1
    if data[line:end].strip():
        return data[:end] + b"".join(_entry(path, b"").strip() for path in paths) + data[end:]
    newline = b"\r\n" if b"\r\n" in data else b"\n"
    return data[:line] + b"".join(_entry(path, newline) for path in paths) + data[line:]


def _entry(path: str, newline: bytes) -> bytes:
    lines = ["  <Plugin>", f"    <path>{escape(path)}</path>", "    <load>1</load>", "  </Plugin>", ""]
    return newline.join(line.encode() for line in lines)


def _path_of(entry: bytes) -> str | None:
    try:
        return next(iter(active_plugins(b"<museScore>" + entry + b"</museScore>")))
    except ReadError:
        return None


def _switched_on(entry: bytes) -> bytes:
    on = b"<load>1</load>"
    if _LOAD.search(entry):
        return _LOAD.sub(on, entry, count=1)
    return entry.replace(b"</path>", b"</path>" + on, 1)

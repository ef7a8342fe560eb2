"""Homes in which MuseScore was used, and what is in them."""

from __future__ import annotations

from pathlib import Path

OTHERS = b"""<?xml version="1.0" encoding="UTF-8"?>
<museScore version="3.02">
  <Plugin>
    <path>/usr/share/mscore3-3.2/plugins/colornotes.qml</path>
    <load>1</load>
    </Plugin>
  </museScore>
"""
"""A list of plugins as MuseScore 3 writes it, without jaxmuse."""


def add_musescore(home: Path, version: int, plugin_list: bytes | None = None) -> Path:
    """Let a MuseScore have been used in a Linux home; returns its Plugins folder."""
    plugins = home / "Documents" / f"MuseScore{version}" / "Plugins"
    data = home / ".local" / "share" / "MuseScore" / f"MuseScore{version}"
    for folder in (plugins, data):
        folder.mkdir(parents=True, exist_ok=True)
    if plugin_list is not None:
        (data / "plugins.xml").write_bytes(plugin_list)
    return plugins


def plugin_list_of(home: Path) -> Path:
    return home / ".local" / "share" / "MuseScore" / "MuseScore3" / "plugins.xml"


def contents(folder: Path) -> dict[str, bytes | None]:
    """Return every file's bytes and every folder (as None) below `folder`."""
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
    }

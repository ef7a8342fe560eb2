"""The plugin's own files: where they lie, which of them MuseScore needs, which are menu items."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_ROOT = re.compile(r"^\s*MuseScore\s*\{", re.MULTILINE)
_CATEGORY = re.compile(r'categoryCode\s*[:=]\s*"([^"]+)"')
_SUBMENUS = {
    "composing-arranging-tools": "Composing/arranging tools",
    "color-notes": "Color notes",
    "playback": "Playback",
    "lyrics": "Lyrics",
}
"""What MuseScore 4 calls the categories that it knows."""

_MENU = re.compile(r'^\s*menuPath:\s*"Plugins\.([^"]+)"', re.MULTILINE)


@dataclass(frozen=True)
class MenuItem:
    """A `.qml` that MuseScore offers in its menu Plugins, and the words there.

    - `submenu`: in which MuseScore 4 puts it.
    """

    file: str
    title: str
    submenu: str | None = None


def plugin_source() -> Path:
    """Return where the plugin's files lie: inside the installed package, else in the checkout."""
    import bridge

    package = Path(bridge.__file__).parent
    packaged = package / "_musescore_plugin"
    return packaged if packaged.is_dir() else package.parent / "musescore_plugin"


def plugin_files(source: Path) -> dict[str, Path]:
    """Return the files to install by their name in the plugin's folder, with `/` between folders."""
    names = {path.relative_to(source).as_posix(): path for path in sorted(source.rglob("*"))}
    return {name: path for name, path in names.items() if path.is_file() and not _left_out(name)}


def menu_items(source: Path) -> list[MenuItem]:
    """Return the menu items, by their file."""
    items = []
    for name, path in plugin_files(source).items():
        text = path.read_text("utf-8") if name.endswith(".qml") else ""
        if _ROOT.search(text):
            title, category = _MENU.search(text), _CATEGORY.search(text)
            submenu = _SUBMENUS.get(category[1], category[1]) if category else None
            items.append(MenuItem(name, title[1] if title else Path(name).stem, submenu))
    return items


def _left_out(name: str) -> bool:
    parts = name.split("/")
    return (
        parts[-1].upper().startswith("README")
        or any(part.startswith((".", "__")) for part in parts)
        or parts[0] in ("test", "tests", "node_modules")
    )

"""What MuseScore 4.4 and later show of a legacy plugin: its metadata, read as text and not by QML.

The rule, as read in MuseScore's loader for such plugins (extensions/internal/legacy/extpluginsloader.cpp):
every `.qml` file below the plugins folder that has a `{` and the word MuseScore is a plugin. Its lines are
read from the top: blanks around them go, so does the prefix `//4.4 `; other lines that begin with `/` are
skipped; the first line that ends in `{` is the root, the second ends the reading, as does having found all
properties. A property is `name:` at a line's beginning, its value what follows, without a semicolon,
`qsTr(…)` and quotes.
"""

from __future__ import annotations

PROPERTIES = (
    "title",
    "description",
    "pluginType",
    "categoryCode",
    "thumbnailName",
    "requiresScore",
    "version",
)


def is_plugin(text: str) -> bool:
    """Tell whether MuseScore lists a `.qml` file of this text."""
    return "{" in text and "MuseScore" in text


def read_metadata(text: str) -> dict[str, str]:
    """Return what it reads of a plugin's text."""
    found: dict[str, str] = {}
    inside = False
    for raw in text.split("\n"):
        line = raw.strip().removeprefix("//4.4 ")
        if line.startswith("/"):
            continue
        if line.endswith("{"):
            if inside:
                break
            inside = True
            continue
        for name in PROPERTIES:
            if line.startswith(f"{name}:"):
                found[name] = _unquoted(line.removeprefix(f"{name}:"))
        if len(found) == len(PROPERTIES):
            break
    return found


def _unquoted(value: str) -> str:
    value = value.strip().rstrip(";")
    if value.startswith('qsTr("') and value.endswith('")'):
        return value[6:-2]
    if len(value) >= 3 and value[0] == value[-1] == '"':
        return value[1:-1]
    return value

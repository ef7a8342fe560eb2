"""The types that a plugin's QML imports, and the table of what MuseScore's objects have."""

from __future__ import annotations

import os
import re
from pathlib import Path

from PySide6.QtCore import Property, QObject, QUrl, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QJSValue, qmlRegisterType
from PySide6.QtQuick import QQuickItem


class FileIO(QObject):
    """MuseScore's FileIO: reads and writes `source`, a path or a file: URL; reading adds a newline."""

    error = Signal(str, arguments=["message"])

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = ""

    source = Property(str, lambda self: self._source, lambda self, value: setattr(self, "_source", value))

    def _path(self) -> Path:
        url = QUrl(self._source)
        return Path(url.toLocalFile() if url.isLocalFile() else self._source)

    @Slot(result=str)
    def read(self) -> str:
        try:
            return self._path().read_text(encoding="utf-8") + "\n"
        except OSError:
            self.error.emit("Unable to open the file")
            return ""

    @Slot(str, result=bool)
    def write(self, data: str) -> bool:
        try:
            self._path().write_text(data, encoding="utf-8")
        except OSError:
            return False
        return True

    @Slot(result=bool)
    def exists(self) -> bool:
        return Path(self._source).is_file()  # unlike read and write it takes no URL

    @Slot(result=bool)
    def remove(self) -> bool:
        Path(self._source).unlink(missing_ok=True)
        return True

    @Slot(result=str)
    def homePath(self) -> str:
        return str(Path.home())

    @Slot(result=str)
    def tempPath(self) -> str:
        return os.environ.get("TMPDIR", "/tmp")


class Access(QObject):
    """What the plugin's root type reaches: the fake host, and the way out."""

    def __init__(self, host: QJSValue) -> None:
        super().__init__()
        self._host = host
        self.closed = False

    host = Property("QVariant", lambda self: self._host, constant=True)

    @Slot()
    def quit(self) -> None:
        self.closed = True


class PluginRoot(QQuickItem):
    """What QML can't give a type: properties with upper-case names."""

    access: Access

    Element = Property("QVariant", lambda self: self.access.host.property("Element"), constant=True)
    Segment = Property("QVariant", lambda self: self.access.host.property("Segment"), constant=True)


def api_tables(text: str) -> dict[str, list[str]]:
    """Return the members of each type of the API table, inherited ones included, names without their Ms."""
    own: dict[str, list[str]] = {}
    parents: dict[str, str] = {}
    name = ""
    for line in text.splitlines():
        if component := re.match(r' {8}name: "Ms(\w+)"', line):
            name = component[1]
            own[name] = []
        elif prototype := re.match(r' {8}prototype: "(?:Ms)?(\w+)"', line):
            parents[name] = prototype[1]
        elif member := re.match(r' {8}(?:Property|Method|Signal) \{ name: "(\w+)"', line):
            own[name].append(member[1])

    def members(each: str) -> list[str]:
        return own[each] + (members(parents[each]) if parents[each] in own else [])

    return {each: members(each) for each in own}


def application() -> QGuiApplication:
    """Return the process's application, with the types of the plugin's imports registered once."""
    running = QGuiApplication.instance()
    if isinstance(running, QGuiApplication):
        return running
    made = QGuiApplication(["stand-in"])
    qmlRegisterType(FileIO, "FileIO", 3, 0, "FileIO")  # pyright: ignore[reportCallIssue, reportArgumentType]
    qmlRegisterType(PluginRoot, "StandIn", 1, 0, "PluginRoot")  # pyright: ignore[reportCallIssue, reportArgumentType]
    return made

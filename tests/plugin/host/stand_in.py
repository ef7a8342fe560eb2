"""A stand-in for MuseScore 4's plugin host: Qt 6, the plugin's own QML, a score with a real cursor's ways.

It shows that a plugin loads, talks HTTP, keeps its window alive and what it writes into a score; not
engraving. Facts taken from MuseScore's published source: the members of the API
(`api/MuseScore/plugins.qmltypes`), the cursor, note entry and deletion (`fake/`), FileIO, that nothing
wraps `onRun` in a command, and `quit`.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")
os.environ["QML_DISABLE_DISK_CACHE"] = "1"

import shiboken6
from PySide6.QtCore import (
    Property,
    QEvent,
    QObject,
    QPointF,
    Qt,
    QUrl,
    Signal,
    Slot,
    qInstallMessageHandler,
)
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtQml import QJSValue, QQmlComponent, QQmlEngine, qmlRegisterType
from PySide6.QtQuick import QQuickItem, QQuickWindow

HERE = Path(__file__).parent
FAKE = ("lengths", "music", "undo", "api", "cursor", "score")


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


class StandIn:
    """One plugin on one fake score.

    - `plan`: the score (see `fake/score.js`); `version`: which MuseScore it says it is.
    - `warnings`: what QML complained about; `spoken`: what the plugin logged.
    """

    def __init__(self, plan: dict[str, Any], version: str = "4.6.5") -> None:
        self.app = application()
        self.warnings: list[str] = []
        qInstallMessageHandler(self._hear)
        self.engine = QQmlEngine()
        self.engine.quit.connect(lambda: self.access.quit())
        self.engine.addImportPath(str(HERE / "qml"))
        for name in FAKE:
            self.js((HERE / "fake" / f"{name}.js").read_text(), name)
        tables = api_tables((HERE / "api" / "MuseScore" / "plugins.qmltypes").read_text())
        self.js(f"fakeTables({json.dumps(tables)})")
        self.js(f"var standInHost = fakeHost({json.dumps(plan)}, {json.dumps(version)})")
        self.access = Access(self.js("standInHost"))
        PluginRoot.access = self.access
        self.engine.rootContext().setContextProperty("standIn", self.access)
        self.root: Any = None
        self.window: QQuickWindow | None = None

    def js(self, code: str, name: str = "test") -> QJSValue:
        """Evaluate JavaScript beside the fake score."""
        value = self.engine.evaluate(code, name)
        if value.isError():
            raise AssertionError(f"{name}: {value.toString()}")
        return value

    def modules(self, folder: Path, **names: str) -> None:
        """Evaluate modules of the plugin, each under the name that its QML imports it by."""
        for name, module in names.items():
            code = (folder / f"{module}.js").read_text("utf-8")
            self.js(f"var {name} = (function () {{ var module = {{}}; {code}\nreturn module.exports; }})()")

    def load(self, plugin: Path) -> None:
        """Create the plugin; a dialog gets its window."""
        component = QQmlComponent(self.engine, QUrl.fromLocalFile(str(plugin)))
        self.root = component.create()
        if self.root is None:
            raise AssertionError(component.errorString())
        if self.root.property("pluginType") == "dialog":
            window = QQuickWindow()
            window.resize(int(self.root.width()), int(self.root.height()))
            self.root.setParentItem(window.contentItem())
            window.show()
            self.window = window

    def run(self) -> None:
        """Run it, as its menu item does."""
        self.root.run.emit()

    def wait(self, until: Callable[[], bool], seconds: float = 10.0) -> bool:
        """Let the event loop run until something is so; tell whether it came to be."""
        end = time.monotonic() + seconds
        while not until():
            if time.monotonic() > end:
                return False
            self.app.processEvents()
            time.sleep(0.002)
        return True

    def dump(self) -> list[dict[str, Any]]:
        """Return the score's content, measure by measure (see `fakeDump`)."""
        return json.loads(self.js("JSON.stringify(fakeDump(standInHost))").toString())

    def log(self) -> list[str]:
        """Return what happened to the undo log."""
        return json.loads(self.js("JSON.stringify(standInHost._undoLog.log)").toString())

    def misuses(self) -> list[str]:
        """Return what MuseScore would have crashed on or answered with an unread warning."""
        return json.loads(self.js("JSON.stringify(standInHost._misuses)").toString())

    def item(self, name: str) -> QQuickItem:
        """Return the item of an object name in the plugin's window."""
        found = [each for each in _all_items(self.root) if each.objectName() == name]
        assert len(found) == 1, f"{len(found)} items {name}"
        return found[0]

    def part(self, kind: str) -> QQuickItem:
        """Return the item in the plugin that is of that `.qml` file."""
        items = self.root.findChildren(QQuickItem)
        return next(each for each in items if each.metaObject().className().startswith(kind))

    def click(self, name: str) -> None:
        """Click an item of an object name in its middle."""
        self.click_on(self.item(name))

    def click_on(self, item: QQuickItem) -> None:
        """Press and release the left button in an item's middle, once what moved has come to rest."""
        self.wait(lambda: False, 0.03)
        place = item.mapToScene(QPointF(item.width() / 2, item.height() / 2))
        for kind, buttons in (
            (QEvent.Type.MouseButtonPress, Qt.MouseButton.LeftButton),
            (QEvent.Type.MouseButtonRelease, Qt.MouseButton.NoButton),
        ):
            event = QMouseEvent(
                kind, place, place, Qt.MouseButton.LeftButton, buttons, Qt.KeyboardModifier.NoModifier
            )
            QGuiApplication.sendEvent(item.window(), event)
        self.app.processEvents()

    def status_button(self) -> QQuickItem:
        """Return the button of the small window beside the score."""
        window = self.part("FillSelection").findChild(QQuickWindow)
        items = _all_items(window.contentItem())
        return next(each for each in items if each.metaObject().className() == "QQuickMouseArea")

    def picture(self, path: Path) -> None:
        """Save the plugin's window as a PNG."""
        assert self.window is not None
        self.wait(lambda: False, 0.2)
        assert self.window.grabWindow().save(str(path))

    def close(self) -> None:
        """Take all down, the plugin before what it reaches; what bindings then say is left unheard."""
        qInstallMessageHandler(None)
        for each in (self.root, self.window):
            if each is not None:
                shiboken6.delete(each)
        self.wait(lambda: False, 0.02)
        shiboken6.delete(self.engine)

    def _hear(self, _kind: object, _context: object, message: str) -> None:
        self.warnings.append(message)


def _all_items(item: QQuickItem) -> Iterator[QQuickItem]:
    """Yield an item and all that is drawn inside it."""
    yield item
    for child in item.childItems():
        yield from _all_items(child)

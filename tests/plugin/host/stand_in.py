"""A stand-in for MuseScore 4's plugin host: Qt 6, the plugin's own QML, a score with a real cursor's ways.

It shows that a plugin loads, talks HTTP, keeps its window alive and what it writes into a score; not
engraving. Facts taken from MuseScore's published source: the members of the API
(`api/MuseScore/plugins.qmltypes`), the cursor, note entry and deletion (`fake/`), FileIO, that nothing
wraps `onRun` in a command, and `quit`.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")
os.environ["QML_DISABLE_DISK_CACHE"] = "1"

import shiboken6
from plugin.host.plugin_types import Access, PluginRoot, api_tables, application
from PySide6.QtCore import (
    QEvent,
    QPointF,
    Qt,
    QUrl,
    qInstallMessageHandler,
)
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtQml import QJSValue, QQmlComponent, QQmlEngine
from PySide6.QtQuick import QQuickItem, QQuickWindow

HERE = Path(__file__).parent
FAKE = ("lengths", "music", "entry", "undo", "api", "cursor", "score")


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

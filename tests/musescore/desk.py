"""A MuseScore with the plugin, scores to fill and a scripted bridge: what the tests do, in words."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from musescore import written_scores
from musescore.conversion import MUSESCORE, convert_all, corruption
from musescore.driver import Driver
from musescore.fake_bridge import FakeBridge
from musescore.home import Home
from musescore.mscx import Mscx

PLUGIN = Path(__file__).parents[2] / "musescore_plugin"
SCORES = ("quartet", "piano", "tune", "choir", "marked", "band", "inner_triplets")


class Desk:
    """A MuseScore with the plugin, the bridge that it asks, and the scores."""

    def __init__(self, folder: Path, bridge: FakeBridge) -> None:
        self.folder = folder
        self.bridge = bridge
        home = Home(folder / "home")
        home.prepare()
        self.plugin = home.add_plugins(PLUGIN, "continue_selection.qml", "replace_selection.qml")
        sources = {}
        for name in SCORES:
            source = folder / f"{name}.musicxml"
            source.write_text(getattr(written_scores, name)())
            sources[source] = folder / f"{name}.mscz"
        convert_all(sources, folder)
        self.driver = Driver(home, MUSESCORE)
        self._opened = 0

    @classmethod
    def in_folder(cls, folder: Path) -> Iterator[Desk]:
        """Give one, and tidy up afterwards."""
        with pytest.MonkeyPatch.context() as patch:
            bridge = FakeBridge(patch)
            desk = cls(folder, bridge)
            yield desk
            desk.driver.close()
            bridge.close()

    def open(self, name: str) -> None:
        """Show a fresh copy of a score, with the plugin installed for the bridge as it is."""
        self.connect()
        self._opened += 1
        self.path = self.folder / f"{name}{self._opened}.mscz"
        shutil.copy(self.folder / f"{name}.mscz", self.path)
        assert self.driver.run(f"return show({json.dumps(str(self.path))});") == self.path.stem
        self.before = self.look("before")

    def connect(self, **changed: object) -> None:
        """Write connection.json as `jaxmuse plugin install` does."""
        (self.plugin / "connection.json").write_text(self.bridge.connection(**changed))

    def look(self, when: str, name: str = "") -> Mscx:
        """Return the score that MuseScore shows, which has to be that of `name`: the one opened last."""
        path = self.folder / f"{self.path.stem}-{when}.mscx"
        written = f'writeScore(curScore, {json.dumps(str(path))}, "mscx")'
        assert self.driver.run(f"return {written} && curScore.scoreName;") == (name or self.path.stem)
        return Mscx(path)

    def choose(self, start: int, stop: int, first: int, last: int) -> None:
        """Select measures `start` to `stop` (exclusive) of staves `first` to `last`, by commands."""
        found = self.driver.run(f"return choose({start}, {stop}, {first}, {last});")
        assert found, "nothing is selected"
        assert found[2:] == [first, last]

    def begin(self, item: str = "continue", **patience: int) -> None:
        """Choose the menu item; `patience`: ms, as session.js has them."""
        url = json.dumps(f"file://{self.plugin}/{item}_selection.qml")
        self.driver.run(f"runPlugin({url}, {json.dumps(patience)}); return true;")

    def end(self) -> str:
        """Wait for the plugin; return what its window says."""
        self.driver.wait("plugin.filling.stage === 'done' || plugin.filling.stage === 'failed'")
        return self.driver.run("return plugin.filling.sentence;")

    def fill(self, item: str = "continue") -> str:
        """Choose the menu item and wait until it says that it is done."""
        self.begin(item)
        said = self.end()
        assert self.driver.run("return plugin.filling.stage;") == "done", said
        return said

    def check_filled(self, cells: set[tuple[int, int]]) -> None:
        """Exactly these are new, full, with notes; one undo takes it all back, one redo brings it back."""
        after = self.look("after")
        assert self.before.changed(after) == cells
        for staff, index in cells:
            lengths = after.lengths(staff, index)
            assert after.notes(staff, index), (staff, index)
            assert lengths[0] == max(lengths)
            if index < self.before.measures:
                assert lengths[0] == self.before.lengths(staff, index)[0]
        path = self.folder / f"{self.path.stem}-after.mscx"
        assert corruption(path, self.folder) == ""
        self.driver.run('cmd("undo"); return true;')
        assert self.look("undone").changed(self.before) == set()
        self.driver.run('cmd("redo"); return true;')
        assert self.look("redone").changed(after) == set()

    def check_untouched(self) -> None:
        """Nothing is new, and there is nothing to undo."""
        assert self.look("after").changed(self.before) == set()
        self.driver.run('cmd("undo"); return true;')
        assert self.look("undone").changed(self.before) == set()

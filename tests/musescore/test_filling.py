"""The plugin in a real MuseScore with an event loop, against a bridge that follows a script: many cases, one process."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from musescore import written_scores
from musescore.conversion import MUSESCORE, convert_all, corruption, needs_musescore
from musescore.driver import Driver
from musescore.fake_bridge import FakeBridge, Script
from musescore.home import Home
from musescore.mscx import Mscx

pytestmark = needs_musescore

PLUGIN = Path(__file__).parents[2] / "musescore_plugin"
SCORES = ("quartet", "piano", "tune", "choir")


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

    def look(self, when: str) -> Mscx:
        """Return the score as it stands in MuseScore."""
        path = self.folder / f"{self.path.stem}-{when}.mscx"
        written = f'writeScore(curScore, {json.dumps(str(path))}, "mscx")'
        assert self.driver.run(f"return {written} && curScore.scoreName;") == self.path.stem
        return Mscx(path)

    def choose(self, start: int, stop: int, first: int, last: int) -> None:
        """Select measures `start` to `stop` (exclusive) of staves `first` to `last`, by commands."""
        found = self.driver.run(f"return choose({start}, {stop}, {first}, {last});")
        assert found, "nothing is selected"
        assert found[2:] == [first, last]

    def begin(self, item: str = "continue", patience: str = "") -> None:
        """Choose the menu item."""
        url = json.dumps(f"file://{self.plugin}/{item}_selection.qml")
        self.driver.run(f"runPlugin({url}); {patience} return true;")

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
        """Exactly these are new, full and with notes; one undo takes all of it back, one redo brings it back."""
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


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with pytest.MonkeyPatch.context() as patch:
        bridge = FakeBridge(patch)
        desk = Desk(tmp_path_factory.mktemp("musescore"), bridge)
        yield desk
        desk.driver.close()
        bridge.close()


@pytest.fixture(autouse=True)
def _plain_script(desk: Desk) -> None:
    desk.bridge.play(Script())


def cells(staves: range, measures: range) -> set[tuple[int, int]]:
    return {(staff, index) for staff in staves for index in measures}


def test_rests_are_filled(desk: Desk) -> None:
    desk.open("quartet")
    desk.choose(4, 8, 0, 3)
    said = desk.fill()
    assert said.startswith("Clarinet in Bb to Violoncello, measures 4 to 7: ")
    assert desk.driver.run("return chosen()[2];") == 0
    desk.check_filled(cells(range(4), range(4, 8)))

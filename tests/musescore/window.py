"""A MuseScore in a window of a virtual screen, used by keyboard and mouse as a person does."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from musescore.conversion import MUSESCORE
from musescore.home import Home

PROGRAMS = ("mscore3", "Xvfb", "openbox", "xdotool", "import")
missing = [program for program in PROGRAMS if not shutil.which(program)]
needs_window = pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")

SIZE = "1000x1040x24"
FROM_BELOW = {"Replace selection": 1, "jaxmuse panel": 2, "Continue selection": 3}
"""Where the items stand in the Plugins menu, from its end."""


class Screen:
    """A virtual screen with a window manager."""

    def __init__(self, folder: Path) -> None:
        read, write = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", SIZE, "-nolisten", "tcp"],
            pass_fds=(write,),
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as number:
            self.display = f":{number.readline().strip()}"
        self.environment = os.environ | {"DISPLAY": self.display, "HOME": str(folder)}
        self._manager = subprocess.Popen(
            ["openbox"], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def xdotool(self, *words: str) -> str:
        """Return what it prints, empty where it finds nothing."""
        done = subprocess.run(
            ["xdotool", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        return done.stdout.strip()

    def photograph(self, path: Path) -> None:
        """Write a picture of the whole screen."""
        command = ["import", "-window", "root", "-depth", "8", str(path)]
        subprocess.run(command, env=self.environment, check=True, timeout=60)

    def close(self) -> None:
        """Take the screen away."""
        for process in (self._manager, self._server):
            process.terminate()
            process.wait(10)


class Window:
    """A MuseScore that shows one score."""

    def __init__(self, screen: Screen, home: Home, score: Path, **environment: str) -> None:
        self.screen = screen
        self.score = score
        self.log = home.folder / "window.log"
        self._log = self.log.open("w")
        (home.folder / ".local/share/MuseScore/MuseScore3/session").unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [MUSESCORE, "-w", str(score)],
            env=home.environment(DISPLAY=screen.display, QT_QPA_PLATFORM="xcb", **environment),
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self.id = wait_for(lambda: self.find("MuseScore 3"), 60, "MuseScore's window")
        self.screen.xdotool("windowsize", self.id, "1000", "1010")
        self.screen.xdotool("windowfocus", "--sync", self.id)
        time.sleep(1.0)

    def find(self, title: str) -> str:
        """Return the first visible window with such a title, empty if there is none."""
        return self.screen.xdotool("search", "--onlyvisible", "--name", title).partition("\n")[0]

    @property
    def title(self) -> str:
        """Of the main window; a star says that there is something to save."""
        return self.screen.xdotool("getwindowname", self.id)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        if not keys:
            return
        self.screen.xdotool("key", "--delay", "40", *keys)
        time.sleep(0.15)

    def select(self, start: int, more_staves: int, more_measures: int) -> None:
        """Select from the measure with index `start` in the first staff on, staves first, then measures."""
        self.press("Escape", "ctrl+Home", *["ctrl+Right"] * start)
        self.press(*["shift+Down"] * more_staves)
        self.press(*["ctrl+shift+Right"] * more_measures)

    def choose(self, item: str) -> None:
        """Choose an item of the Plugins menu."""
        self.press("alt+p")
        time.sleep(0.4)
        self.press(*["Up"] * FROM_BELOW[item])
        self.press("Return")

    def wait_until_filled(self, seconds: float) -> None:
        """Wait until there is something to save."""
        wait_for(lambda: self.title.endswith(f"{self.score.stem}*"), seconds, "new notes")

    def wait_until_alone(self, title: str = "^jaxmuse") -> None:
        """Wait until the plugin's window has closed by itself."""
        wait_for(lambda: not self.find(title), 20, "the plugin's window to close")

    def click_cancel(self) -> None:
        """Click the button of the plugin's window, which is at its lower right."""
        plugin = wait_for(lambda: self.find("^jaxmuse"), 20, "the plugin's window")
        width, height = self._size(plugin)
        self.screen.xdotool(
            "mousemove", "--window", plugin, str(width - 50), str(height - 30), "click", "1"
        )

    def click_into_score(self) -> None:
        """Click an empty place of the page."""
        self.screen.xdotool("mousemove", "--window", self.id, "600", "500", "click", "1")
        time.sleep(0.5)

    def is_on_top(self, window: str) -> bool:
        """Tell whether a window's middle isn't covered by another one of another size."""
        width, height = self._size(window)
        self.screen.xdotool("mousemove", "--window", window, str(width // 2), str(height // 2))
        seen = dict(
            line.split("=") for line in self.screen.xdotool("getmouselocation", "--shell").splitlines()
        )
        return abs(self._size(seen["WINDOW"])[0] - width) < 30  # of its frame

    def _size(self, window: str) -> tuple[int, int]:
        shape = self.screen.xdotool("getwindowgeometry", "--shell", window)
        found = dict(line.split("=") for line in shape.splitlines())
        return int(found["WIDTH"]), int(found["HEIGHT"])

    def save(self) -> bytes:
        """Press Ctrl+S and return the file as saved."""
        before = self.score.read_bytes()
        self.press("ctrl+s")
        wait_for(lambda: self.score.read_bytes() != before and "*" not in self.title, 20, "saving")
        time.sleep(0.2)
        return self.score.read_bytes()

    def close(self) -> None:
        """Stop MuseScore."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()


def wait_for(found: Callable[[], object], seconds: float, what: str) -> str:
    """Return what `found` returns as soon as it is something."""
    limit = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < limit, f"waited {seconds:g} s for {what} in vain"
        time.sleep(0.05)
    return str(value)

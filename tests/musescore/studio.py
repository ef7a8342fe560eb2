"""jaxmuse as a user has it: installed for a MuseScore in a window, with the real bridge."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import psutil
from free_port import free_port
from musescore import written_scores
from musescore.conversion import convert
from musescore.home import Home
from musescore.mscx import Mscx
from musescore.window import Screen, Window

ROOT = Path(__file__).parents[2]


class Studio:
    """A home where jaxmuse was installed as a user installs it, and a screen."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = Home(folder / "home")
        self.home.prepare()
        self.settings = {"JAXMUSE_CONFIG": str(folder / "config"), "PYTHONPATH": str(ROOT)}
        if "XDG_CACHE_HOME" in os.environ:  # what is compiled once
            self.settings["XDG_CACHE_HOME"] = os.environ["XDG_CACHE_HOME"]
        subprocess.run(
            [sys.executable, "-m", "bridge", "plugin", "install"],
            env=self.home.environment(**self.settings),
            check=True,
            capture_output=True,
        )
        path = self.home.plugins / "jaxmuse" / "connection.json"
        assert path.stat().st_mode & 0o077 == 0
        known = json.loads(path.read_text())
        path.write_text(json.dumps(known | {"port": free_port()}))  # nobody's bridge
        self.screen = Screen(folder)

    def show(self, name: str, log: bool = False) -> tuple[Window, Mscx]:
        """Return a window with a score of `written_scores`, and how the score is before.

        - `log`: the window's `log` holds what plugins say.
        """
        source = self.folder / f"{name}.musicxml"
        source.write_text(getattr(written_scores, name)())
        score = source.with_suffix(".mscz")
        convert(source, score)
        rules = {"QT_LOGGING_RULES": "qml.debug=true;js.debug=true"} if log else {}
        return Window(self.screen, self.home, score, **self.settings, **rules), Mscx(score)

    def is_warm(self) -> bool:
        """Tell whether the bridge has compiled all that it compiles ahead."""
        known = json.loads((self.home.plugins / "jaxmuse" / "connection.json").read_text())
        call = urllib.request.Request(f"http://127.0.0.1:{known['port']}/v1/health")
        call.add_header("Authorization", f"Bearer {known['token']}")
        with urllib.request.urlopen(call, timeout=10) as answer:
            return bool(json.load(answer)["ready"])

    def close(self) -> None:
        """Stop the bridge that the plugin started, and take the screen away."""
        self.screen.close()
        found = json.loads((self.folder / "config" / "bridge.json").read_text())
        bridge = psutil.Process(found["pid"])
        bridge.terminate()
        bridge.wait(20)

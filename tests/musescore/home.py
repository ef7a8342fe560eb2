"""A home for a MuseScore of the tests' own: no wizard, no sound, no questions, chosen plugins enabled."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

SETTINGS = r"""[application]
startup\firstStart=false
autosave\useAutosave=false
[io]
alsa\useAlsaAudio=false
jack\useJackAudio=false
portAudio\usePortAudio=false
pulseAudio\usePulseAudio=false
midi\enableInput=false
[score]
note\playOnClick=false
chord\playOnAddNote=false
[ui]
application\startup\showStartCenter=false
application\startup\showTours=false
application\startup\showSplashScreen=false
application\startup\checkUpdate=false
application\startup\checkExtensionsUpdate=false
application\language=en_US
application\useNativeDialogs=false
"""


@dataclass(frozen=True)
class Home:
    """A folder that MuseScore takes for the user's home."""

    folder: Path

    @property
    def plugins(self) -> Path:
        """Where MuseScore 3 looks for plugins."""
        return self.folder / "Documents" / "MuseScore3" / "Plugins"

    def prepare(self) -> None:
        """Write the settings of a MuseScore that was used before."""
        settings = self.folder / ".config" / "MuseScore" / "MuseScore3.ini"
        settings.parent.mkdir(parents=True)
        settings.write_text(SETTINGS)
        self.plugins.mkdir(parents=True)
        for name in ("runtime", "temporary"):
            (self.folder / name).mkdir(mode=0o700)

    def add_plugins(self, source: Path, *menu_files: str) -> Path:
        """Copy a plugin folder and enable these files of it."""
        target = self.plugins / source.name
        shutil.copytree(source, target)
        listed = self.folder / ".local/share/MuseScore/MuseScore3/plugins.xml"
        listed.parent.mkdir(parents=True, exist_ok=True)
        entries = [escape(str(target / name)) for name in menu_files]
        old = listed.read_text() if listed.exists() else '<museScore version="3.01">\n</museScore>\n'
        new = "".join(f"<Plugin><path>{path}</path><load>1</load></Plugin>\n" for path in entries)
        listed.write_text(old.replace("</museScore>", new + "</museScore>"))
        return target

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment of a MuseScore that lives here, without a display."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
        return kept | {
            "HOME": str(self.folder),
            "XDG_RUNTIME_DIR": str(self.folder / "runtime"),
            "TMPDIR": str(self.folder / "temporary"),
            "QT_QPA_PLATFORM": "offscreen",
            "QT_QUICK_BACKEND": "software",
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "LC_ALL": "C.UTF-8",
            **more,
        }

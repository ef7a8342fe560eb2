"""The user's system as far as the installer looks at it: which one, whose home, which folders."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LINUX, MACOS, WINDOWS = "linux", "darwin", "win32"


@dataclass(frozen=True)
class System:
    """A platform (as `sys.platform` names it), a home and an environment.

    - `documents`: where Windows says that the documents are (they may have moved, to OneDrive for one).
    """

    platform: str
    home: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    documents: Path | None = None

    @classmethod
    def here(cls) -> System:
        """Return the system that this runs on."""
        platform = sys.platform if sys.platform in (MACOS, WINDOWS) else LINUX
        return cls(platform, Path.home(), dict(os.environ), _windows_documents())

    def folder(self, variable: str, *default: str) -> Path:
        """Return the folder that the environment names, else the one at `default` in the home."""
        named = self.environment.get(variable, "")
        return Path(named) if Path(named).is_absolute() else self.home.joinpath(*default)

    def documents_folders(self) -> list[Path]:
        """Return where the user's documents may be, likeliest first."""
        if self.platform == MACOS:
            return [self.home / "Documents"]
        if self.platform == WINDOWS:
            clouds = [
                self.environment[name]
                for name in ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")
                if self.environment.get(name)
            ]
            folders = [Path(cloud) / "Documents" for cloud in clouds]
            folders += [self.home / "OneDrive" / "Documents", self.home / "Documents"]
            return _without_doubles([self.documents, *folders] if self.documents else folders)
        named = _xdg_documents(self.folder("XDG_CONFIG_HOME", ".config") / "user-dirs.dirs", self.home)
        return _without_doubles([*([named] if named else []), self.home / "Documents"])


def _xdg_documents(path: Path, home: Path) -> Path | None:
    """Return what `user-dirs.dirs` says: `XDG_DOCUMENTS_DIR="$HOME/Dokumente"`."""
    try:
        text = path.read_text("utf-8")
    except (OSError, ValueError):
        return None
    found = re.search(r'^\s*XDG_DOCUMENTS_DIR\s*=\s*"(.+?)/?"\s*$', text, re.MULTILINE)
    if not found:
        return None
    folder = Path(re.sub(r"^\$HOME", lambda _: str(home), found[1]))
    return folder if folder.is_absolute() else None


def _windows_documents() -> Path | None:
    if sys.platform != "win32":
        return None
    import winreg

    place = r"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, place) as key:
            return Path(os.path.expandvars(winreg.QueryValueEx(key, "Personal")[0]))
    except OSError:
        return None


def _without_doubles(folders: list[Path]) -> list[Path]:
    return list(dict.fromkeys(folders))

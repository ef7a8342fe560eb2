"""The folder for everything that can be made again: corpora and compiled code."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "JAXMUSE_CACHE"
"""Environment variable that names another folder than the system's."""


def cache_folder() -> Path:
    """Return the user's cache folder of jaxmuse, whether it exists or not; `JAXMUSE_CACHE` goes before."""
    from platformdirs import user_cache_path

    named = os.environ.get(VARIABLE)
    return Path(named) if named else user_cache_path("jaxmuse", appauthor=False)

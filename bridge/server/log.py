"""The bridge's own log: what came in, and the details of bugs; never a header, never a token."""

from __future__ import annotations

import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from bridge.cache import cache_folder
from bridge.private_file import PRIVATE_FILE, make_private_folder

MOST_BYTES = 2**20
"""Of the log; what it held before is kept once."""

NAMES = ("jaxmuse.bridge", "uvicorn.error", "asyncio")


def log_path() -> Path:
    """Return where the log is."""
    return cache_folder() / "bridge.log"


def open_log() -> Path:
    """Write the log from now on, for this user alone; raises `WriteError`."""
    path = log_path()
    make_private_folder(path.parent)
    handler = _PrivateHandler(path, maxBytes=MOST_BYTES, backupCount=1, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    for name in NAMES:
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.propagate = False
        logger.setLevel(logging.INFO if name == NAMES[0] else logging.WARNING)
    return path


class _PrivateHandler(RotatingFileHandler):
    def _open(self) -> Any:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        return os.fdopen(os.open(self.baseFilename, flags, PRIVATE_FILE), "a", encoding="utf-8")

    def handleError(self, record: logging.LogRecord) -> None:
        """Say nothing: a full disk mustn't stop the bridge."""

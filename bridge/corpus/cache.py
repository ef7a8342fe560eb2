"""Where built corpora are kept: `<cache folder>/corpus/<key>/`, one folder for each list of works."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_cache_dir

from bridge.corpus.sources import Source
from jaxmodels.shards import FORMAT_VERSION

# Raised whenever the same file would be read into other notes: older corpora are then built again.
READER_VERSION = 4


def cache_folder(cache_dir: Path | None = None) -> Path:
    """Return the folder for everything that can be made again; `JAXMUSE_CACHE` overrides the system's."""
    if cache_dir is not None:
        return Path(cache_dir)
    return Path(os.environ.get("JAXMUSE_CACHE") or user_cache_dir("jaxmuse", appauthor=False))


def corpus_key(sources: Sequence[Source]) -> str:
    """Return a key that changes with the works, their sizes, and the versions of format and reader."""
    digest = hashlib.sha256(f"{FORMAT_VERSION} {READER_VERSION}\n".encode())
    for source in sources:
        digest.update(f"{source.work_id}\t{source.size}\n".encode())
    return digest.hexdigest()[:16]


def corpus_folder(sources: Sequence[Source], cache_dir: Path | None = None) -> Path:
    """Return the folder that the corpus of these works has, whether it exists or not."""
    return cache_folder(cache_dir) / "corpus" / corpus_key(sources)

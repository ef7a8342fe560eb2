"""Where built corpora are kept: `<cache folder>/corpus/<key>/`, one folder for each list of works."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from bridge.cache import cache_folder
from bridge.corpus.sources import Source
from jaxmodels.shards import FORMAT_VERSION

# Raised whenever the same file would be read into other notes: older corpora are then built again.
READER_VERSION = 4


def corpus_key(sources: Sequence[Source]) -> str:
    """Return a key that changes with the works, their sizes, and the versions of format and reader."""
    digest = hashlib.sha256(f"{FORMAT_VERSION} {READER_VERSION}\n".encode())
    for source in sources:
        digest.update(f"{source.work_id}\t{source.size}\n".encode())
    return digest.hexdigest()[:16]


def corpus_folder(sources: Sequence[Source], cache_dir: Path | None = None) -> Path:
    """Return the folder that the corpus of these works has in `cache_dir`, or in the user's cache folder.

    It may not exist yet.
    """
    return (cache_dir or cache_folder()) / "corpus" / corpus_key(sources)

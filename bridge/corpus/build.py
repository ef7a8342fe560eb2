"""Build a corpus: read all works once, in parallel, into one `.npz` in the cache folder.

Works go to the pool in chunks; every finished chunk is a shard on disk, so that a build that was
interrupted or killed goes on where it was. The shards are deleted when the corpus is whole.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from bridge.corpus.cache import corpus_folder
from bridge.corpus.sources import STYLES, Source, embedded_sources, folder_sources
from bridge.corpus.split import families, split_of
from bridge.corpus.worker import ChunkResult, read_chunk, start_worker
from bridge.errors import ReadError, WriteError
from jaxmodels.piece import Piece
from jaxmodels.shards import Corpus, save_corpus, unpack_pieces

SECONDS_PER_WORK = 120.0
_CHUNK_WORKS = 40
_CHUNK_BYTES = 200_000  # of MusicXML, unpacked; a chunk takes seconds, so that Ctrl+C loses little
_UNPACKED = {".mxl": 20}  # times its size that a compressed file unpacks to

CORPUS_FILE = "corpus.npz"
FACTS_FILE = "corpus.json"


def build_corpus(
    paths: Sequence[Path] = (),
    include_restricted: bool = False,
    cache_dir: Path | None = None,
    jobs: int | None = None,
    progress: bool = True,
    seconds_per_work: float = SECONDS_PER_WORK,
) -> Path:
    """Return the corpus of `paths` (files and folders; music21's own if there are none), built if need be.

    - `jobs`: processes; as many as there are cores if None.
    - `seconds_per_work`: a work that takes longer is left out and listed as a failure.

    Beside the `.npz` stands `corpus.json` with the failures. Raises `UsageError` where nothing is found,
    `ReadError` where nothing can be read, `WriteError` where the cache can't be written.
    """
    sources = folder_sources(paths) if paths else embedded_sources(include_restricted)
    folder = corpus_folder(sources, cache_dir)
    corpus_path = folder / CORPUS_FILE
    if corpus_path.is_file():
        return corpus_path
    shards = folder / "shards"
    try:
        shards.mkdir(parents=True, exist_ok=True)
        chunks = {shards / f"{number:05}.npz": chunk for number, chunk in enumerate(_chunks(sources))}
        _read_all(chunks, jobs or os.cpu_count() or 1, progress, seconds_per_work)
        corpus, failures = _join(sorted(chunks), sources)
        if not corpus.pieces:
            raise ReadError(
                f"none of {len(sources)} works could be read ({'; '.join(failures[:2])})",
                where=", ".join(map(str, paths)),
                fix="Name folders with whole MusicXML, MIDI, abc or krn files.",
            )
        facts = {"works": len(corpus.pieces), "notes": corpus.note_count, "failures": failures}
        (folder / FACTS_FILE).write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n", "utf-8")
        save_corpus(corpus_path, corpus)
    except OSError as error:
        raise WriteError(
            f"the cache can't be written ({error.strerror or error})",
            where=str(folder),
            fix="Free some space, or set JAXMUSE_CACHE to a folder that can be written.",
        ) from error
    shutil.rmtree(shards, ignore_errors=True)
    return corpus_path


def build_failures(corpus_path: Path) -> list[str]:
    """Return one line for each work that a build left out, with the reason."""
    facts = Path(corpus_path).with_name(FACTS_FILE)
    return json.loads(facts.read_text("utf-8"))["failures"] if facts.is_file() else []


def _chunks(sources: Sequence[Source]) -> Iterator[list[Source]]:
    chunk: list[Source] = []
    size = 0
    for source in sources:
        weight = source.size * _UNPACKED.get(source.path.suffix.lower(), 1)
        if chunk and (len(chunk) == _CHUNK_WORKS or size + weight > _CHUNK_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(source)
        size += weight
    if chunk:
        yield chunk


def _read_all(chunks: dict[Path, list[Source]], jobs: int, progress: bool, seconds_per_work: float) -> None:
    """Read every chunk that has no shard yet."""
    missing = {shard: chunk for shard, chunk in chunks.items() if not shard.is_file()}
    if not missing:
        return
    done = sum(len(chunk) for shard, chunk in chunks.items() if shard not in missing)
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    bar = Progress(
        TextColumn("reading scores"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[notes]:,} notes"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not progress,
    )
    pool = ProcessPoolExecutor(min(jobs, len(missing)), context, start_worker, (stop,))
    with bar:
        task = bar.add_task("", total=done + sum(map(len, missing.values())), completed=done, notes=0)
        try:
            # the longest first, so that no process is left alone with one at the end
            order = sorted(missing, key=lambda shard: -sum(source.size for source in missing[shard]))
            futures: list[Future[ChunkResult]] = [
                pool.submit(read_chunk, missing[shard], shard, seconds_per_work) for shard in order
            ]
            notes = 0
            for future in as_completed(futures):
                result = future.result()
                notes += result.notes
                bar.update(task, advance=result.works, notes=notes)
        except BaseException:
            stop.set()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _join(shards: Sequence[Path], sources: Sequence[Source]) -> tuple[Corpus, list[str]]:
    """Return the corpus of all shards, and the failures."""
    pieces: list[Piece] = []
    listed: dict[str, list[str]] = {"work_ids": [], "titles": [], "parents": [], "failures": []}
    for shard in shards:
        with np.load(shard, allow_pickle=False) as arrays:
            pieces += unpack_pieces(dict(arrays))
            for name, values in listed.items():
                values += map(str, arrays[name])
    source_of = {source.work_id: source for source in sources}
    kept = [source_of[work_id] for work_id in listed["work_ids"]]
    by_title = [
        source.style == "chorale" or len(piece.programs) == 1
        for source, piece in zip(kept, pieces, strict=True)
    ]
    titles = _with_chorale_titles(listed["work_ids"], listed["titles"])
    family = families(listed["work_ids"], titles, listed["parents"], pieces, by_title)
    names = sorted({source.collection for source in kept})
    corpus = Corpus(
        pieces=pieces,
        work_ids=listed["work_ids"],
        collections=np.array([names.index(source.collection) for source in kept], np.int32),
        collection_names=names,
        splits=np.array([split_of(name) for name in family], np.int8),
        styles=np.array([STYLES.index(source.style) for source in kept], np.int32),
        style_names=list(STYLES),
    )
    return corpus, listed["failures"]


def _with_chorale_titles(work_ids: Sequence[str], titles: Sequence[str]) -> list[str]:
    """Return the titles, with those of Bach's chorales from music21's list: their files have none."""
    if not any(work_id.startswith("bach/bwv") for work_id in work_ids):
        return list(titles)
    from music21.corpus.chorales import ChoraleListRKBWV

    known = {number: entry["title"] for number, entry in ChoraleListRKBWV().byBWV.items()}
    return [
        known.get(work_id.removeprefix("bach/bwv").rsplit(".", 1)[0], title)
        if work_id.startswith("bach/")
        else title
        for work_id, title in zip(work_ids, titles, strict=True)
    ]

"""Which works a corpus is made of: files found in folders, and the single tunes inside abc files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from bridge.corpus.rights import LEFT_OUT_COLLECTIONS, RESTRICTED_COLLECTIONS, RESTRICTED_WORKS
from bridge.errors import ReadError, UsageError

# Where one folder holds a work in several formats, the first of these is read.
SUFFIXES = (".mxl", ".musicxml", ".xml", ".mei", ".krn", ".abc", ".mid", ".midi", ".kar")

STYLES = ("unknown", "chorale", "early vocal", "chamber", "folk tune", "keyboard and song", "orchestral")
_STYLE_OF_COLLECTION = {
    "bach": "chorale",
    **dict.fromkeys(
        ("trecento", "monteverdi", "josquin", "ciconia", "luca", "lusitano", "palestrina"), "early vocal"
    ),
    **dict.fromkeys(("beethoven", "haydn", "mozart", "corelli", "weber"), "chamber"),
    **dict.fromkeys(
        ("airdsAirs", "oneills1850", "ryansMammoth", "miscFolk", "nottingham-dataset", "essenFolksong"),
        "folk tune",
    ),
    **dict.fromkeys(
        ("beach", "chopin", "cpebach", "johnson_j_r", "joplin", "liliuokalani", "schoenberg", "schubert"),
        "keyboard and song",
    ),
    **dict.fromkeys(("schumann_clara", "schumann_robert", "webern"), "keyboard and song"),
    **dict.fromkeys(("handel", "verdi"), "orchestral"),
}

_TUNE_START = re.compile(r"^X:\s*(\S*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Source:
    """One work to read.

    - `work_id`: collection, path inside it, and for a tune `#` with its place in the file from 1:
      `oneills1850/0001-0050.abc#12`.
    - `tune`: that place, or 0 for a whole file.
    - `size`: bytes of the file, or characters of the tune.
    """

    path: Path
    work_id: str
    collection: str
    tune: int
    size: int

    @property
    def style(self) -> str:
        """The coarse style of the collection, one of `STYLES`."""
        return _STYLE_OF_COLLECTION.get(self.collection, STYLES[0])


def embedded_sources(include_restricted: bool = False) -> list[Source]:
    """Return the works of music21's own corpus, by work id."""
    spec = find_spec("music21")
    if spec is None or not spec.submodule_search_locations:
        raise UsageError(
            "music21 is not installed", fix="Reinstall jaxmuse: pip install --force-reinstall jaxmuse."
        )
    root = Path(spec.submodule_search_locations[0]) / "corpus"
    left_out = set(LEFT_OUT_COLLECTIONS) | (set() if include_restricted else set(RESTRICTED_COLLECTIONS))
    files = [
        path
        for path in _score_files(root)
        if path.parent != root
        and path.relative_to(root).parts[0] not in left_out
        and (include_restricted or path.relative_to(root).as_posix() not in RESTRICTED_WORKS)
    ]
    if not files:
        raise UsageError(
            "this copy of music21 comes without its corpus",
            fix="Install music21 from PyPI, or name a folder of scores.",
        )
    return _sources((path, path.relative_to(root)) for path in files)


def folder_sources(paths: Sequence[Path]) -> list[Source]:
    """Return the works in the user's own folders and files; a folder's name is its works' collection."""
    named: list[tuple[Path, Path]] = []
    for given in paths:
        path = Path(given).expanduser().absolute()
        if path.is_dir():
            named += [(file, path.name / file.relative_to(path)) for file in _score_files(path)]
        elif path.is_file() and path.suffix.lower() in SUFFIXES:
            named.append((path, Path(path.parent.name) / path.name))
        else:
            what = (
                "this is no format that can be read" if path.exists() else "there is no such file or folder"
            )
            raise UsageError(
                what, where=str(given), fix=f"Name folders, or files ending in {', '.join(SUFFIXES)}."
            )
    if not named:
        raise UsageError(
            "there are no scores in it",
            where=", ".join(map(str, paths)),
            fix=f"Name folders with {', '.join(SUFFIXES)} files.",
        )
    return _sources(dict(named).items())


def abc_tunes(path: Path) -> list[str]:
    """Return the tunes of an abc file, each with the file's header in front. Raises `ReadError`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(
            f"it can't be opened ({error.strerror})", where=str(path), fix="Check its permissions."
        ) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    starts = [match.start() for match in _TUNE_START.finditer(text)]
    if not starts:
        return [text]
    fields = "".join(re.findall(r"^[A-Za-z]:.*\n", text[: starts[0]], re.MULTILINE))
    tunes = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    return [tune.replace("\n", "\n" + fields, 1) for tune in tunes]


def _score_files(root: Path) -> list[Path]:
    """Return the score files below `root`, one per work where formats double each other."""
    found: dict[Path, Path] = {}
    for path in sorted(root.rglob("*")):
        rank = SUFFIXES.index(path.suffix.lower()) if path.suffix.lower() in SUFFIXES else None
        if rank is None or path.name.startswith(".") or not path.is_file():
            continue
        stem = path.with_suffix("")
        if stem not in found or rank < SUFFIXES.index(found[stem].suffix.lower()):
            found[stem] = path
    return sorted(found.values())


def _sources(files: Iterable[tuple[Path, Path]]) -> list[Source]:
    sources: list[Source] = []
    for path, name in files:
        collection, work_id = name.parts[0], name.as_posix()
        if path.suffix.lower() != ".abc":
            sources.append(Source(path, work_id, collection, 0, path.stat().st_size))
            continue
        tunes = abc_tunes(path)
        for tune, text in enumerate(tunes, start=1):
            numbered = f"{work_id}#{tune}" if len(tunes) > 1 else work_id
            sources.append(Source(path, numbered, collection, tune, len(text)))
    return sorted(sources, key=lambda source: source.work_id)

"""Scores of the formats that music21 knows (abc, krn, mei, capella…), read as `bridge.score.Score`.

music21 takes seconds to import, so it is imported inside the functions that need it.
"""

from __future__ import annotations

import contextlib
import io
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.errors import ReadError
from bridge.music21_score import convert_score
from bridge.score import Score

if TYPE_CHECKING:
    from music21 import stream


_RANDOM_ID = re.compile(rb"(?<=\")[PI][0-9a-f]{32}(?=\")")


def read_with_music21(path: Path) -> Score:
    """Read any file that music21 can parse. Raises `ReadError` if it can't."""
    return score_from_music21(_parse_file(Path(path)), title=Path(path).stem)


def parse_abc_tune(text: str, title: str = "") -> Score:
    """Read one tune of an abc file from its text, its own `X:` field first. Raises `ReadError`."""
    return score_from_music21(_parse(text, where=title, format="abc"), title=title)


def musicxml_bytes(path: Path) -> bytes:
    """Return any file that music21 can parse as uncompressed MusicXML. Raises `ReadError`."""
    path = Path(path)
    parsed = _parse_file(path)
    from music21.musicxml.m21ToXml import GeneralObjectExporter

    with _quiet():
        try:
            score = _single_score(parsed, path.name)
            _keep_short_measures(score)
            exported = GeneralObjectExporter(score).parse()
        except ReadError:
            raise
        except Exception as error:
            raise ReadError(
                f"can't be converted to MusicXML ({_first_line(error)})",
                where=path.name,
                fix="Convert it with a notation program and use that file.",
            ) from error
    return _numbered(exported if isinstance(exported, bytes) else exported.encode("utf-8"))


def _numbered(data: bytes) -> bytes:
    """Return MusicXML with numbers in the place of music21's ids, which differ each time it exports."""
    ids = dict.fromkeys(_RANDOM_ID.findall(data))
    numbers = {name: b"%c%d" % (name[0], number) for number, name in enumerate(ids, 1)}
    return _RANDOM_ID.sub(lambda found: numbers[found[0]], data)


def score_from_music21(parsed: stream.Stream, title: str = "") -> Score:
    """Return a music21 stream as a `Score`: sounding pitches, ties merged, grace and cue notes left out.

    - `title`: used where the stream has none.

    Chord symbols are left out; unpitched percussion becomes a percussion staff without notes. Raises
    `ReadError` for a collection of several works, or one without any part.
    """
    with _quiet():
        try:
            return convert_score(_single_score(parsed, title), title)
        except ReadError:
            raise
        except Exception as error:
            raise _unreadable(title, error) from error


def _parse_file(path: Path) -> stream.Stream:
    if not path.is_file():
        raise ReadError("no such file", where=str(path), fix="Check the path.")
    return _parse(path, where=path.name)


def _parse(source: Path | str, where: str, **options: Any) -> stream.Stream:
    from music21 import converter

    with _quiet():
        try:
            if isinstance(source, Path):  # no pickles: neither read from nor left in the temporary folder
                return converter.parseFile(source, forceSource=True, storePickle=False)
            return converter.parseData(source, **options)  # type: ignore[return-value]
        except Exception as error:
            raise _unreadable(where, error) from error


def _unreadable(where: str, error: Exception) -> ReadError:
    return ReadError(
        f"music21 can't read it ({_first_line(error)})",
        where=where,
        fix="Check that the file is whole, or convert it to MusicXML with a notation program.",
    )


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0][:160] if lines else type(error).__name__).rstrip(".")


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep music21's warnings, some of which it prints itself, from the user's terminal."""
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


def _keep_short_measures(score: stream.Stream) -> None:
    """Mark the measures that hold less than their metre, so that the export doesn't fill them with rests.

    A pickup, and the second half of a measure that a repeat sign divides, are not counted.
    """
    from music21 import stream as m21
    from music21.stream.enums import ShowNumber

    for part in score.parts if isinstance(score, m21.Score) else [score]:
        missing_before = 0
        for index, measure in enumerate(part.getElementsByClass(m21.Measure)):
            full, held = measure.barDuration.quarterLength, measure.highestTime
            missing = full - held if 0 < held < full else 0
            if missing and (index == 0 or missing_before == held):
                measure.showNumber = ShowNumber.NEVER
                measure.paddingLeft = missing
            elif missing:
                measure.paddingRight = missing
            missing_before = missing


def _single_score(parsed: stream.Stream, where: str) -> stream.Stream:
    from music21 import stream as m21

    if not isinstance(parsed, m21.Opus):
        return parsed
    scores = list(parsed.scores)
    if len(scores) != 1:
        raise ReadError(
            f"holds {len(scores)} works, not one",
            where=where,
            fix="Save the work that is meant in a file of its own.",
        )
    return scores[0]

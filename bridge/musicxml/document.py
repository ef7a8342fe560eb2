"""An open MusicXML file."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import lxml.etree as etree

from bridge.errors import JaxmuseError, ReadError, RegionError, WriteError
from bridge.musicxml.append import append_to_parts
from bridge.musicxml.container import NEW_CONTAINER, Container, is_zip, unpack
from bridge.musicxml.layout import read_layout, title_of
from bridge.musicxml.read import read_measures
from bridge.musicxml.sounding import sounding_notes
from bridge.musicxml.survey import PartSurvey, survey_part
from bridge.musicxml.timewise import make_partwise
from bridge.musicxml.tree import Shell, parse_tree
from bridge.musicxml.write import write_region
from bridge.score import Measure, Note, Part, Region, Score, Staff

COMPRESSED = ".mxl"
PLAIN = ".musicxml"
PLAIN_SUFFIXES = (PLAIN, ".xml")


class MusicXmlDocument:
    """A MusicXML score that is edited in its own tree; implements `bridge.score.Document`.

    - `tree`: the lxml tree, partwise; the one thing that edits change.

    Errors carry the file's name in front.
    """

    def __init__(
        self, path: Path, tree: etree._ElementTree, shell: Shell, container: Container | None = None
    ) -> None:
        self.path = path
        self.suffix = PLAIN if container is None else COMPRESSED
        self.tree = tree
        self._container = container
        self._shell = shell
        self._surveyed: tuple[list[PartSurvey], tuple[Measure, ...]] | None = None

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Read a `.mxl`, `.musicxml` or `.xml` file; raises `ReadError`."""
        path = Path(path)
        try:
            data = path.read_bytes()
        except FileNotFoundError as error:
            raise ReadError("there is no such file", where=str(path), fix="Check the path.") from error
        except OSError as error:
            what = f"it can't be read ({error.strerror or error})"
            raise ReadError(what, where=str(path), fix="Check its permissions.") from error
        return cls.from_bytes(data, path)

    @classmethod
    def from_bytes(cls, data: bytes, path: str | Path = "score.musicxml") -> Self:
        """Read a file's content; zip or XML is told by the content, not by the suffix of `path`."""
        path = Path(path)
        try:
            container = unpack(data) if is_zip(data) else None
            xml = data if container is None else container.score_xml
            tree = parse_tree(xml)
            shell = _as_partwise(tree, Shell.of(xml, tree))
            read_layout(tree.getroot())
        except JaxmuseError as error:
            raise error.at(path.name) from error
        return cls(path, tree, shell, container)

    def score(self, start: int = 0, stop: int | None = None) -> Score:
        """Return all parts and measures, with the notes that begin in measures `start` to `stop`."""
        try:
            surveys, measures = self._survey()
            stop = len(measures) if stop is None else min(stop, len(measures))
            parts = [
                _part(survey, sounding_notes(survey, measures, max(0, start), stop)) for survey in surveys
            ]
        except JaxmuseError as error:
            raise error.at(self.path.name) from error
        return Score(title_of(self.tree.getroot()), tuple(parts), measures)

    def append_measures(self, count: int) -> None:
        """Append empty measures in the last measure's metre and key; the final barline moves along."""
        if count < 1:
            raise RegionError(f"{count} measures can't be appended", fix="Append at least one.")
        try:
            append_to_parts(*self._survey(), count)
        except JaxmuseError as error:
            raise error.at(self.path.name) from error
        finally:
            self._surveyed = None

    def write(self, region: Region, notes: Mapping[int, Sequence[Note]]) -> None:
        """Replace the region's notes by `notes` (staff index to its notes, absolute onsets).

        Raises `RegionError` where the region can't be written; then nothing has changed.
        """
        try:
            write_region(*self._survey(), region, notes)
        except JaxmuseError as error:
            raise error.at(self.path.name) from error
        finally:
            self._surveyed = None

    def copy(self) -> Self:
        """Return a document of its own that edits of this one don't reach."""
        return type(self)(self.path, copy.deepcopy(self.tree), self._shell, self._container)

    def to_bytes(self, suffix: str | None = None) -> bytes:
        """Return the file as `.mxl` or `.musicxml`; the same document gives the same bytes."""
        suffix = (suffix or self.suffix).lower()
        xml = self._shell.wrap(self.tree)
        if suffix in PLAIN_SUFFIXES:
            return xml
        if suffix == COMPRESSED:
            return (self._container or NEW_CONTAINER).pack(xml)
        raise WriteError(f"a MusicXML score can't be written as '{suffix}'", fix="Use .mxl or .musicxml.")

    def _survey(self) -> tuple[list[PartSurvey], tuple[Measure, ...]]:
        """Return the surveyed parts and their common measures, as they are until the next edit."""
        if self._surveyed is None:
            surveys = [survey_part(layout) for layout in read_layout(self.tree.getroot())]
            self._surveyed = surveys, read_measures(surveys)
        return self._surveyed


def _as_partwise(tree: etree._ElementTree, shell: Shell) -> Shell:
    """Make a score partwise, in its doctype too; raises `ReadError` for other documents."""
    root = tree.getroot()
    if root.tag == "score-partwise":
        return shell
    if root.tag == "score-timewise":
        make_partwise(tree)
        return shell.partwise()
    if root.tag == "opus":
        raise ReadError("this is a MusicXML opus, a list of scores", fix="Open one of its scores.")
    name = etree.QName(root).localname
    raise ReadError(f"this XML is a '{name}', not a MusicXML score", fix="Export the score as MusicXML.")


def _part(survey: PartSurvey, notes: Sequence[tuple[Note, ...]]) -> Part:
    layout = survey.layout
    staves = tuple(
        Staff(layout.first_staff + index, layout.index, index + 1, notes[index], kind, layout.program)
        for index, kind in enumerate(layout.kinds)
    )
    return Part(layout.index, layout.id, layout.name, staves)

"""An open MusicXML file."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Self

import lxml.etree as etree

from bridge.errors import JaxmuseError, ReadError, RegionError, WriteError
from bridge.musicxml.append import append_to_parts
from bridge.musicxml.container import NEW_CONTAINER, Container, is_zip, unpack
from bridge.musicxml.layout import moved_layout, read_layout, title_of
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


class Surveyed(NamedTuple):
    """The surveyed parts and their common measures; measures `start` to `stop` were edited since."""

    parts: list[PartSurvey]
    measures: tuple[Measure, ...]
    start: int = 0
    stop: int = 0


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
        self._surveyed: Surveyed | None = None

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
            surveys, measures, *_ = self._survey()
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
            surveyed = self._survey()
            self._surveyed = None
            append_to_parts(surveyed.parts, surveyed.measures, count)
        except JaxmuseError as error:
            raise error.at(self.path.name) from error
        first = min(len(part.measures) for part in surveyed.parts) - 1
        self._surveyed = surveyed._replace(start=first, stop=len(surveyed.measures) + count)

    def write(self, region: Region, notes: Mapping[int, Sequence[Note]]) -> None:
        """Replace the region's notes by `notes` (staff index to its notes, absolute onsets).

        Raises `RegionError` where the region can't be written; then nothing has changed.
        """
        try:
            surveyed = self._survey()
            self._surveyed = None
            write_region(surveyed.parts, surveyed.measures, region, notes)
        except JaxmuseError as error:
            raise error.at(self.path.name) from error
        self._surveyed = surveyed._replace(start=region.start, stop=region.stop)

    def copy(self) -> Self:
        """Return a document of its own that edits of this one don't reach."""
        copied = type(self)(self.path, copy.deepcopy(self.tree), self._shell, self._container)
        if self._surveyed is not None:
            copied._surveyed = _moved(self._surveyed, self.tree.getroot(), copied.tree.getroot())
        return copied

    def to_bytes(self, suffix: str | None = None) -> bytes:
        """Return the file as `.mxl` or `.musicxml`; the same document gives the same bytes."""
        suffix = (suffix or self.suffix).lower()
        xml = self._shell.wrap(self.tree)
        if suffix in PLAIN_SUFFIXES:
            return xml
        if suffix == COMPRESSED:
            return (self._container or NEW_CONTAINER).pack(xml)
        raise WriteError(f"a MusicXML score can't be written as '{suffix}'", fix="Use .mxl or .musicxml.")

    def _survey(self) -> Surveyed:
        """Return the surveyed parts and their common measures, as they are until the next edit."""
        known = self._surveyed
        if known is None:
            surveys = [survey_part(layout) for layout in read_layout(self.tree.getroot())]
            known = Surveyed(surveys, read_measures(surveys))
        elif known.stop:
            layouts = read_layout(self.tree.getroot())
            surveys = [
                survey_part(layout, part, known.start, known.stop)
                for layout, part in zip(layouts, known.parts, strict=True)
            ]
            known = Surveyed(surveys, read_measures(surveys, known.parts, known.measures))
        self._surveyed = known
        return known


def _moved(surveyed: Surveyed, root: etree._Element, copied: etree._Element) -> Surveyed:
    """Return what was surveyed of one tree as that of its copy."""
    parts = dict(zip(root.findall("part"), copied.findall("part"), strict=True))
    return surveyed._replace(
        parts=[
            dataclasses.replace(survey, layout=moved_layout(survey.layout, parts[survey.layout.element]))
            for survey in surveyed.parts
        ]
    )


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

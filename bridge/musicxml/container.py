"""Compressed MusicXML (`.mxl`): a zip whose members all survive an edit byte for byte."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass

from bridge.errors import ReadError
from bridge.musicxml.tree import parse_tree

MAX_UNPACKED_BYTES = 256 * 2**20
"""All members together; the longest real scores unpack to some 30 MB."""
MAX_MEMBERS = 4096

CONTAINER_NAME = "META-INF/container.xml"
MEDIA_TYPES = (
    "",
    "application/vnd.recordare.musicxml+xml",
    "application/vnd.recordare.musicxml",
    "text/xml",
)
_CONTAINER_XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<container>
  <rootfiles>
    <rootfile full-path="score.musicxml" media-type="application/vnd.recordare.musicxml+xml"/>
  </rootfiles>
</container>
"""
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold: same document, same bytes
_EXPORT_AGAIN = "Export the score again, or save it as uncompressed MusicXML."


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the zip; `stored` members aren't compressed (as `mimetype` must be)."""

    name: str
    data: bytes
    stored: bool = False


@dataclass(frozen=True, slots=True)
class Container:
    """The members in their order; `score_index` is the one with the score's XML."""

    members: tuple[Member, ...]
    score_index: int

    @property
    def score_xml(self) -> bytes:
        """The member that holds the score."""
        return self.members[self.score_index].data

    def pack(self, score_xml: bytes) -> bytes:
        """Return the zip with the score replaced; equal arguments give equal bytes."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for index, member in enumerate(self.members):
                info = zipfile.ZipInfo(member.name, _EPOCH)
                info.compress_type = zipfile.ZIP_STORED if member.stored else zipfile.ZIP_DEFLATED
                info.create_system = 3
                info.external_attr = 0o644 << 16
                archive.writestr(info, score_xml if index == self.score_index else member.data)
        return buffer.getvalue()


NEW_CONTAINER = Container(
    members=(
        Member("mimetype", b"application/vnd.recordare.musicxml", stored=True),
        Member(CONTAINER_NAME, _CONTAINER_XML),
        Member("score.musicxml", b""),
    ),
    score_index=2,
)
"""What a score that was opened uncompressed is packed into."""


def is_zip(data: bytes) -> bool:
    """Tell a zip from XML by its first bytes, whatever the file's name says."""
    return data[:2] == b"PK"


def unpack(data: bytes) -> Container:
    """Return all members; raises `ReadError` for damaged, encrypted, huge or scoreless zips."""
    try:
        members = _members(data)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise ReadError(f"the .mxl archive is damaged ({error})", fix=_EXPORT_AGAIN) from error
    except (NotImplementedError, RuntimeError) as error:
        raise ReadError(f"the .mxl archive can't be unpacked ({error})", fix=_EXPORT_AGAIN) from error
    return Container(tuple(members), _score_index(members))


def _members(data: bytes) -> list[Member]:
    members: list[Member] = []
    room = MAX_UNPACKED_BYTES
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = archive.infolist()
        if len(infos) > MAX_MEMBERS:
            raise ReadError(f"the .mxl archive has more than {MAX_MEMBERS} members", fix=_EXPORT_AGAIN)
        for info in infos:
            if info.flag_bits & 1:
                raise ReadError("the .mxl archive is encrypted", fix="Save it without a password.")
            if info.filename.endswith("/"):
                members.append(Member(info.filename, b"", stored=True))
                continue
            with archive.open(info) as stream:
                content = stream.read(room + 1)  # the header's size isn't trusted
            room -= len(content)
            if room < 0:
                raise ReadError(
                    f"the .mxl archive unpacks to more than {MAX_UNPACKED_BYTES // 2**20} MiB",
                    fix=_EXPORT_AGAIN,
                )
            members.append(Member(info.filename, content, info.compress_type == zipfile.ZIP_STORED))
    return members


def _score_index(members: list[Member]) -> int:
    index_of = {member.name: index for index, member in enumerate(members)}
    if CONTAINER_NAME in index_of:
        rootfiles = parse_tree(members[index_of[CONTAINER_NAME]].data).getroot().iter("{*}rootfile")
        for rootfile in rootfiles:
            if rootfile.get("media-type", "") in MEDIA_TYPES and rootfile.get("full-path") in index_of:
                return index_of[rootfile.get("full-path")]
    scores = [
        index
        for index, member in enumerate(members)
        if member.name.lower().endswith((".musicxml", ".xml"))
        and not member.name.startswith(("META-INF/", "__MACOSX/"))
    ]
    if len(scores) != 1:
        raise ReadError("the .mxl archive names no score in META-INF/container.xml", fix=_EXPORT_AGAIN)
    return scores[0]

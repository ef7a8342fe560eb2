"""Archives, encodings and everything that is no score: bytes in, bytes out, or one sentence."""

from __future__ import annotations

import contextlib
import io
import zipfile
from pathlib import Path

import pytest
from musicxml.xml_scores import attributes, note, score_xml

from bridge.errors import ReadError, WriteError
from bridge.musicxml import MusicXmlDocument, container

SCORE = score_xml([attributes() + note(duration=4)])
ROOTFILE = b'<container><rootfiles><rootfile full-path="a/piece.xml"/></rootfiles></container>'


def packed(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def read(data: bytes) -> MusicXmlDocument:
    return MusicXmlDocument.from_bytes(data, "piece.mxl")


def test_other_members_survive_in_their_order() -> None:
    members = {
        "mimetype": b"application/vnd.recordare.musicxml",
        "META-INF/container.xml": ROOTFILE,
        "images/cover.png": bytes(range(256)),
        "a/piece.xml": SCORE,
        "other.xml": b"<html/>",
    }
    document = read(packed(members))
    assert document.suffix == ".mxl"
    document.append_measures(1)
    once = document.to_bytes()
    assert once == document.to_bytes()
    with zipfile.ZipFile(io.BytesIO(once)) as archive:
        assert archive.namelist() == list(members)
        for name in members.keys() - {"a/piece.xml"}:
            assert archive.read(name) == members[name]
        assert archive.read("a/piece.xml") == document.to_bytes(".musicxml")
    assert len(read(once).score().measures) == 2


def test_plain_files_pack_and_unpack() -> None:
    document = read(SCORE)
    assert document.suffix == ".musicxml"
    again = read(document.to_bytes(".mxl"))
    assert again.to_bytes(".musicxml") == document.to_bytes() == document.to_bytes(".xml")
    with pytest.raises(WriteError, match="can't be written as"):
        document.to_bytes(".mid")


def test_a_copy_is_not_reached_by_edits() -> None:
    document = read(SCORE)
    copy = document.copy()
    document.append_measures(1)
    assert copy.to_bytes() == read(SCORE).to_bytes() == SCORE


def test_an_archive_without_container_holds_its_only_score() -> None:
    assert read(packed({"piece.musicxml": SCORE})).score().measures


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"notes.txt": b"x"}, "names no score"),
        ({"META-INF/container.xml": ROOTFILE}, "names no score"),
        ({"META-INF/container.xml": b"<contai", "a.xml": SCORE}, "isn't well-formed XML"),
        ({"a.xml": SCORE, "b.xml": SCORE}, "names no score"),
    ],
)
def test_archives_without_a_score_are_refused(members: dict[str, bytes], sentence: str) -> None:
    with pytest.raises(ReadError, match=sentence):
        read(packed(members))


def test_damaged_archives_are_refused() -> None:
    whole = packed({"META-INF/container.xml": ROOTFILE, "a/piece.xml": SCORE}, zipfile.ZIP_STORED)
    for data in (whole[: len(whole) // 2], whole[:3], whole.replace(b"<octave>4", b"<octave>5")):
        with pytest.raises(ReadError, match=r"piece.mxl: the \.mxl archive is damaged"):
            read(data)


def test_any_truncation_or_flipped_byte_raises_nothing_else() -> None:
    whole = packed({"META-INF/container.xml": ROOTFILE, "a/piece.xml": SCORE})
    for position in range(0, len(whole), 7):
        for data in (whole[:position], whole[:position] + b"\xff" + whole[position + 1 :]):
            with contextlib.suppress(ReadError):
                read(data).score()


def test_encrypted_archives_are_refused() -> None:
    data = bytearray(packed({"a.xml": SCORE}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ReadError, match="encrypted"):
        read(bytes(data))


def test_a_zip_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "MAX_UNPACKED_BYTES", 10_000)
    with pytest.raises(ReadError, match="unpacks to more than"):
        read(packed({"a.xml": b" " * 1_000_000, "b.xml": SCORE}))


BOMB = b"""<?xml version="1.0"?><!DOCTYPE score-partwise [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<score-partwise><part-list><score-part id="P1"><part-name>&c;</part-name></score-part></part-list>
<part id="P1"><measure number="1"/></part></score-partwise>"""
OUTSIDE = BOMB.replace(b'"aaaaaaaaaa"', b'SYSTEM "file:///etc/hostname"').replace(b"&c;", b"&a;")
PARAMETER = BOMB.replace(b'<!ENTITY a "aaaaaaaaaa">', b'<!ENTITY % p SYSTEM "http://localhost:1/x"> %p;')


@pytest.mark.parametrize("data", [BOMB, OUTSIDE, PARAMETER])
def test_entities_are_never_expanded_or_fetched(data: bytes) -> None:
    with pytest.raises(ReadError, match="entit"):
        read(data)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "the file is empty"),
        (b"  \n", "the file is empty"),
        (b"hello", "isn't well-formed XML"),
        (SCORE[:-40], "isn't well-formed XML"),
        (b"<html><body/></html>", "this XML is a 'html', not a MusicXML score"),
        (b"<opus/>", "list of scores"),
        (b"<score-partwise/>", "the score has no measures"),
        (b"<score-timewise/>", "the score has no measures"),
        (b"<a>" * 5000, "isn't well-formed XML"),
    ],
)
def test_what_is_no_score_is_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(ReadError, match=sentence) as caught:
        read(data)
    assert str(caught.value).startswith("piece.mxl: ")
    assert caught.value.fix


def test_missing_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no such file"):
        MusicXmlDocument.open(tmp_path / "nothing.mxl")
    with pytest.raises(ReadError, match="can't be read"):
        MusicXmlDocument.open(tmp_path)


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "ISO-8859-1"])
def test_encoding_doctype_comments_and_instructions_stay(encoding: str) -> None:
    text = SCORE.decode().replace('encoding="UTF-8"', f'encoding="{encoding}" standalone="no"')
    text = text.replace("Part 1", "Flûte").replace(
        "<score-partwise", "<!-- above --><?do this?>\n<score-partwise"
    )
    text += "<!-- below -->\n"
    document = read(text.encode(encoding))
    assert document.to_bytes().decode(encoding) == text
    document.append_measures(1)
    assert read(document.to_bytes()).score().parts[0].name == "Flûte"


def test_line_endings_stay() -> None:
    data = SCORE.replace(b"\n", b"\r\n")
    assert read(data).to_bytes() == data


def test_timewise_scores_become_partwise() -> None:
    measures = "".join(
        f'<measure number="{n}"><part id="P1">{attributes() if n == 1 else ""}{note(duration=4)}</part>'
        f'<part id="P2">{note("", 4)}</part></measure>'
        for n in (1, 2)
    )
    data = f'<score-timewise version="3.0"><part-list/>{measures}</score-timewise>'.encode()
    document = read(data)
    score = document.score()
    assert [len(staff.notes) for staff in score.staves] == [2, 0]
    assert [measure.number for measure in score.measures] == ["1", "2"]
    assert document.tree.getroot().tag == "score-partwise"
    assert read(document.to_bytes()).score() == score

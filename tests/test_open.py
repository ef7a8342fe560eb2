"""Files are opened by suffix and content, and nothing but a `ReadError` comes of a bad one."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.errors import JaxmuseError, ReadError
from bridge.midi import score_to_midi_bytes
from bridge.open import open_document


@pytest.mark.parametrize(
    ("name", "suffix", "staves"),
    [("chorale.mxl", ".mxl", 4), ("tune.musicxml", ".musicxml", 1), ("piano.mxl", ".mxl", 2)],
)
def test_the_examples_open(examples: Path, name: str, suffix: str, staves: int) -> None:
    document = open_document(examples / name)
    assert document.suffix == suffix
    assert len(document.score().staves) == staves


def test_content_goes_before_the_suffix(tmp_path: Path, examples: Path) -> None:
    packed = (examples / "chorale.mxl").read_bytes()
    (tmp_path / "packed.xml").write_bytes(packed)
    (tmp_path / "plain.mxl").write_bytes(zipfile.ZipFile(examples / "chorale.mxl").read("score.musicxml"))
    (tmp_path / "plain.txt").write_bytes((examples / "tune.musicxml").read_bytes())
    assert open_document(tmp_path / "packed.xml").suffix == ".mxl"
    assert open_document(tmp_path / "plain.mxl").suffix == ".musicxml"
    assert open_document(tmp_path / "plain.txt").suffix == ".musicxml"


def test_midi_becomes_musicxml_where_that_is_wanted(tmp_path: Path, examples: Path) -> None:
    path = tmp_path / "tune.mid"
    path.write_bytes(score_to_midi_bytes(open_document(examples / "tune.musicxml").score()))
    assert open_document(path).suffix == ".mid"
    converted = open_document(path, ".mxl")
    assert converted.suffix == ".musicxml"
    pitches = [[note.pitch for note in staff.notes] for staff in open_document(path).score().staves]
    assert [[note.pitch for note in staff.notes] for staff in converted.score().staves] == pitches


@pytest.mark.parametrize("name", ["song.mscz", "song.mscx"])
def test_musescore_files_have_to_be_exported(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04")
    with pytest.raises(ReadError, match=r"MuseScore's own format\. Export it from MuseScore as MusicXML"):
        open_document(tmp_path / name)


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["chorale.mxl", "tune.musicxml", "piano.mxl"]),
    st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=6)), min_size=1, max_size=4),
    st.floats(0, 1),
)
def test_a_damaged_file_opens_or_is_refused(
    tmp_path: Path, examples: Path, name: str, changes: list[tuple[float, bytes]], cut: float
) -> None:
    data = bytearray((examples / name).read_bytes())
    for place, noise in changes:
        start = int(place * len(data))
        data[start : start + len(noise)] = noise
    path = tmp_path / name
    path.write_bytes(data[: 1 + int(cut * len(data))])
    try:
        open_document(path).score()
    except JaxmuseError as error:
        refused = error
    else:
        return
    assert refused.what
    assert refused.fix


def test_a_page_of_words_is_no_score(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Words")
    with pytest.raises(ReadError, match=r"^'\.md' is no format that can be read\."):
        open_document(tmp_path / "README.md")

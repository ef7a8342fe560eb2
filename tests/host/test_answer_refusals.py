"""What can't be read or filled is refused in a sentence, before a model is loaded where that can be."""

from __future__ import annotations

import pytest
from host.asking import asked
from musicxml.xml_scores import attributes, note, score_xml

from bridge.errors import ModelError, ReadError, RegionError
from bridge.fill import Model
from bridge.host.answer import answer


@pytest.mark.parametrize("encoding", ["UTF-16", "ISO-8859-1", "utf-8"])
def test_text_is_read_whatever_encoding_it_had_as_a_file(model: Model, encoding: str) -> None:
    bar = note("C4", 4)
    text = score_xml([attributes() + bar, bar], names=("Flöte – 笛",)).decode()
    text = "\ufeff" + text.replace('encoding="UTF-8"', f"encoding='{encoding}' standalone='no'")
    reply = answer(asked({"musicxml": text}, 1, 2, [0]), lambda name: model)
    assert reply.summary.startswith("Flöte – 笛, measure 2: ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "isn't MusicXML"),
        ("PK\x03\x04", "isn't MusicXML"),
        ("not xml", "isn't MusicXML"),
        ("<score-partwise>", "well-formed"),
        ("<html/>", "this XML is a 'html'"),
        ("<score-partwise/>", "no measures"),
        ("<a>\ud800</a>", "damaged"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a/>', "entities"),
    ],
)
def test_what_is_no_score_is_said_in_a_sentence(model: Model, text: str, said: str) -> None:
    request = asked({"musicxml": ""}, 0, 1, [0]).model_copy(update={"musicxml": text})
    with pytest.raises(ReadError, match=said) as caught:
        answer(request, lambda name: model)
    assert caught.value.where == "score"
    assert caught.value.fix


def never(name: str) -> Model:
    raise AssertionError(name)


def test_a_wrong_selection_is_refused_before_the_model_is_loaded(chorale_xml: str) -> None:
    with pytest.raises(RegionError, match="measures 100 to 101 were selected"):
        answer(asked({"musicxml": chorale_xml}, 99, 101, [0]), never)


def test_staves_that_cannot_be_pasted_at_once_are_refused_before_the_model_is_loaded(
    chorale_xml: str,
) -> None:
    request = asked({"musicxml": chorale_xml}, 4, 6, [0, 2])
    with pytest.raises(RegionError, match=r"others between them\. Select staves that lie next to each"):
        answer(request, never)


def test_the_model_is_asked_for_by_its_name(chorale_xml: str) -> None:
    def missing(name: str) -> Model:
        raise ModelError(f"there is no model {name}", fix="Take another.")

    with pytest.raises(ModelError, match="there is no model lstm"):
        answer(asked({"musicxml": chorale_xml}, 4, 6, [0], model="lstm"), missing)

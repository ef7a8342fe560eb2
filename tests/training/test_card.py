from __future__ import annotations

import pytest
from training.made_scores import corpus_of

from bridge.training.card import CardFacts, card_text
from jaxmodels.config import ModelConfig, TrainConfig


@pytest.mark.parametrize(
    ("rights", "words"),
    [("embedded", "essenFolksong"), ("restricted", "private use"), ("own", "the trainer's own choice")],
)
def test_a_card_says_whose_music_it_was(rights: str, words: str) -> None:
    facts = CardFacts(
        name="mine",
        model_config=ModelConfig(),
        train_config=TrainConfig(),
        parameters=1_300_000,
        corpus=corpus_of([1, 2], [0, 1]),
        train_works=1,
        valid_works=1,
        split_remark="",
        rights=rights,
        best={"step": 7, "seconds": 600, "notes": 12345, "valid_continue": 2.0, "valid_infill": 3.0},
        command="jaxmuse train",
        machine="an abacus",
        versions={"jax": "1"},
        figures={"5-gram": {"continue": 2.5}},
    )
    text = card_text(facts)
    assert words in text
    for line in (
        "| task | valid | 5-gram |",
        "| continue | 2.000 | 2.500 |",
        "| infill | 3.000 | – |",
        "| mean | 2.500 | 2.500 |",
        "| mine | 2 | 128 | 1 | 1 | 0 |",
    ):
        assert line in text
    assert "1,300,000 parameters" in text
    assert "None" not in text

"""Models are found by name and by folder, and what is wrong with one is one sentence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tiny_model import save_tiny_model

from bridge.character import Character
from bridge.errors import ModelError
from bridge.fill import FillOptions, fill_document
from bridge.models import RELEASED, list_models, load_model
from bridge.open import open_document
from bridge.score import Region
from jaxmodels.checkpoint import load_config, save_model
from jaxmodels.checkpoint import load_model as load
from jaxmodels.config import ModelConfig

MOST_BYTES = 12 * 2**20


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(tmp_path_factory.mktemp("tiny"))


def test_the_released_models_are_listed_and_load() -> None:
    listed = {model["name"]: model for model in list_models()}
    assert "wavenet" in listed
    for name, facts in listed.items():
        model = load_model(name)
        assert model.name == name
        assert facts["parameters"] > 0
        assert facts["size_bytes"] <= MOST_BYTES
        assert ("chorale" in facts["styles"]) == (facts["kind"] != "rbm")
        assert (model.folder / "MODEL_CARD.md").is_file()
        assert load_model(f"{name}-base").folder == model.folder


def test_a_folder_or_a_trainings_folder_is_a_model_by_the_name_given(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_model(str(folder)).name == folder.name
    shutil.copytree(folder, tmp_path / "mine" / "best")
    model = load_model(f"{tmp_path / 'mine'}/")
    assert (model.name, model.folder) == ("mine", tmp_path / "mine" / "best")
    monkeypatch.chdir(tmp_path / "mine")
    assert load_model(".").name == "mine"


def test_an_unknown_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        ModelError, match=r"there is no such model\. Take one of lstm, wavenet, rbm, or a folder"
    ):
        load_model(str(tmp_path / "none"))


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        ("weights.safetensors", b"", "is damaged"),
        ("weights.safetensors", None, "no readable weights.safetensors"),
        ("config.json", b"{]", "isn't a model's configuration"),
        (
            "config.json",
            b'{"kind": "wavenet", "depth": 3}',
            "unknown keys in the model's configuration: depth",
        ),
        ("config.json", b"[]", "isn't a model's configuration .a JSON object is needed, not list"),
        ("config.json", b'{"kernel_size": "two"}', "isn't a model's configuration"),
        ("config.json", b'{"kind": "harp"}', r"its kind of model, 'harp', is unknown to this version"),
    ],
)
def test_a_damaged_model_is_refused(
    folder: Path, tmp_path: Path, file: str, content: bytes | None, sentence: str
) -> None:
    broken = Path(shutil.copytree(folder, tmp_path / "broken"))
    if content is None:
        (broken / file).unlink()
    else:
        (broken / file).write_bytes(content)
    with pytest.raises(ModelError, match=sentence) as caught:
        load_model(str(broken))
    assert caught.value.where == f"option --model {broken}"


def test_a_damaged_released_model_is_one_sentence(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Path(shutil.copytree(folder, tmp_path / RELEASED["wavenet"]))
    (broken / "config.json").write_bytes(b"[]")
    monkeypatch.setattr("bridge.models.checkpoints_folder", lambda: tmp_path)
    with pytest.raises(ModelError, match=r"^model 'wavenet': .* Install jaxmuse again\.$"):
        list_models()


@pytest.mark.parametrize(
    ("facts", "nll"),
    [({}, None), ({"test": {}}, None), ({"test": {"continue": 2.0, "infill": 3.0, "mean": 9.0}}, 2.5)],
)
def test_the_figure_of_a_model_is_the_mean_over_its_tasks(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, facts: dict, nll: float | None
) -> None:
    save_model(tmp_path / RELEASED["wavenet"], *load(folder), facts)
    monkeypatch.setattr("bridge.models.checkpoints_folder", lambda: tmp_path)
    assert [model["test_nll"] for model in list_models()] == [nll]


def test_the_styles_of_a_model_are_those_that_can_be_asked_for(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, params = load(folder)
    styled = ModelConfig(**{**vars(load_config(folder)), "styles": ("unknown", "waltz", "march", "waltz")})
    save_model(tmp_path / RELEASED["wavenet"], styled, params)
    monkeypatch.setattr("bridge.models.checkpoints_folder", lambda: tmp_path)
    (styles,) = (model["styles"] for model in list_models())
    assert styles == ["waltz", "march"]
    for style in styles:
        assert Character(style=style).style_index(styled.styles) > 0


def test_weights_that_do_not_fit_are_refused(folder: Path, tmp_path: Path, examples: Path) -> None:
    _, params = load(folder)
    wider = ModelConfig(**{**vars(load_config(folder)), "head_channels": 24})
    save_model(tmp_path / "unfit", wider, params)
    document = open_document(examples / "tune.musicxml")
    with pytest.raises(ModelError, match="its weights don't fit this version of jaxmuse"):
        fill_document(
            document, Region(1, 2, (0,)), load_model(str(tmp_path / "unfit")), FillOptions(seed=1)
        )

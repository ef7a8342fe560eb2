"""Programs that are traced once for all processes."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import jax
import numpy as np
import pytest
from drawn_holes import ANY_REST, drawn_batch, keys
from untrained import CONFIG, SIZES, random_params

from jaxmodels import exported
from jaxmodels.decode import fill_holes
from jaxmodels.exported import SUFFIX, Programs, make_storable
from jaxmodels.model import BACKBONES
from jaxmodels.window_layout import Window
from jaxmodels.wishes import Wishes, make_wishes


class Pair(NamedTuple):
    first: jax.Array
    second: jax.Array


make_storable(Pair)
PAIR = Pair(np.arange(3.0, dtype=np.float32), np.array([1, 2], np.int32))


def wishes_for(windows: Window) -> Wishes:
    one = jax.tree.map(lambda leaf: leaf[0], windows)
    return make_wishes(one, SIZES.events, np.full(SIZES.staves, ANY_REST), top_p=1.0)


@pytest.fixture
def traced() -> list[str]:
    """What was traced so far."""
    return []


def run(programs: Programs, traced: list[str], settings: object = 2, pair: Pair = PAIR) -> Pair:
    def doubled(pair: Pair, factor: jax.Array) -> Pair:
        traced.append("doubled")
        return Pair(pair.first * factor, pair.second + 1)

    found = programs.run(doubled, settings, pair, 2.0)
    np.testing.assert_array_equal(found.first, 2 * pair.first)
    np.testing.assert_array_equal(found.second, pair.second + 1)
    return found


def test_the_next_process_traces_nothing(tmp_path: Path, traced: list[str]) -> None:
    first = Programs(tmp_path / "new" / "folder", "one")
    assert isinstance(run(first, traced), Pair)
    assert traced == ["doubled"]
    run(first, traced)
    assert (traced, first.compiled()) == (["doubled"], 1)
    assert isinstance(run(Programs(tmp_path / "new" / "folder", "one"), traced), Pair)
    assert traced == ["doubled"]


@pytest.mark.parametrize("other", ["identity", "settings", "shape", "dtype"])
def test_what_differs_is_traced_anew(tmp_path: Path, traced: list[str], other: str) -> None:
    run(Programs(tmp_path, "one"), traced)
    programs = Programs(tmp_path, "two" if other == "identity" else "one")
    pair = {
        "shape": PAIR._replace(first=np.zeros(4, np.float32)),
        "dtype": PAIR._replace(first=PAIR.first.astype(np.int32)),
    }.get(other, PAIR)
    run(programs, traced, 3 if other == "settings" else 2, pair)
    assert len(traced) == 2
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("keep", [0, 20, -1])
def test_a_damaged_file_is_replaced(tmp_path: Path, traced: list[str], keep: int) -> None:
    run(Programs(tmp_path, "one"), traced)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[:keep])
    run(Programs(tmp_path, "one"), traced)
    assert len(traced) == 2
    run(Programs(tmp_path, "one"), traced)
    assert len(traced) == 2
    assert len(path.read_bytes()) == len(whole)


def test_without_a_folder_it_is_traced_each_time(tmp_path: Path, traced: list[str]) -> None:
    (tmp_path / "file").write_text("in the way")
    for count in (1, 2):
        run(Programs(tmp_path / "file", "one"), traced)
        assert len(traced) == count


def test_two_may_write_at_once(tmp_path: Path, traced: list[str]) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: run(Programs(tmp_path, "one"), traced), range(8)))
    assert [path.suffix for path in tmp_path.iterdir()] == [SUFFIX]
    before = len(traced)
    run(Programs(tmp_path, "one"), traced)
    assert len(traced) == before


def test_what_was_not_used_for_longest_goes(
    tmp_path: Path, traced: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exported, "MOST_KEPT", 2)
    for settings in range(4):
        run(Programs(tmp_path, "one"), traced, settings)
    assert len(list(tmp_path.iterdir())) == 2
    run(Programs(tmp_path, "one"), traced, 3)
    assert len(traced) == 4


def test_a_fill_is_the_same_by_kept_programs(tmp_path: Path) -> None:
    batch = drawn_batch(3, ANY_REST)
    asked = (CONFIG, batch.params, batch.windows, SIZES.beats, SIZES.events)
    for _ in range(2):
        drawing = keys(len(batch.cases), 3), wishes_for(batch.windows), lambda share: None
        again = fill_holes(*asked, *drawing, Programs(tmp_path, "one"))
        for one, two in zip(batch.drawn, jax.device_get(again), strict=True):
            np.testing.assert_array_equal(one, two)
    assert len(list(tmp_path.iterdir())) == 2


class NeverRun(Programs):
    def run(self, function: Callable, settings: object, *args: Any) -> Any:
        self.exported(self.key(function, settings, args), function, args)
        return jax.eval_shape(function, *args)


def test_every_kind_of_model_can_be_kept(tmp_path: Path) -> None:
    windows = drawn_batch(3, ANY_REST).windows
    for number, kind in enumerate(BACKBONES, 1):
        config = replace(CONFIG, kind=kind, lstm_channels=8)
        params = random_params(config, jax.tree.map(lambda leaf: leaf[0], windows), SIZES)
        asked = (params, windows, SIZES.beats, SIZES.events, keys(len(windows.hole_ticks), 3))
        fill_holes(config, *asked, wishes_for(windows), None, NeverRun(tmp_path, "one"))
        assert len(list(tmp_path.iterdir())) == 2 * number


def test_kinds_are_made_storable_once_by_whoever_is_first(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = [NamedTuple(f"Kind{number}", [("one", int)]) for number in range(3)]
    registered: list[type] = []

    def register(kind: type, *, serialized_name: str) -> None:
        assert kind not in registered
        time.sleep(0.01)  # so that the others come meanwhile
        registered.append(kind)

    monkeypatch.setattr(exported.export, "register_namedtuple_serialization", register)
    with ThreadPoolExecutor(4) as pool:
        for made in [pool.submit(make_storable, *kinds[:2]) for _ in range(4)]:
            made.result()
    make_storable(*kinds[1:])
    assert registered == kinds

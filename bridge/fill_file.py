"""One score file from the request to the written result: open, select, check the output, fill, write.

The shell, `--json` and Python all come through here, so that one request gives the same bytes to all.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.account import Account, account_of
from bridge.errors import JaxmuseError
from bridge.filled_score import FilledScore
from bridge.measure_choice import printed_range
from bridge.open import open_document
from bridge.output import check_output, format_of, make_folder
from bridge.placement import Placement
from bridge.regions import Selection, resolve
from bridge.score import Document, Region
from bridge.whole_file import write_whole

if TYPE_CHECKING:
    from bridge.alternatives import FillOptions
    from bridge.fill import Filled, Model
    from bridge.part_writing.check import Report

    Progress = Callable[[float], None]
    ModelLoader = Callable[[], Model]


CHECKED_MEASURES = 4
"""Read on both sides of the region for the report: what sounds at its borders began there."""


def fill_score(
    path: Path,
    selection: Selection,
    model: ModelLoader,
    options: FillOptions,
    progress: Progress | None = None,
    suffix: str | None = None,
    check: bool = False,
) -> FilledScore:
    """Open the score at `path` and fill what `selection` means.

    - `model`: loads the model; called when the request has turned out to be possible.
    - `suffix`: the format wanted in the end, where it isn't the input's own.
    - `check`: report on the part-writing.

    Raises a `JaxmuseError` with the file as place.
    """
    started = time.perf_counter()
    with placed(path):
        document = open_document(path, suffix)
        region = resolve(document, selection)
        return fill_region(path, document, region, model, options, progress, started, check)


def fill_file(
    path: Path,
    selection: Selection,
    model: ModelLoader,
    options: FillOptions,
    placement: Placement,
    progress: Progress | None = None,
    inputs: Sequence[Path] = (),
    written: Collection[Path] = (),
    check: bool = False,
) -> tuple[Account, tuple[Path, ...], tuple[Path, ...]]:
    """Fill the score at `path`, write it; return what is told, the alternatives' files and the pictures.

    No output may be one of `inputs`, nor of the files `written` before in the same run. The outputs are
    checked before the model runs, and all are there in memory before the first is written. Raises a
    `JaxmuseError` with its place.
    """
    started = time.perf_counter()
    suffix = None if placement.output is None else format_of(placement.output)
    if placement.folder is not None:
        make_folder(placement.folder)
    with placed(path):
        document = open_document(path, suffix)
    outputs = placement.outputs_for(path, document.suffix, options.alternatives)
    pictures = [outputs[0].with_suffix(".png")] if placement.png else []
    if pictures and document.suffix != ".mid":
        from bridge.report import check_drawing

        check_drawing()
    for each in [*outputs, *pictures]:
        check_output(each, [path, *inputs], placement.force, written)
    with placed(path):
        region = resolve(document, selection)
        score = fill_region(path, document, region, model, options, progress, started, check)
        outputs = outputs[: len(score.filled.alternatives)]
        contents = [score.to_bytes(format_of(each), number) for number, each in enumerate(outputs)]
        contents += [_draw(score) for _ in pictures]
    for each, data in zip([*outputs, *pictures], contents, strict=True):
        write_whole(each, data, placement.force)
    return account_of(score), tuple(outputs), tuple(pictures)


def fill_region(
    path: Path,
    document: Document,
    region: Region,
    model: ModelLoader,
    options: FillOptions,
    progress: Progress | None,
    started: float,
    check: bool,
) -> FilledScore:
    """Fill `region` of `document`, which came from `path`.

    - `model`, `options`, `progress`, `check`: as in `fill_score`.
    - `started`: when it was opened, a time of `time.perf_counter`.

    Raises a `JaxmuseError` for a region that the model can't take, or for the model.
    """
    from bridge.fill import fill_document

    loaded = model()
    filled = fill_document(document, region, loaded, options, progress)
    score = document.score(0, 0)
    parts = dict.fromkeys(score.staves[index].part_index for index in region.staves)
    names = tuple(score.parts[index].name or f"part {index + 1}" for index in parts)
    return FilledScore(
        path=path,
        document=document,
        region=region,
        parts=names,
        measures=tuple(measure.number for measure in score.measures[region.start : region.stop]),
        where=printed_range(score.measures, region.start, region.stop),
        filled=filled,
        model=loaded.name,
        seed=options.seed,
        seconds=time.perf_counter() - started,
        checks=_reports(filled, loaded, options) if check else (),
    )


def _reports(filled: Filled, model: Model, options: FillOptions) -> tuple[Report, ...]:
    """Return the report on each alternative as it will be read, beside the style that was asked for."""
    from bridge.part_writing.check import check_fill

    region = filled.region
    style = None
    if options.character.style is not None:
        style = model.config.styles[options.character.style_index(model.config.styles)]
    read = max(0, region.start - CHECKED_MEASURES), region.stop + CHECKED_MEASURES
    count = len(filled.alternatives)
    return tuple(check_fill(filled.apply(number).score(*read), region, style) for number in range(count))


@contextlib.contextmanager
def placed(path: Path) -> Iterator[None]:
    """Put the file's name in front of an error's place, where it isn't there yet."""
    try:
        yield
    except JaxmuseError as error:
        if path.name not in error.where:
            error.at(path.name)
        raise


def _draw(score: FilledScore) -> bytes:
    """Return the picture of the best alternative as a PNG."""
    from bridge.report import before_after_picture, piano_roll_picture

    if score.document.suffix == ".mid":
        return piano_roll_picture(score.filled.apply(0).score(), score.region)
    before, after = score.document.to_bytes(".musicxml"), score.to_bytes(".musicxml")
    return before_after_picture(before, after, score.region)

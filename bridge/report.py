"""Pictures of scores: engraved before and after a fill, and a piano roll."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from bridge.errors import UsageError, WriteError
from bridge.score import Region, Score

SVG = "http://www.w3.org/2000/svg"
MARGIN_MEASURES = 2
"""Measures shown on each side of the filled ones."""
PAGE_WIDTH = 2400
"""In Verovio's units; at `SCALE` percent of it in pixels, times `ZOOM`."""
SCALE = 50
ZOOM = 1.5
HEADING = 44
"""Pixels above each score for the words `before` and `after`."""
TINT = "#ffe9a8"
TEXT_SIGNS = {"\ueca3": "\U0001d15e", "\ueca5": "♩", "\ueca7": "♪", "\uecb7": "."}
"""Notes inside text, as Verovio's music font has them, and what an ordinary font has for them."""
ROLL_COLOURS = ("#1f5fa8", "#b8432f", "#2e7d4f", "#8a5a9e", "#b07a1e", "#4c8c9b")


def check_drawing() -> None:
    """Raise `UsageError` where the libraries that draw scores aren't installed."""
    for name in ("verovio", "resvg_py"):
        _drawing_library(name)


def before_after_picture(before: bytes, after: bytes, region: Region) -> bytes:
    """Return a PNG of the score around `region` before and after, the filled staves tinted.

    - `before`, `after`: uncompressed MusicXML with the same measures and staves.

    Raises `UsageError` where the libraries that draw aren't installed.
    """
    pages = [("before", page) for page in _engrave(before, region)]
    pages += [("after", page) for page in _engrave(after, region)]
    return _to_png(_stack(pages))


def piano_roll_picture(score: Score, region: Region) -> bytes:
    """Return a PNG of the notes around `region`: time across, pitch upward, one colour for each staff."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter

    start, stop = _shown(region, len(score.measures))
    shown = score.measures[start:stop]
    figure = Figure(figsize=(14, 5), dpi=120, layout="constrained")
    axes = figure.add_subplot()
    filled = score.measures[region.start : region.stop]
    axes.axvspan(float(filled[0].onset_quarter), float(filled[-1].end_quarter), color=TINT, zorder=0)
    pitches = []
    for staff in score.staves:
        notes = [
            note
            for note in staff.notes
            if shown[0].onset_quarter <= note.onset_quarter < shown[-1].end_quarter
        ]
        pitches += [note.pitch for note in notes]
        axes.barh(
            [note.pitch for note in notes],
            [float(note.duration_quarter) for note in notes],
            left=[float(note.onset_quarter) for note in notes],
            height=0.8,
            color=ROLL_COLOURS[staff.index % len(ROLL_COLOURS)],
            edgecolor="white",
            linewidth=0.5,
            label=_staff_name(score, staff.index),
            zorder=2,
        )
    axes.set_xlim(float(shown[0].onset_quarter), float(shown[-1].end_quarter))
    axes.set_ylim(min(pitches, default=60) - 2, max(pitches, default=72) + 2)
    axes.set_xticks(
        [float(measure.onset_quarter) for measure in shown], [measure.number for measure in shown]
    )
    octave_names = FuncFormatter(lambda pitch, _: f"C{int(pitch) // 12 - 1}")
    axes.yaxis.set_major_locator(_every_octave())
    axes.yaxis.set_major_formatter(octave_names)
    axes.grid(True, axis="x", color="#bbbbbb", linewidth=0.6, zorder=1)
    axes.set_xlabel("measure")
    axes.set_ylabel("pitch")
    if score.staves:
        axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def _engrave(musicxml: bytes, region: Region) -> Iterator[etree._Element]:
    """Yield the pages that show `region` as SVG trees, its staves tinted."""
    verovio = _drawing_library("verovio")
    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    toolkit.setOptions(
        {
            "adjustPageHeight": True,
            "breaks": "auto",
            "footer": "none",
            "header": "none",
            "pageHeight": 60000,
            "pageWidth": PAGE_WIDTH,
            "scale": SCALE,
            "xmlIdSeed": 1,
        }
    )
    if not toolkit.loadData(musicxml.decode("utf-8", "replace")):
        raise WriteError("Verovio can't engrave the score", where="option --png", fix="Leave out --png.")
    start, stop = _shown(region, _measure_count(musicxml))
    toolkit.select({"measureRange": f"{start + 1}-{stop}"})  # a range past the end would select nothing
    toolkit.redoLayout()
    measure_index = start
    for page in range(1, toolkit.getPageCount() + 1):
        tree = etree.fromstring(toolkit.renderToSVG(page).encode("utf-8"))
        for measure in tree.iter(f"{{{SVG}}}g"):
            if measure.get("class") != "measure":
                continue
            if region.start <= measure_index < region.stop:
                _tint(measure, region)
            measure_index += 1
        _replace_signs(tree)
        yield tree


def _tint(measure: etree._Element, region: Region) -> None:
    """Put a coloured ground behind the region's staves of one drawn measure."""
    staves = [child for child in measure if child.get("class") == "staff"]
    for index in region.staves:
        lines = (
            [line.get("d", "") for line in staves[index] if line.tag == f"{{{SVG}}}path"]
            if index < len(staves)
            else []
        )
        corners = [
            [float(number) for number in line.replace("M", "").replace("L", "").split()] for line in lines
        ]
        corners = [corner for corner in corners if len(corner) == 4]
        if not corners:
            continue
        left, right = corners[0][0], corners[0][2]
        top, bottom = min(corner[1] for corner in corners), max(corner[1] for corner in corners)
        ground = etree.Element(f"{{{SVG}}}rect")
        for name, value in (
            ("x", left),
            ("y", top - 180),
            ("width", right - left),
            ("height", bottom - top + 360),
        ):
            ground.set(name, f"{value:g}")
        ground.set("style", f"fill:{TINT};stroke:none")
        staves[index].insert(0, ground)


def _replace_signs(tree: etree._Element) -> None:
    for text in tree.iter(f"{{{SVG}}}tspan"):
        if text.text and any("\ue000" <= sign <= "\uf8ff" for sign in text.text):
            text.text = "".join(
                TEXT_SIGNS.get(sign, "" if "\ue000" <= sign <= "\uf8ff" else sign) for sign in text.text
            )
            text.set("font-family", "DejaVu Sans")


def _stack(pages: list[tuple[str, etree._Element]]) -> etree._Element:
    """Return one SVG of the pages below one another, a heading above the first of each name."""
    stacked = etree.Element(f"{{{SVG}}}svg", nsmap={None: SVG})
    width = height = 0.0
    named = None
    for name, page in pages:
        if name != named:
            heading = etree.SubElement(stacked, f"{{{SVG}}}text", x="24", y=f"{height + 30:g}")
            heading.set("style", "font-family:DejaVu Sans;font-size:20px;fill:#555555")
            heading.text = name
            named, height = name, height + HEADING
        page.set("y", f"{height:g}")
        stacked.append(page)
        width = max(width, float(page.get("width", "0").removesuffix("px")))
        height += float(page.get("height", "0").removesuffix("px"))
    stacked.set("width", f"{width:g}")
    stacked.set("height", f"{height:g}")
    return stacked


def _to_png(svg: etree._Element) -> bytes:
    import matplotlib

    resvg_py = _drawing_library("resvg_py")
    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    drawn = resvg_py.svg_to_bytes(
        svg_string=etree.tostring(svg, encoding="unicode"),
        background="white",
        zoom=ZOOM,
        skip_system_fonts=True,
        font_dirs=[str(fonts)],
        font_family="DejaVu Serif",
        serif_family="DejaVu Serif",
        sans_serif_family="DejaVu Sans",
    )
    return bytes(drawn)


def _drawing_library(name: str) -> Any:
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise UsageError(
            f"pictures of scores need the library {name}",
            where="option --png",
            fix="Install it with: pip install 'jaxmuse[pictures]'.",
        ) from error


def _measure_count(musicxml: bytes) -> int:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return len(etree.fromstring(musicxml, parser).find("part").findall("measure"))


def _shown(region: Region, measure_count: int) -> tuple[int, int]:
    return max(0, region.start - MARGIN_MEASURES), min(measure_count, region.stop + MARGIN_MEASURES)


def _staff_name(score: Score, staff_index: int) -> str:
    staff = score.staves[staff_index]
    part = score.parts[staff.part_index]
    name = part.name or f"part {part.index + 1}"
    return name if len(part.staves) == 1 else f"{name} {staff.number}"


def _every_octave() -> Any:
    from matplotlib.ticker import MultipleLocator

    return MultipleLocator(12)

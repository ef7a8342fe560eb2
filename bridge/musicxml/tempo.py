"""The tempo that a score begins with."""

from __future__ import annotations

import lxml.etree as etree

from bridge.musicxml.timeline import timeline

SLOWEST, FASTEST = 4.0, 9999.0
"""Quarters per minute; beyond these a number is no tempo, and MIDI has no room for slower ones."""


def opening_tempo(root: etree._Element) -> float | None:
    """Return the tempo at the first measure's very beginning in quarters per minute, None if there is none.

    - `root`: of a partwise score; the first part that tells a tempo there counts, and its last one if
      it tells several.

    Later tempos (a ritardando, a new section) say nothing of the beginning.
    """
    for part in root.findall("part"):
        measure = part.find("measure")
        told = [] if measure is None else [_tempo(sound) for sound in _opening_sounds(measure)]
        told = [tempo for tempo in told if tempo is not None]
        if told:
            return told[-1]
    return None


def _opening_sounds(measure: etree._Element) -> list[etree._Element]:
    """Return the `sound` elements at the measure's beginning, before any time has passed."""
    sounds = []
    for item in timeline(measure, 1):
        if item.onset_quarter:
            continue
        if item.tag == "sound":
            sounds.append(item.element)
        elif item.tag == "direction" and _is_here(item.element):
            sounds += item.element.findall("sound")
    return [sound for sound in sounds if _is_here(sound)]


def _is_here(element: etree._Element) -> bool:
    """Whether it happens where it stands, not at an offset from there."""
    return (element.findtext("offset") or "0").strip().strip("+-0.") == ""


def _tempo(sound: etree._Element) -> float | None:
    try:
        tempo = float(sound.get("tempo", ""))
    except ValueError:
        return None
    return tempo if SLOWEST <= tempo <= FASTEST else None

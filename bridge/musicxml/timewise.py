"""Timewise scores (measures that hold parts) turned into partwise ones (parts that hold measures)."""

from __future__ import annotations

import lxml.etree as etree


def make_partwise(tree: etree._ElementTree) -> None:
    """Regroup a `score-timewise` tree in place; every music element is moved, none is copied."""
    root = tree.getroot()
    measures = root.findall("measure")
    parts: dict[str, etree._Element] = {}
    indent = measures[0].tail if measures else None
    for measure in measures:
        for timed_part in measure.findall("part"):
            part_id = timed_part.get("id", "")
            if part_id not in parts:
                parts[part_id] = etree.Element("part", dict(timed_part.attrib))
                parts[part_id].text = measure.text
                parts[part_id].tail = indent
            regrouped = etree.SubElement(parts[part_id], "measure", dict(measure.attrib))
            regrouped.text = timed_part.text
            regrouped.tail = measure.text
            regrouped.extend(list(timed_part))
        root.remove(measure)
    for part in parts.values():
        part[-1].tail = indent
        root.append(part)
    root.tag = "score-partwise"

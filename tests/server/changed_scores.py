"""MusicXML of which elements were removed, repeated, moved and changed: well-formed, seldom sensible."""

from __future__ import annotations

import copy
import random

from lxml import etree

NUMBERS = ("0", "-1", "99999999999999999999", "1e9", "x", "", "0.333", "NaN", "1", "7")


def changed(score: str, dice: random.Random, count: int) -> str:
    """Return `score` with `count` changes."""
    root = etree.fromstring(score.encode(), etree.XMLParser(load_dtd=False, no_network=True))
    for _ in range(count):
        inside = [each for each in root.iter() if isinstance(each.tag, str) and each is not root]
        if not inside:
            break
        chosen, other = dice.choice(inside), dice.choice(inside)
        change = dice.choice(("remove", "repeat", "move", "text", "text", "attribute"))
        if change == "remove":
            chosen.getparent().remove(chosen)
        elif change == "repeat":
            other.addnext(copy.deepcopy(chosen))
        elif change == "move" and chosen is not other and chosen not in other.iterancestors():
            other.addnext(chosen)
        elif change == "text":
            _change_text(inside, dice)
        elif chosen.attrib:
            chosen.set(dice.choice(list(chosen.attrib)), dice.choice(NUMBERS))
    return etree.tostring(root, encoding="unicode")


def _change_text(inside: list[etree._Element], dice: random.Random) -> None:
    leaves = [each for each in inside if each.text and each.text.strip()]
    if leaves:
        leaf = dice.choice(leaves)
        alike = [each.text for each in leaves if each.tag == leaf.tag]
        leaf.text = dice.choice(alike if dice.random() < 0.6 else NUMBERS)

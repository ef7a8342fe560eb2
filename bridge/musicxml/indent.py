"""The white space around new elements, so that an edited file looks like the rest of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import lxml.etree as etree


@dataclass(frozen=True, slots=True)
class Indent:
    """What stands before a measure's children, before its end tag, between measures, and one level more.

    All empty where the file has no white space between elements.
    """

    child: str = ""
    end: str = ""
    between: str = ""
    step: str = ""

    @classmethod
    def of(cls, part: etree._Element) -> Indent:
        """Return the habit of a part's first measure that shows one."""
        for measure in part.iterfind("measure"):
            if len(measure) and measure.text and not measure.text.strip():
                note = next((note.text for note in measure.iterfind("note") if note.text), "")
                step = note[len(measure.text) :] if note.startswith(measure.text) else "  "
                return cls(measure.text, _blank(measure[-1].tail), _blank(part.text), step)
        return cls()

    def set_children(
        self, measure: etree._Element, children: Sequence[etree._Element], new: set[int]
    ) -> None:
        """Replace the measure's children; those whose `id` is in `new` are indented inside too."""
        for child in list(measure):
            measure.remove(child)
        measure.text = self.child or None
        for child in children:
            if id(child) in new:
                self._indent(child, self.child)
            child.tail = self.child or None
            measure.append(child)
        if children:
            children[-1].tail = self.end or None

    def _indent(self, element: etree._Element, outer: str) -> None:
        if not len(element) or not self.child:
            return
        inner = outer + self.step
        element.text = inner
        for child in element:
            self._indent(child, inner)
            child.tail = inner
        element[-1].tail = outer


def _blank(text: str | None) -> str:
    return text if text and not text.strip() else ""

"""XML text to an lxml tree and back: nothing is loaded, expanded or lost on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass

import lxml.etree as etree

from bridge.errors import ReadError

MAX_XML_BYTES = 256 * 2**20

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_PROLOG = re.compile(r"\ufeff?(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*", re.DOTALL)


def parse_tree(data: bytes) -> etree._ElementTree:
    """Return the parsed tree; raises `ReadError` for what isn't well-formed XML or declares entities.

    No DTD is loaded, no entity expanded, no network used; comments and processing instructions stay.
    """
    if not data.strip(b"\0 \t\r\n\xff\xfe\xef\xbb\xbf"):
        raise ReadError("the file is empty", fix="Export the score again.")
    if len(data) > MAX_XML_BYTES:
        raise ReadError(f"the XML is longer than {MAX_XML_BYTES // 2**20} MiB", fix="Split the score.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, attribute_defaults=False, huge_tree=False
    )
    try:
        tree = etree.fromstring(data, parser).getroottree()
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        reason = str(error).split(" (<string>")[0]
        raise ReadError(
            f"this isn't well-formed XML ({reason})",
            fix="Export the score again as MusicXML; the file may be truncated or of another format.",
        ) from error
    subset = tree.docinfo.internalDTD
    if subset is not None and next(iter(subset.iterentities()), None) is not None:
        raise ReadError("the file declares XML entities", fix="Export it again as plain MusicXML.")
    if next(tree.iter(etree.Entity), None) is not None:
        raise ReadError("the file refers to XML entities", fix="Export it again as plain MusicXML.")
    return tree


@dataclass(frozen=True, slots=True)
class Shell:
    """What stands around the root element and how the text was encoded.

    - `prolog`: declaration, doctype, comments and instructions, as they were.
    """

    prolog: str
    encoding: str
    newline: str

    @classmethod
    def of(cls, data: bytes, tree: etree._ElementTree) -> Shell:
        """Return the shell of a text that `parse_tree` has read."""
        encoding = tree.docinfo.encoding or "UTF-8"
        try:
            text = data.decode(encoding)
        except (LookupError, UnicodeError):  # known to the parser alone: written as UTF-8
            doctype = tree.docinfo.doctype
            return cls(_DECLARATION + (f"{doctype}\n" if doctype else ""), "UTF-8", "\n")
        prolog = _PROLOG.match(text)
        assert prolog is not None
        return cls(prolog[0], encoding, "\r\n" if "\r\n" in text[:4096] else "\n")

    def partwise(self) -> Shell:
        """Return the shell with a partwise doctype in place of a timewise one."""
        prolog = self.prolog
        for old, new in (
            ("score-timewise", "score-partwise"),
            ("Timewise", "Partwise"),
            ("timewise", "partwise"),
        ):
            prolog = prolog.replace(old, new)
        return Shell(prolog, self.encoding, self.newline)

    def wrap(self, tree: etree._ElementTree) -> bytes:
        """Return the whole document around the tree's root."""
        root = tree.getroot()
        nodes = [root, *root.itersiblings()]
        body = "\n".join(etree.tostring(node, encoding="unicode", with_tail=False) for node in nodes) + "\n"
        text = self.prolog + (body if self.newline == "\n" else body.replace("\n", self.newline))
        return text.encode(self.encoding, "xmlcharrefreplace")

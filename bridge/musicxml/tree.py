"""XML text to an lxml tree and back: nothing is loaded, expanded or lost on the way."""

from __future__ import annotations

import lxml.etree as etree

from bridge.errors import ReadError

MAX_XML_BYTES = 256 * 2**20


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


def newline_of(data: bytes) -> str:
    """Return the file's line ending, which XML parsing forgets."""
    head = data[:4096].replace(b"\0", b"")
    return "\r\n" if b"\r\n" in head else "\n"


def tree_bytes(tree: etree._ElementTree, newline: str = "\n") -> bytes:
    """Return the document in its own encoding, with declaration, doctype, comments and instructions."""
    info = tree.docinfo
    encoding = info.encoding or "UTF-8"
    standalone = {None: "", True: ' standalone="yes"', False: ' standalone="no"'}[info.standalone]
    declaration = f'<?xml version="{info.xml_version}" encoding="{encoding}"{standalone}?>\n'
    text = declaration + etree.tostring(tree, encoding="unicode").rstrip("\n") + "\n"
    if newline != "\n":
        text = text.replace("\n", newline)
    codec = "utf-16" if encoding.upper().startswith(("UTF-16", "UCS-2", "ISO-10646-UCS-2")) else encoding
    return text.encode(codec, "xmlcharrefreplace")

"""MusicXML files: read as a `Score`, and edited in place in their own XML tree."""

from bridge.musicxml.document import MusicXmlDocument

__all__ = ["MusicXmlDocument"]

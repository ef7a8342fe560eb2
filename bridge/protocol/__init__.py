"""The bridge's requests and replies: what travels as JSON, checked at the border.

One schema serves every client: a score as MusicXML text (MuseScore 3 writes it) or as the plain structure
that a walk over MuseScore 4's segments gives. Nothing here fills, serves or knows a host's own interface.
"""

VERSION = 1
"""Of the paths (`/v1/…`) and of every shape in this package."""

"""From a host's request to its reply: what a selection means, and notes as the host writes them.

A host is a notation program that shows the score itself (MuseScore). It sends its score as MusicXML text or
as a walk over its segments, and gets notes as note values to enter, or a MusicXML fragment to paste.
"""

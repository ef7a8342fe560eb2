"""What of music21's embedded corpus is left out of training, and why: read from the files themselves.

The BSD licence of music21 doesn't cover the scores that come with it. Restricted works are the user's own
choice on their own machine (`--include-restricted`); works that are no music to learn from are never read.
"""

from __future__ import annotations

RESTRICTED_COLLECTIONS: dict[str, str] = {
    "essenFolksong": "license.txt: permission for non-commercial distribution and use only",
    "palestrina": "every file: !!!YEM: Rights to all derivative electronic formats reserved",
    "josquin": "every file: GNU General Public License, whose terms follow derived works",
}

RESTRICTED_WORKS: dict[str, str] = {
    "bach/bwv277.krn": "!!!YEM: Rights to all derivative electronic formats reserved",
    "bach/bwv281.krn": "!!!YEM: Rights to all derivative electronic formats reserved",
    "bach/bwv366.krn": "!!!YEM: Rights to all derivative electronic formats reserved",
    "monteverdi/madrigal.5.4.mxl": "rights: Ut Orpheus Edizioni 2003",
    "monteverdi/madrigal.5.5.mxl": "rights: © Ut Orpheus 2003",
    "beach/prayer_of_a_tired_child.musicxml": "rights: CC BY-SA, whose terms follow derived works",
    "ciconia/quod_jactatur.xml": "rights: CC BY-SA 3.0, whose terms follow derived works",
    "luca/gloria.xml": "rights: CC BY-SA 3.0, whose terms follow derived works",
    "webern/webern_dormi_jesu_op_16_no_2.mxl": "rights: CC BY-SA, whose terms follow derived works",
}

LEFT_OUT_COLLECTIONS: dict[str, str] = {
    "demos": "fragments that show features of music21",
    "theoryExercises": "exercises, not works",
    "leadSheet": "a melody with chord symbols; one of the two: All Rights Reserved",
}

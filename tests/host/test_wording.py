"""What a reply says to people."""

from __future__ import annotations

from plain_document import choir

from bridge.host.wording import moved_notice, shortened_notice, summary
from bridge.score import Region


def test_a_summary_says_who_where_and_how_much() -> None:
    score = choir().whole
    assert summary(score, Region(8, 12, (0, 1, 2, 3)), 84) == "Soprano to Bass, measures 9 to 12: 84 notes"
    assert summary(score, Region(8, 9, (3,)), 1) == "Bass, measure 9: 1 note"


def test_notices_count() -> None:
    assert shortened_notice(1).startswith("1 note ends early: ")
    assert shortened_notice(2).startswith("2 notes end early: ")
    assert moved_notice(1).startswith("1 note was moved to the nearest 16th: ")
    assert moved_notice(3).startswith("3 notes were moved to the nearest 16th: ")

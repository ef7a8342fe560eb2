"""What the terminal shows."""

from __future__ import annotations

import pytest

from bridge.server.show import LiveLine, PlainLines

ADDRESS = "http://127.0.0.1:1"


@pytest.mark.parametrize("shown", [PlainLines(ADDRESS), LiveLine(ADDRESS)])
def test_a_name_in_a_score_is_no_command_to_the_terminal(
    shown: PlainLines, capsys: pytest.CaptureFixture[str]
) -> None:
    shown.failed("Violon\x1b[2J\x9b2J\ncelló, measure 1: it is too long. Split it.")
    assert capsys.readouterr().out.startswith("Violon?[2J?2J?celló, measure 1: it is too long. Split it.\n")


def test_where_it_listens_is_said_once_on_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    shown = LiveLine(ADDRESS)
    shown.listening()
    assert capsys.readouterr().out == ""
    shown.failed("a file: it can't be written (no space left on device). Make room.")
    shown.warming("loading the model", 1, 2)
    shown.ready(1.0)
    assert capsys.readouterr().out.count(f"listening on {ADDRESS} (Ctrl+C stops)\n") == 1

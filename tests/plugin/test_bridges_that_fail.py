"""Continue selection against a bridge that isn't there, is rude, or sends what can't be written."""

from __future__ import annotations

from pathlib import Path

import pytest
from free_port import free_port
from plugin.host.installed import SAY, install, plugin_on
from plugin.host.menu_items import CONTINUE, filling, run
from plugin.host.rude_bridge import rude_bridge
from plugin.host.scores import melody, selecting
from server.bridges import TOKEN, Bridge


def refused(tmp_path: Path, port: int, token: str = TOKEN, patience: dict[str, int] | None = None) -> str:
    """Run Continue against what listens there; return what was said of it, having changed nothing."""
    folder = install(tmp_path, port, token)
    with plugin_on(selecting(melody(), 2, 4), folder, CONTINUE) as stand_in:
        before = stand_in.dump()
        if patience is not None:
            usual = {"answer": 20000, "starting": 90000, "stall": 180000, "poll": 20}
            filling(stand_in).setProperty("patience", usual | patience)
        stage, sentence = run(stand_in)
        assert stage == "failed"
        assert (stand_in.dump(), stand_in.log()) == (before, [])
        return sentence


def test_no_bridge(tmp_path: Path) -> None:
    assert refused(tmp_path, free_port()) == f"The bridge isn't running. Type in a terminal: {SAY}"


def test_no_connection_file(tmp_path: Path, folder: Path) -> None:
    (folder / "connection.json").unlink()
    with plugin_on(selecting(melody(), 2, 4), folder, CONTINUE) as stand_in:
        assert "jaxmuse plugin install" in run(stand_in)[1]


def test_a_wrong_token(tmp_path: Path, bridge: Bridge) -> None:
    assert "doesn't accept this plugin" in refused(tmp_path, bridge.port, "wrong")


def test_no_answer_in_time(tmp_path: Path) -> None:
    with rude_bridge(silent=True) as rude:
        assert "gave no sign" in refused(tmp_path, rude.port, patience={"answer": 200})
        assert rude.calls == ["POST /v1/jobs"]


@pytest.mark.parametrize(
    ("status", "text", "said"),
    [
        (
            429,
            '{"code": "queue_full", "message": "8 requests wait already", "fix": "Try again."}',
            "wait already",
        ),
        (422, '{"code": "unfillable", "message": "no room", "fix": "Make room."}', "No room. Make room."),
        (404, "<html>nothing</html>", "error 404"),
        (500, "", "error 500"),
        (503, "{", "error 503"),
        (200, "garbage", "can't be understood"),
        (200, "[]", "can't be understood"),
        (200, '{"id": "a", "state": "eaten"}', "can't be understood"),
        (200, '{"id": "a", "state": "done", "reply": null}', "can't be understood"),
        (
            200,
            '{"id": "a", "state": "done", "reply": {"version": 1, "alternatives": []}}',
            "can't be understood",
        ),
        (200, '{"id": "a", "state": "failed", "problem": {"message": "no", "fix": "Yes."}}', "No. Yes."),
    ],
)
def test_errors_and_garbage(tmp_path: Path, status: int, text: str, said: str) -> None:
    with rude_bridge(status, text) as rude:
        assert said in refused(tmp_path, rude.port)


def test_notes_that_can_not_be_written_are_taken_back(tmp_path: Path) -> None:
    five = '{"value": [5, 8], "pitches": [{"pitch": 60, "tpc": 14, "tie": false}], "measure": false}'
    voice = f'{{"staff": 0, "voice": 1, "onset": [0, 1], "items": [{five}]}}'
    alternative = f'{{"nll": 1, "note_count": 1, "voices": [{voice}], "fragment": null}}'
    reply = (
        '{"version": 1, "model": "m", "seed": 1, "start": 2, "stop": 3, "append": 0, "staves": [0],'
        f' "where": "", "summary": "", "notices": [], "alternatives": [{alternative}]}}'
    )
    with rude_bridge(200, f'{{"id": "a", "state": "done", "reply": {reply}}}') as rude:
        folder = install(tmp_path, rude.port, TOKEN)
        with plugin_on(selecting(melody(), 2, 4), folder, CONTINUE) as stand_in:
            before = stand_in.dump()
            stage, sentence = run(stand_in)
            assert stage == "failed"
            assert "5/8" in sentence
            assert stand_in.dump() == before
            assert stand_in.log() == ["start Continue selection", "rollback"]

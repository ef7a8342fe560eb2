"""Every call of the bridge as a command and what it answers; a test runs the commands and compares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SETUP = """jaxmuse serve --background
TOKEN=$(cat ~/.config/jaxmuse/token)
BRIDGE=http://127.0.0.1:8765"""

_AUTHORIZED = 'curl -s -H "Authorization: Bearer $TOKEN"'
_POSTED = f"{_AUTHORIZED} \\\n  -H 'Content-Type: application/json' -d @docs/bridge_request.json"

_SENT_FILE = f"""CONTENT=$(base64 < examples/tune.musicxml | tr -d '\\n')
echo '{{"name": "a.musicxml", "kind": "musicxml", "content": "'$CONTENT'", "selection": {{"bars": 4}}}}' |
  {_AUTHORIZED} \\
  -H 'Content-Type: application/json' -d @- $BRIDGE/v1/files"""

_REPLY = {
    "version": 1,
    "model": "lstm",
    "seed": 7,
    "seconds": {"queued": 0.0002, "read": 0.0003, "fill": 0.1115, "write": 0.0007, "total": 0.1127},
    "start": 2,
    "stop": 3,
    "append": 0,
    "staves": [0],
    "where": "measure 3",
    "summary": "Flute, measure 3: 2 notes",
    "notices": [],
    "alternatives": [
        {
            "nll": 1.3116,
            "note_count": 2,
            "voices": [
                {
                    "staff": 0,
                    "voice": 1,
                    "onset": [0, 1],
                    "items": [
                        {
                            "value": [1, 2],
                            "pitches": [{"pitch": 67, "tpc": 15, "tie": False}],
                            "measure": False,
                        },
                        {
                            "value": [1, 4],
                            "pitches": [{"pitch": 67, "tpc": 15, "tie": False}],
                            "measure": False,
                        },
                    ],
                }
            ],
            "fragment": None,
            "copied_notes": 0,
            "warning": None,
        }
    ],
}


@dataclass(frozen=True)
class Call:
    """One call: its method and path, what it does, how to make it, and an answer with its status."""

    name: str
    told: str
    command: str
    status: int
    answer: dict[str, Any]


def _job(state: str, progress: float, **more: Any) -> dict[str, Any]:
    blank = {"position": 0, "progress": progress, "reply": None, "problem": None}
    return {"id": "oQ2vB5fWk1xTz8aM", "state": state, **blank, **more}


CALLS = [
    Call(
        "GET /v1/health",
        "Is the bridge there, and is everything compiled? Requests are taken before that too.\n"
        "[Health](#health)",
        f"{_AUTHORIZED} $BRIDGE/v1/health",
        200,
        {
            "status": "ok",
            "ready": False,
            "warming": "compiling for 2 staves",
            "version": "0.1.0",
            "program": "0f8e2c5d7b1a49630f8e2c5d7b1a49630f8e2c5d7b1a49630f8e2c5d7b1a4963",
            "jobs": {"running": 0, "queued": 0},
            "uptime_seconds": 12.5,
        },
    ),
    Call(
        "GET /v1/models",
        "The models that a request can name. [ModelList](#modellist)",
        f"{_AUTHORIZED} $BRIDGE/v1/models",
        200,
        {
            "version": 1,
            "models": [
                {
                    "name": "lstm",
                    "kind": "lstm",
                    "parameters": 1785265,
                    "size_bytes": 8330332,
                    "test_nll": 1.718655,
                    "styles": ["chorale", "early vocal", "chamber", "folk tune"],
                }
            ],
        },
    ),
    Call(
        "POST /v1/fill",
        "Fill and wait for the notes; closing the connection cancels. The same request with the same seed\n"
        "gives the same notes. [FillRequest](#fillrequest) → [FillReply](#fillreply)",
        f"{_POSTED} $BRIDGE/v1/fill",
        200,
        _REPLY,
    ),
    Call(
        "POST /v1/files",
        "Put the fill of a whole file into the queue; its job brings files as `jaxmuse fill` writes them.\n"
        "[FileRequest](#filerequest) → [JobState](#jobstate)",
        _SENT_FILE,
        202,
        _job("queued", 0.0),
    ),
    Call(
        "POST /v1/jobs",
        "Put a request into the queue and go on. [FillRequest](#fillrequest) → [JobState](#jobstate)",
        f'{_POSTED} $BRIDGE/v1/jobs | tee job.json\nJOB=$(sed \'s/.*"id":"\\([^"]*\\)".*/\\1/\' job.json)',
        202,
        _job("queued", 0.0),
    ),
    Call(
        "GET /v1/jobs/{id}",
        "How far is it? `progress` is the share of the measures that is decoded. Ask some five times a\n"
        "second; a job that is `done` brings its `reply`, one that `failed` its `problem`.\n"
        "[JobState](#jobstate)",
        f"{_AUTHORIZED} $BRIDGE/v1/jobs/$JOB",
        200,
        _job("running", 0.4375),
    ),
    Call(
        "DELETE /v1/jobs/{id}",
        "Stop it; it ends within a tenth of a second or so. A job that is over stays as it is, but files\n"
        "that it brought are forgotten.\n"
        "[JobState](#jobstate)",
        f"{_AUTHORIZED} -X DELETE $BRIDGE/v1/jobs/$JOB",
        200,
        _job(
            "cancelled",
            0.4375,
            problem={
                "code": "cancelled",
                "message": "the request was cancelled",
                "fix": "Send it again.",
            },
        ),
    ),
]

"""Write docs/bridge.md from the bridge's own schema: `python docs/make_bridge_reference.py [--check]`.

With `--check`, only tell (exit code 1) whether the file is out of date. The calls and their answers stand
in `bridge_calls.py`, from which a test runs them.
"""

from __future__ import annotations

import inspect
import json
import sys
from pathlib import Path
from typing import Any

from bridge_calls import CALLS, SETUP, Call

from bridge import bridge_calls, fill_by_bridge
from bridge.protocol import file, job, reply, request, walk
from bridge.protocol.shape import Shape
from bridge.server import exchange, incoming, jobs, patient_protocol, replies
from bridge.server.problems import STATUS

MOST = incoming.MOST_OF
PAGE = Path(__file__).parent / "bridge.md"
REQUEST = Path(__file__).parent / "bridge_request.json"

HEAD = f"""# The bridge

`jaxmuse serve` fills scores for other programs on the same machine: MuseScore's plugin is one, yours may be
another. HTTP/1.1 on 127.0.0.1, JSON in UTF-8, version 1 of everything under `/v1`. Made by
`python docs/make_bridge_reference.py`; a test makes every call below and compares what it answers.

```sh
{SETUP}
```

The token and the port (`bridge.json`) are in the user's configuration folder: `~/.config/jaxmuse` on Linux,
`~/Library/Application Support/jaxmuse` on macOS, `%LOCALAPPDATA%\\jaxmuse` on Windows.

## Who may ask

Every call carries `Authorization: Bearer` and the token, which only this user can read. `Host` must be
`127.0.0.1`, `localhost` or `[::1]`, with or without a port; a request with an `Origin` is refused, so no
web page can use the bridge. There is no CORS. A body is `application/json`, not compressed.

| limit | |
|---|---|
| body | {exchange.MOST_BODY_BYTES // 2**20} MiB, sent within {exchange.BODY_SECONDS:.0f} s |
| headers | sent within {patient_protocol.HEADER_SECONDS:.0f} s |
| JSON | {incoming.MOST_DEPTH} levels deep, no key twice, numbers of {incoming.MOST_DIGITS} digits |
| lists, keys, commas | at most {MOST["["]:,}, {MOST[":"]:,}, {MOST[","]:,} |
| queue | {jobs.MOST_QUEUED} jobs besides the one that runs |
| a job | {jobs.JOB_SECONDS:.0f} s from its beginning, {jobs.WAIT_SECONDS:.0f} s in the queue |
| when it is over | {jobs.KEPT_SECONDS / 60:.0f} minutes, and the last {jobs.MOST_FINISHED} of them |

## `jaxmuse fill` asks it too

Where the bridge runs, `jaxmuse fill` has it fill, for the bridge holds the model already. The files and the
words are the same, byte for byte; `--no-bridge` fills in the command's own process. The command reads the
score and writes the result, the bridge learns no folder. It is asked only if it is the process that
`bridge.json` tells of, runs this very program (`program` of [Health](#health): the files of jaxmuse, its
libraries, and the environment's settings of JAX), is ready, has nothing else to do, and has loaded the
released model from the files that are there now. Whatever it doesn't take is filled as without it:

- models of your own, `--png`, more than {request.MOST_ALTERNATIVES} alternatives, more than
  {request.MOST_MEASURES} measures, and files of more than {fill_by_bridge.MOST_FILE_BYTES // 2**20} MiB;
- all that it begins and can't end, because it is stopped or gives no answer for
  {bridge_calls.ANSWER_SECONDS:.0f} s.

Ctrl+C cancels the job, and so does the bridge where a file's client hasn't asked for it for
{jobs.UNHEARD_SECONDS:.0f} s; what was filled isn't kept longer either.
A score that music21 reads (abc, krn, …) is turned into MusicXML before it is sent.

## The calls
"""

SENT = """### docs/bridge_request.json

A flute's tune of which the third measure is empty. In place of `walk` a score may come as `musicxml`, its
whole text as a string.
"""

PROBLEMS_HEAD = """## Errors

Whatever goes wrong, the body is a `Problem`; `code` doesn't change between versions, the sentences may.

| status | code | |
|---|---|---|"""

MEANINGS = {
    "bad_request": "not HTTP, not JSON, or not the schema; `message` names the first wrong place",
    "unauthorized": "no token, or another one",
    "forbidden": "a `Host` that isn't loopback, or an `Origin`",
    "not_found": "no such address, or a job that is forgotten",
    "method_not_allowed": "the address exists, the method doesn't",
    "too_slow": "the body didn't arrive in time",
    "cancelled": "the job was cancelled while `/v1/fill` waited for it",
    "other_model": "the bridge holds other files of the model than those that `model_state` tells of",
    "too_large": "the body, or what is in it",
    "unsupported_media_type": "not plain `application/json`",
    "unfillable": "the score can't be read, or the selection can't be filled: say it to the user",
    "queue_full": "try again after `Retry-After` seconds",
    "internal": "a bug; its details are in `bridge.log` in the user's cache folder, which `fix` names",
    "stopping": "the bridge was told to stop",
    "timeout": "the job took too long",
}

SHAPES_HEAD = """## Shapes

Unknown keys are refused, and nothing is converted: `"1"` is no number. Keys without a default are required.
"""

SHAPES: list[type[Shape]] = [
    *(request.FillRequest, request.Selected, request.Options, request.Client),
    *(walk.Walk, walk.WalkMeasure, walk.WalkPart, walk.WalkStaff),
    *(reply.FillReply, reply.Timing, reply.FilledAlternative, reply.HostVoice),
    *(reply.HostChord, reply.HostTuplet, reply.HostPitch),
    *(file.FileRequest, file.FileSelection, file.FileReply, file.FileAlternative),
    *(job.JobState, reply.Problem),
    *(replies.Health, replies.JobCounts, replies.ModelList, replies.ModelFacts),
]


def reference() -> str:
    """Return the whole page."""
    codes = [f"| {status} | `{code}` | {MEANINGS[code]} |" for code, status in STATUS.items()]
    sent = f"{SENT}\n```json\n{REQUEST.read_text('utf-8').strip()}\n```\n"
    calls = [_call(call) for call in CALLS]
    shapes = [_shape(shape) for shape in SHAPES]
    return "\n".join([HEAD, *calls, sent, "\n".join([PROBLEMS_HEAD, *codes, ""]), SHAPES_HEAD, *shapes])


def _call(call: Call) -> str:
    answer = _json(call.answer)
    return (
        f"### {call.name}\n\n{call.told}\n\n```sh\n{call.command}\n```\n\n"
        f"{call.status}:\n\n```json\n{answer}\n```\n"
    )


def _json(value: Any, indent: str = "") -> str:
    """Return JSON that breaks only the lines that are too long."""
    line = json.dumps(value, ensure_ascii=False)
    if len(indent + line) <= 88 or not isinstance(value, dict | list):
        return line
    deeper = f"{indent}  "
    if isinstance(value, dict):
        items = [f"{json.dumps(key)}: {_json(each, deeper)}" for key, each in value.items()]
    else:
        items = [_json(each, deeper) for each in value]
    inside = ",\n".join(deeper + item for item in items)
    start, end = "{}" if isinstance(value, dict) else "[]"
    return f"{start}\n{inside}\n{indent}{end}"


def _shape(shape: type[Shape]) -> str:
    schema = shape.model_json_schema()
    required = schema.get("required", [])
    lines = [f"### {shape.__name__}", "", inspect.cleandoc(shape.__doc__ or ""), ""]
    lines += ["| key | value | default |", "|---|---|---|"]
    for name, field in schema["properties"].items():
        default = "" if name in required else f"`{json.dumps(_default(field))}`"
        lines.append(f"| `{name}` | {_type(field)} | {default} |")
    if shape is walk.WalkStaff:
        lines += ["", "A note is a list: onset, real duration, sounding pitch, voice from 1, concert tonal"]
        lines += ["pitch class (C is 14, G 15, F 13), 1 if it is tied to the same pitch before it, else 0."]
    return "\n".join([*lines, ""])


def _default(field: dict[str, Any]) -> Any:
    """Return a default as JSON; a shape's own one is what its keys' defaults are."""
    found = field.get("default", [])
    return {} if isinstance(found, dict) else found


def _type(field: dict[str, Any]) -> str:
    """Return a JSON schema in words."""
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in field:
        return " or ".join(_type(each) for each in field["anyOf"])
    if "const" in field:
        return f"`{json.dumps(field['const'])}`"
    if "enum" in field:
        return ", ".join(f"`{json.dumps(each)}`" for each in field["enum"])
    if len(field.get("prefixItems", ())) > 2:
        return "notes, see below"
    if "prefixItems" in field:
        return f"[{', '.join(_type(each) for each in field['prefixItems'])}]"
    if field.get("type") == "array":
        return f"list of {_type(field['items'])}{_count(field, 'Items', '')}"
    if field.get("type") == "string":
        return f"string{_count(field, 'Length', ' characters')}"
    return f"{field.get('type', 'anything')}{_range(field)}"


def _count(field: dict[str, Any], key: str, unit: str) -> str:
    least, most = field.get(f"min{key}"), field.get(f"max{key}")
    if most is None:
        return ""
    return f" (at most {most:,}{unit})" if least is None else f" ({least} to {most:,}{unit})"


def _range(field: dict[str, Any]) -> str:
    names = (("minimum", "≥ "), ("exclusiveMinimum", "> "), ("maximum", "≤ "), ("exclusiveMaximum", "< "))
    found = [f"{sign}{field[name]:,}" for name, sign in names if name in field]
    return f" {', '.join(found)}" if found else ""


def main() -> None:
    """Write the page, or check it."""
    page = reference()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(page, encoding="utf-8")
    elif page != PAGE.read_text(encoding="utf-8"):
        sys.exit("docs/bridge.md is out of date. Run: python docs/make_bridge_reference.py")


if __name__ == "__main__":
    main()

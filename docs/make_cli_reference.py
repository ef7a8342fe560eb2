"""Write docs/cli.md from the program's own help: `python docs/make_cli_reference.py [--check]`.

With `--check`, only tell (exit code 1) whether the file is out of date.
"""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path
from typing import Any

import typer

from bridge.cli import app

PAGE = Path(__file__).parent / "cli.md"
HEAD = """# The command line

The help of every command. Made by `python docs/make_cli_reference.py`.

Exit codes: 0 done, 1 a bug in jaxmuse, 2 a request that can't be followed, 130 stopped with Ctrl+C.
"""


def reference() -> str:
    """Return the whole page."""
    root: Any = typer.main.get_command(app)
    sections = [HEAD]
    for name, command in root.commands.items():
        for words, each in _leaves(f"jaxmuse {name}", command):
            sections.append(_section(words, each))
    return "\n".join(sections)


def _leaves(words: str, command: Any) -> list[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        return [(words, command)]
    return [leaf for name, each in command.commands.items() for leaf in _leaves(f"{words} {name}", each)]


def _section(words: str, command: Any) -> str:
    lines = [f"## {words}", "", _prose(inspect.cleandoc(command.help or "")), "", "| | |", "|---|---|"]
    for parameter in command.params:
        if parameter.name == "help":
            continue
        spelled = [*parameter.opts, *parameter.secondary_opts]
        names = ", ".join(f"`{name}`" for name in spelled if name.startswith("-"))
        value = _plain(parameter.metavar or "")
        shown = " ".join(part for part in (names, f"`{value}`" if value else "") if part)
        told = _plain(getattr(parameter, "help", "") or "")
        default = parameter.default
        if default is not None and default is not ... and not isinstance(default, (bool, list)):
            told += f" Default: {default}."
        lines.append(f"| {shown} | {told} |")
    return "\n".join([*lines, ""])


def _prose(text: str) -> str:
    return re.sub(r"\[bold\](.*?)\[/\]", r"**\1**", text)


def _plain(text: str) -> str:
    return text.replace("\\[", "[").replace("|", "\\|")


def main() -> None:
    """Write the page, or check it."""
    page = reference()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(page, encoding="utf-8")
    elif page != PAGE.read_text(encoding="utf-8"):
        sys.exit("docs/cli.md is out of date. Run: python docs/make_cli_reference.py")


if __name__ == "__main__":
    main()

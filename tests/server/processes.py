"""A real bridge in a process of its own, with folders of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from server.bridges import until

ROOT = Path(__file__).parents[2]
TINY = (sys.executable, str(Path(__file__).with_name("tiny_bridge.py")))


@dataclass
class Home:
    """Where bridges of a test keep what they know, and the model they have.

    - `command`: what stands in for `jaxmuse`.
    """

    folder: Path
    model: Path | None
    compiled: Path
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def command(self) -> tuple[str, ...]:
        return (sys.executable, "-m", "bridge") if self.model is None else (*TINY, str(self.model))

    @property
    def config(self) -> Path:
        return self.folder / "config"

    @property
    def token(self) -> str:
        return (self.config / "token").read_text().strip()

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "JAXMUSE_CONFIG": str(self.config),
            "JAXMUSE_CACHE": str(self.folder / "cache"),
            "JAX_COMPILATION_CACHE_DIR": str(self.compiled),
            "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
            "PYTHONPATH": str(ROOT),
        }

    def run(self, *arguments: str, seconds: float = 60) -> subprocess.CompletedProcess[str]:
        """Run the command to its end."""
        return subprocess.run(
            [*self.command, *arguments],
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=seconds,
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the command; its output goes on as a pipe."""
        process = subprocess.Popen(
            [*self.command, *arguments],
            env=self.environment,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.started.append(process)
        return process

    def running(self) -> dict[str, int] | None:
        """Return what the bridge says of itself: `pid` and `port`; None if there is none."""
        try:
            return json.loads((self.config / "bridge.json").read_text())
        except (OSError, ValueError):
            return None

    @contextlib.contextmanager
    def client(self) -> Iterator[httpx.Client]:
        """Return a client of the bridge, once it has said where it is."""
        place = until(self.running, 60)
        headers = {"Authorization": f"Bearer {self.token}"}
        with httpx.Client(
            base_url=f"http://127.0.0.1:{place['port']}", headers=headers, timeout=60
        ) as client:
            yield client

    def everything_written(self) -> str:
        """Return all text in all files but the token's own and what is compiled."""
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        return "\n".join(
            path.read_text("utf-8", "replace")
            for path in files
            if path.name not in ("token", "connection.json")
        )

    def end(self) -> None:
        """Kill what still runs."""
        place = self.running()
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait(10)
            if process.stdout:
                process.stdout.close()
        if place:
            with contextlib.suppress(OSError):
                os.kill(place["pid"], signal.SIGKILL)


def alive(pid: int) -> bool:
    """Tell whether a process runs (one that waits to be asked for its exit code doesn't)."""
    import psutil

    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False

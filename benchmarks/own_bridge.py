"""A bridge of a benchmark's own: its own folder, a free port, compiled and ready."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

import httpx

from bridge import connection

WARM_SECONDS = 600.0


@contextlib.contextmanager
def own_bridge() -> Iterator[tuple[httpx.Client, int]]:
    """Yield a client that may ask a bridge which is ready, and the bridge's process number.

    Raises `SystemExit` for a bridge that doesn't listen, or isn't ready in `WARM_SECONDS`.
    """
    with tempfile.TemporaryDirectory(prefix="jaxmuse-bridge-") as folder:
        os.environ[connection.VARIABLE] = folder
        command = [sys.executable, "-P", "-m", "bridge", "serve", "--port", "0"]
        quiet = subprocess.DEVNULL
        bridge = subprocess.Popen(command, stdout=quiet, stderr=quiet)
        try:
            with _client(bridge) as client:
                _wait(client)
                yield client, bridge.pid
        finally:
            bridge.terminate()
            bridge.wait(10)


def _client(bridge: subprocess.Popen[bytes]) -> httpx.Client:
    while (running := connection.running()) is None:
        if bridge.poll() is not None:
            raise SystemExit("the bridge ended before it listened; run 'jaxmuse serve' to see why")
        time.sleep(0.05)
    return httpx.Client(
        base_url=f"http://{connection.HOST}:{running.port}",
        headers={"Authorization": f"Bearer {connection.load_or_make_token()}"},
        timeout=120,
    )


def _wait(client: httpx.Client) -> None:
    until = time.monotonic() + WARM_SECONDS
    while not client.get("/v1/health").json()["ready"]:
        if time.monotonic() > until:
            raise SystemExit("the bridge wasn't ready in time")
        time.sleep(0.2)

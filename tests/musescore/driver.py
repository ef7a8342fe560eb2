"""A MuseScore without a display that runs JavaScript sent by the tests: many cases in one process."""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from musescore.home import Home

DRIVER = Path(__file__).with_name("driver")
TOOLS = Path(__file__).with_name("driver_tools.js").read_text()


class Driver:
    """A running MuseScore; `run` evaluates JavaScript in it, with `driver_tools.js` in front."""

    def __init__(self, home: Home, musescore: str) -> None:
        self._home = home
        self._todo: queue.Queue[str] = queue.Queue()
        self._done: queue.Queue[dict[str, Any]] = queue.Queue()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self._install()
        self._log = (home.folder / "musescore.log").open("w")
        self._process = subprocess.Popen(
            [musescore, "-w"],
            env=home.environment(),
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def _install(self) -> None:
        folder = self._home.folder / "driver"
        shutil.copytree(DRIVER, folder)
        worker = folder / "worker.qml"
        worker.write_text(worker.read_text().replace("@PORT@", str(self._server.server_port)))
        self._home.add_plugins(folder, "autorun.qml")

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        todo, done = self._todo, self._done

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

            def _answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self) -> None:
                try:
                    self._answer(200, todo.get(timeout=5).encode())
                except queue.Empty:
                    self._answer(204, b"")

            def do_POST(self) -> None:
                done.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self._answer(200, b"")

        return Handler

    def run(self, code: str, seconds: float = 30) -> Any:
        """Return the value of JavaScript that ends in `return`."""
        self._todo.put(f"{TOOLS}\n{code}")
        try:
            answer = self._done.get(timeout=seconds)
        except queue.Empty:
            raise AssertionError(
                f"MuseScore didn't answer; its log ends in\n{self.log()[-2000:]}"
            ) from None
        assert "error" not in answer, f"{answer['error']}\n{self.log()[-1000:]}"
        return answer.get("value")

    def wait(self, condition: str, seconds: float = 30) -> None:
        """Wait until a JavaScript expression is true."""
        limit = time.monotonic() + seconds
        while not self.run(f"return !!({condition});"):
            assert time.monotonic() < limit, f"{condition} didn't come true"
            time.sleep(0.03)

    def log(self) -> str:
        """Return what MuseScore printed."""
        self._log.flush()
        return (self._home.folder / "musescore.log").read_text(errors="replace")

    def close(self) -> None:
        """Stop MuseScore."""
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._server.shutdown()
        self._server.server_close()
        self._log.close()

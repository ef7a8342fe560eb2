"""Something that listens where the bridge should, and doesn't do what a bridge does."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Rude:
    """Answers every call with `status` and `text`, or with nothing at all while `silent`.

    - `calls`: method and path of each.
    """

    status: int = 200
    text: str = ""
    silent: bool = False
    port: int = 0
    calls: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


@contextlib.contextmanager
def rude_bridge(status: int = 200, text: str = "", silent: bool = False) -> Iterator[Rude]:
    """Run one on a free port."""
    rude = Rude(status, text, silent)

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            rude.calls.append(f"{self.command} {self.path}")
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if rude.silent:
                rude.over.wait(30)
                return
            body = rude.text.encode()
            self.send_response(rude.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_DELETE = answer

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    rude.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield rude
    finally:
        rude.over.set()
        server.shutdown()
        server.server_close()
        thread.join(5)

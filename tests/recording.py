"""A door in front of a running service that writes down all that comes through it.

What a browser tells its own tools leaves things out (the question before a cross-origin request, what a page sends when
it is left); what arrives at the service does not.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
from msgspec import Struct
from typing_extensions import override


class Arrival(Struct, frozen=True):
    """One request. `kind` is what the browser wants it for (`Sec-Fetch-Dest`); "empty" is a script's own request.

    `sent` is the size of its body in bytes.
    """

    method: str
    path: str
    kind: str
    cookie: str | None
    sent: int


class Door(Struct, frozen=True):
    url: str
    arrivals: list[Arrival]


@contextmanager
def recorded(service: str) -> Iterator[Door]:
    """A door at a port of its own. The service takes the address it is asked under for its own."""
    arrivals: list[Arrival] = []
    client = httpx.Client(base_url=service)

    class Handler(BaseHTTPRequestHandler):
        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            kind, cookie = self.headers.get("Sec-Fetch-Dest", ""), self.headers.get("Cookie")
            arrivals.append(Arrival(self.command, self.path, kind, cookie, len(body)))
            with client.stream(self.command, self.path, headers=dict(self.headers), content=body) as answer:
                content = b"".join(answer.iter_raw())
            self.send_response_only(answer.status_code)
            for name, value in answer.headers.items():
                if name not in {"transfer-encoding", "content-length", "connection"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self) -> None:
            self._pass_on()

        def do_POST(self) -> None:
            self._pass_on()

        def do_OPTIONS(self) -> None:
            self._pass_on()

        @override
        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Door(f"http://127.0.0.1:{server.server_port}", arrivals)
    finally:
        server.shutdown()
        server.server_close()
        client.close()

"""`avis serve` as operators run it, in a process of its own that may be looked at from outside, stopped and killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.services import free_port

AVIS = Path(sys.executable).with_name("avis")


class Service:
    """One run of the service. Its standard error goes to a file, which must hold no stack trace in the end."""

    def __init__(self, environ: Mapping[str, str], log: Path, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.environ = {**without_settings(), "AVIS_BASE_URL": self.url, **environ}
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, prefix: tuple[str, ...] = (), options: tuple[str, ...] = ()) -> None:
        """`prefix` is a command to run the service under, such as `taskset -c 0`; `options` are its own."""
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                [*prefix, AVIS, "serve", "--port", f"{self.port}", *options],
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self._log.parent,
            )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                httpx.get(f"{self.url}/healthz", timeout=1)
                return
            except httpx.HTTPError:
                time.sleep(0.02)
        self.stop(signal.SIGKILL)
        raise AssertionError(f"the service does not start:\n{self.said}")

    def run(self, *arguments: str) -> dict[str, Any]:
        """The JSON answer of a command on the same data."""
        command = [str(AVIS), *arguments, "--json"]
        done = subprocess.run(command, env=self.environ, check=True, capture_output=True, text=True)
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    @property
    def process(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None, "start it first"
        return self._process

    @property
    def said(self) -> str:
        return self._log.read_text(errors="replace")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int | None:
        if self._process is None or self._process.poll() is not None:
            return None
        self.process.send_signal(how)
        return self.process.wait(timeout=30)


def without_settings() -> dict[str, str]:
    """The environment without a developer's own AVIS_* settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("AVIS_")}


@contextmanager
def serving(
    environ: Mapping[str, str], log: Path, prefix: tuple[str, ...] = (), options: tuple[str, ...] = ()
) -> Iterator[Service]:
    """The service, started; afterwards it has stopped and left no stack trace."""
    service = Service(environ, log, free_port())
    try:
        service.start(prefix, options)
        yield service
    finally:
        service.stop()
    assert "Traceback" not in service.said

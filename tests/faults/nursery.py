"""`avis` in a tenth of a second: its imports are done once, and each run is a fork of that.

It is what an operator starts, by the same command; only the program's own loading, of which nothing here depends, is
not repeated. So fifty lives and deaths take as long as the load between them.
"""

import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import httpx

from tests.services import free_port
from tests.serving import without_settings

_CONTEXT = get_context("forkserver")
# The main program is pytest, which a child would otherwise load too.
_CONTEXT.set_forkserver_preload(["pytest", "collector.cli", "collector.commands.asgi", "tests.faults.nursery"])


def start(environ: Mapping[str, str], log: Path, *arguments: str) -> BaseProcess:
    """Run `avis` with these arguments."""
    process = _CONTEXT.Process(target=_avis, args=({**without_settings(), **environ}, log, arguments))
    process.start()
    return process


@contextmanager
def served(environ: Mapping[str, str], log: Path) -> Iterator[tuple[str, BaseProcess]]:
    """The service that answers at an address, until it is killed at the latest."""
    port = free_port()
    process = start(environ, log, "serve", "--port", f"{port}")
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, process, log)
        yield url, process
    finally:
        process.kill()
        process.join()


def _wait(url: str, process: BaseProcess, log: Path) -> None:
    deadline = time.monotonic() + 30
    with httpx.Client(verify=False) as client:  # noqa: S501 - loading certificates would take longer than the start
        while time.monotonic() < deadline:
            try:
                client.get(f"{url}/healthz", timeout=1)
                return
            except httpx.HTTPError:
                assert process.is_alive(), log.read_text(errors="replace")
                time.sleep(0.01)
    raise AssertionError(f"the service does not start:\n{log.read_text(errors='replace')}")


def _avis(environ: Mapping[str, str], log: Path, arguments: tuple[str, ...]) -> None:
    from collector.cli import main

    os.environ.clear()
    os.environ.update(environ)
    with log.open("ab") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    sys.argv = ["avis", *arguments]
    main()

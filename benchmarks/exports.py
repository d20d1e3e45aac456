"""A file of a million reviews (`AVIS_BENCH_BIG` says how many): how fast, against the bare driver, and in what memory.

The running service is asked over a socket, and a plain program reads the same rows from the same database in pages of
the same size, in turns. Memory is what the service's process holds at most, above what it held before.
"""

import asyncio
import os
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Self

import httpx
import psycopg

from benchmarks import bulk, crowd
from benchmarks.figures import Figure, at_least, at_most, show
from collector.exports.links import create_link
from collector.exports.rows import PAGE
from collector.settings import Settings, load
from collector.storage import Storage
from collector.storage.migrate import migrate
from tests.services import postgres_server
from tests.serving import Service, serving

BIG = int(os.environ.get("AVIS_BENCH_BIG", "1000000"))
ROUNDS = 3
KEY = "a-key-of-the-benchmark-and-of-nothing-else"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="avis-exports-") as folder, postgres_server() as server:
        for name, database in (("sqlite", ""), ("postgres", server)):
            _measure(name, Path(folder) / name, database)


def _measure(name: str, data: Path, database: str) -> None:
    environment = {
        "AVIS_DATA": str(data),
        "AVIS_DATABASE": database,
        "AVIS_SECRET_KEYS": KEY,
        "AVIS_KEEP_VERBATIMS": "off",
        "AVIS_KEEP_REVIEWS": "off",
    }
    settings = load(environment)
    migrate(settings)
    asyncio.run(bulk.load(settings, BIG))
    with serving(environment, data.with_suffix(".log")) as service:
        for kind in ("csv", "ndjson"):
            url = service.url + asyncio.run(_link(settings, kind))
            idle = _resident(service)
            peaks, ours, bare = [], [], []
            for _ in range(ROUNDS):
                bare.append(_timed(partial(_read_bare, settings)))
                with _Watch(service) as watch:
                    ours.append(_timed(partial(_download, url)))
                peaks.append(watch.most)
            rate = BIG / median(ours)
            show(Figure(f"exports.{name}.{kind}.rate", round(rate), "reviews/s"))
            show(at_least(f"exports.{name}.{kind}.against-driver", median(bare) / median(ours), "ratio", 0.5))
            show(at_most(f"exports.{name}.{kind}.memory", (max(peaks) - idle) / 1e6, "MB above idle", 60))


async def _link(settings: Settings, format: Any) -> str:
    storage = Storage(settings)
    await storage.open()
    now = datetime.now(UTC)
    _, url = await create_link(
        storage, settings, procedures=["*"], content="reviews", format=format, created_by="bench",
        expires_at=now + timedelta(days=1), now=now,
    )  # fmt: skip
    await storage.close()
    return url.removeprefix(settings.base_url)


def _timed(work: Callable[[], int]) -> float:
    started = time.perf_counter()
    number = work()
    assert number == BIG, number
    return time.perf_counter() - started


def _download(url: str) -> int:
    """The number of lines that came; a CSV file has one for its head, and no text of ours breaks a line."""
    number = 0
    with httpx.stream("GET", url, timeout=600) as answer:
        for piece in answer.iter_raw():
            number += piece.count(b"\n")
    return number - ("csv" in answer.headers["content-type"])


def _read_bare(settings: Settings) -> int:
    statement = Storage(settings).engine.sql.reviews_in_order.sql
    if settings.sqlite_path:
        with closing(sqlite3.connect(settings.sqlite_path)) as connection:
            return _pages(lambda values: connection.execute(statement, values).fetchall())
    # As the service has it: a plan for each page, or every page of a file would be planned like the shortest.
    custom = "-c plan_cache_mode=force_custom_plan"
    with psycopg.connect(settings.database, autocommit=True, options=custom) as server:
        return _pages(lambda values: server.execute(statement.encode(), values).fetchall())


def _pages(read: Callable[[dict[str, Any]], list[tuple[Any, ...]]]) -> int:
    number = 0
    for procedure in range(1, crowd.PROCEDURES + 1):
        after = ("0001-01-01", 0)
        while True:
            values = {"procedure_id": procedure, "after_day": after[0], "after_seq": after[1], "last": 2**62}
            rows = read({**values, "to_day": "9999-12-31", "number": PAGE})
            number += len(rows)
            if len(rows) < PAGE:
                break
            after = (rows[-1][1], rows[-1][0])
    return number


def _resident(service: Service) -> int:
    return 1024 * int(Path(f"/proc/{service.process.pid}/status").read_text().split("VmRSS:")[1].split()[0])


class _Watch:
    """The most memory that the service held while the block ran."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self.most = 0

    def _look(self) -> None:
        while not self._over.wait(0.05):
            self.most = max(self.most, _resident(self._service))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

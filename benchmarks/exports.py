"""A file of a million reviews (`AVIS_BENCH_BIG` says how many): how fast, against the bare driver, and in what memory.

The running service is asked over a socket, and a plain program reads the same rows from the same database in pages of
the same size, in turns. Memory is what the service's process, and one that it started, hold at most, above the start.
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
from collector.exports.links import FORMATS, create_link
from collector.exports.rows import PAGE
from collector.schema import Format
from collector.settings import Settings, load
from collector.storage import Storage
from collector.storage.migrate import migrate
from tests.services import postgres_server
from tests.serving import Service, serving

BIG = int(os.environ.get("AVIS_BENCH_BIG", "1000000"))
ROUNDS = 3
TEXTS = ("csv", "csv-semicolon", "ndjson", "json")
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
        for kind in FORMATS:
            link, address = asyncio.run(_link(settings, kind))
            url = service.url + address
            idle = _resident(service)
            peaks, ours, bare = [], [], []
            for _ in range(ROUNDS):
                bare.append(_timed(partial(_read_bare, settings)))
                with _Watch(service) as watch:
                    ours.append(_timed(partial(_download, settings, url, link)))
                peaks.append(watch.most)
            rate = BIG / median(ours)
            show(Figure(f"exports.{name}.{kind}.rate", round(rate), "reviews/s"))
            memory = (max(peaks) - idle) / 1e6
            if kind in TEXTS:
                show(at_least(f"exports.{name}.{kind}.against-driver", median(bare) / median(ours), "ratio", 0.5))
            show(at_most(f"exports.{name}.{kind}.memory", memory, "MB above idle", 60 if kind != "parquet" else 400))


async def _link(settings: Settings, format: Format) -> tuple[str, str]:
    storage = Storage(settings)
    await storage.open()
    now = datetime.now(UTC)
    link, url = await create_link(
        storage, settings, procedures=["*"], content="reviews", format=format, created_by="bench",
        expires_at=now + timedelta(days=1), now=now,
    )  # fmt: skip
    await storage.close()
    return link.id, url.removeprefix(settings.base_url)


async def _sent(settings: Settings, link: str) -> tuple[int, str]:
    """How many rows the last file of a link had, and how it ended, as the journal says."""
    storage = Storage(settings)
    await storage.open()
    while True:
        use = (await storage.links.uses(link))[0]
        if use.outcome != "started":
            await storage.close()
            return use.rows, use.outcome


def _timed(work: Callable[[], int]) -> float:
    started = time.perf_counter()
    number = work()
    assert number == BIG, number
    return time.perf_counter() - started


def _download(settings: Settings, url: str, link: str) -> int:
    """The number of rows that came."""
    with httpx.stream("GET", url, timeout=600) as answer:
        for _ in answer.iter_raw():
            pass
    rows, outcome = asyncio.run(_sent(settings, link))
    assert outcome == "complete", outcome
    return rows


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
    """Of the service, and of a process that it started."""
    own = service.process.pid
    children = Path(f"/proc/{own}/task/{own}/children").read_text().split()
    return sum(_held(process) for process in (f"{own}", *children))


def _held(process: str) -> int:
    try:
        return 1024 * int(Path(f"/proc/{process}/status").read_text().split("VmRSS:")[1].split()[0])
    except (OSError, IndexError):
        # It ended meanwhile.
        return 0


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

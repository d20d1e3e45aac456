"""What a page costs with ten thousand reviews stored, and with ten million (`AVIS_BENCH_BIG` says how many).

Both databases are asked in turns, through the whole application but the socket, so that a slow moment of the machine
meets both; medians and their ratio. How each database means to run what stands behind a page is told on standard error.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import psycopg
from httpx import ASGITransport, AsyncClient
from msgspec import Struct

from admin.accounts import digest_of
from admin.passwords import hash_password
from benchmarks import bulk, crowd
from benchmarks.figures import Figure, at_most, show
from collector.app import create_app
from collector.exports.links import create_link
from collector.observatory.year import rolling_year
from collector.settings import Settings, load
from collector.storage import Storage
from collector.storage.migrate import migrate
from tests.plans import plan_of
from tests.services import postgres_server

SMALL = 10_000
BIG = int(os.environ.get("AVIS_BENCH_BIG", "10000000"))
ROUNDS = 40
MOST = 1.5
_BASE = "https://avis.exemple.fr"
_TOKEN = "somebody-of-the-benchmark"  # noqa: S105 - of a database that lives for minutes
# Not the latest, in the largest procedure. Every page is full in both databases, or as empty.
_PERIOD = "from=2025-12-01&to=2026-09-30"
_LIST = "/admin/demarches/demarche-0/avis"
_PLANS = (
    "counts_of_period", "counts_of_procedures", "floor", "reviews_before", "places_of_word", "words_of_stem",
    "reviews_of_procedure_after", "reviews_in_order",
)  # fmt: skip

Ask = Callable[[], Awaitable[Any]]


class Side(Struct, frozen=True):
    """One of the two databases, opened: what is asked of it, by name."""

    asks: dict[str, Ask]
    storage: Storage


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="avis-scale-") as folder, postgres_server() as server:
        for name in ("sqlite", "postgres"):
            compare(
                f"scale.{name}", [_new(name, Path(folder) / f"{name}-{size}", server) for size in (SMALL, BIG)], BIG
            )


def compare(title: str, settings: Sequence[Settings], big: int) -> None:
    """Fill two new databases, one with little and one with much, and say what is asked of each costs."""
    for each, number in zip(settings, (SMALL, big), strict=True):
        started = time.perf_counter()
        asyncio.run(bulk.load(each, number))
        seconds = time.perf_counter() - started
        show(Figure(f"{title}.load-{number}", round(number / seconds), "reviews/s, in bulk"))
        _show_size(title, each, number)
    asyncio.run(_measure(title, settings, big))


def _new(name: str, data: Path, server: str) -> Settings:
    url = ""
    if name == "postgres":
        url = new_database(server)
    settings = settings_of(data, url)
    migrate(settings)
    return settings


def new_database(server: str) -> str:
    name = f"avis_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"{server.rsplit('/', 1)[0]}/{name}"


def settings_of(data: Path, url: str) -> Settings:
    return load(
        {
            "AVIS_DATA": str(data),
            "AVIS_DATABASE": url,
            "AVIS_BASE_URL": _BASE,
            "AVIS_SECRET_KEYS": "a-key-of-the-benchmark-and-of-nothing-else",
            # What is too old stays: nothing may be forgotten meanwhile.
            "AVIS_KEEP_VERBATIMS": "off",
            "AVIS_KEEP_REVIEWS": "off",
        }
    )


def _show_size(title: str, settings: Settings, number: int) -> None:
    path = settings.sqlite_path
    if path:
        size = path.stat().st_size
    else:
        with psycopg.connect(settings.database) as connection:
            row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
            size = row[0] if row else 0
    show(Figure(f"{title}.size-{number}", round(size / number), "bytes/review, with every index"))


async def _measure(title: str, settings: Sequence[Settings], number: int) -> None:
    async with AsyncExitStack() as opened:
        small, big = [await opened.enter_async_context(_side(each)) for each in settings]
        for ask in small.asks:
            times: list[list[float]] = [[], []]
            for n in range(ROUNDS + 2):
                for side, taken in zip((small, big), times, strict=True):
                    started = time.perf_counter()
                    await side.asks[ask]()
                    if n > 1:
                        taken.append(time.perf_counter() - started)
            little, much = map(median, times)
            show(Figure(f"{title}.{ask}", round(much * 1000, 2), "ms, median, with many"))
            show(at_most(f"{title}.{ask}.ratio", much / little, f"of {SMALL} with {number}", MOST))
        for statement in _PLANS:
            plan = await plan_of(big.storage.engine, getattr(big.storage.engine.sql, statement).sql)
            sys.stderr.write(f"\n{title}, {statement}:\n" + "".join(f"  {line}\n" for line in plan.lines))


@asynccontextmanager
async def _side(settings: Settings) -> AsyncIterator[Side]:
    app = create_app(settings, lambda: crowd.NOW)
    storage = Storage(settings, lambda: crowd.NOW)
    transport = ASGITransport(app)  # type: ignore[arg-type]  # two spellings of ASGI's types
    async with app.lifespan(), AsyncClient(transport=transport, base_url=_BASE) as client:
        await storage.open()
        cookies = {"Cookie": f"__Host-avis_session={await _signed_in(storage)}"}
        _, url = await create_link(
            storage, settings, procedures=["*"], content="reviews", format="csv", created_by="bench",
            expires_at=crowd.NOW + timedelta(days=1), now=crowd.NOW,
        )  # fmt: skip
        middle = await storage.reviews.last_change() // 2

        def page(path: str) -> Ask:
            async def ask() -> None:
                answer = await client.get(path, headers=cookies)
                assert answer.status_code == 200, (path, answer.status_code)

            return ask

        public = await storage.catalogue.procedures()

        async def table() -> None:
            found = await storage.published.several(public, *rolling_year(lambda: crowd.NOW))
            assert all(figures.reviews for figures in found.values())

        try:
            yield Side(
                {
                    "indicators": page("/admin/demarches/demarche-0?period=12m"),
                    "public-indicators": page("/api/v1/procedures/demarche-0/indicators"),
                    "list": page(f"{_LIST}?satisfaction=good&comment=1&{_PERIOD}"),
                    "search": page(f"{_LIST}?q=personne+tel*"),
                    "search-phrase": page(f"{_LIST}?q=%22prise+de+rendez-vous%22&{_PERIOD}"),
                    "search-rare": page(f"{_LIST}?q={crowd.RARE}"),
                    # Without the page around it: with few reviews it shows few figures, and would cost less for that.
                    "observatory-table": table,
                    "observatory-procedure": page("/observatoire/demarche-0"),
                    "export-page": page(f"{url.removeprefix(_BASE)}/pages?after={middle}"),
                },
                storage,
            )
        finally:
            await storage.close()


async def _signed_in(storage: Storage) -> str:
    user = await storage.accounts.add(
        email="mesure@exemple.fr", name="Mesure", administrator=True, password=hash_password(_TOKEN),
        must_change=False, now=crowd.NOW,
    )  # fmt: skip
    await storage.accounts.open_session(user, digest_of(_TOKEN), crowd.NOW, crowd.NOW + timedelta(hours=9))
    return _TOKEN

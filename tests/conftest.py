"""The fixed cast of every test: procedure *passeport*, citizen *Alice*, agent *Bruno*, and a time that tests own.

Whatever asks for `settings`, directly or not, runs twice: on SQLite and on a real PostgreSQL.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from httpx import ASGITransport, AsyncClient, Response
from litestar import Litestar
from msgspec import Struct

from collector.schema import Placement, Procedure
from collector.settings import Settings, load
from collector.storage import Storage
from collector.storage.migrate import migrate
from tests.services import postgres_server, redis_server
from tests.turns import turn

NOON = datetime(2026, 3, 12, 11, 0, tzinfo=UTC)
"""Noon in Paris, on a day without anything special."""
MAIRIE = "https://mairie.exemple.fr"
"""The one site that may embed the form of *passeport*."""
PROXY = "10.9.8.7"
"""Our own proxy: tests say who a citizen is as a proxy would, in `X-Forwarded-For`."""
ALICE = "203.0.113.7"
BRUNO = "198.51.100.20"
GOOD = {"satisfaction": "good"}


# Before pytest-timeout's own: waiting for a turn is no part of a test's time.
@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return (yield)
    with turn(alone=item.get_closest_marker("alone") is not None):
        return (yield)


class MovableClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


class Passeport(Struct, frozen=True):
    """The procedure, its satisfaction form at the end of the procedure, and its malfunction form."""

    procedure: Procedure
    placement: Placement
    malfunction: Placement

    @property
    def key(self) -> str:
        return self.placement.key


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server for the whole run, by the URL of its administrator's database."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def new_postgres(postgres: str) -> Callable[[], str]:
    """Create a database of one's own, for tests that break theirs; gives its URL."""

    def create() -> str:
        name = f"avis_{uuid4().hex[:12]}"
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        url = f"{postgres.rsplit('/', 1)[0]}/{name}"
        migrate(load(environment(Path("unused"), url)))
        return url

    return create


@pytest.fixture(scope="session")
def shared_postgres(new_postgres: Callable[[], str]) -> str:
    return new_postgres()


@pytest.fixture
def clean_postgres(shared_postgres: str) -> str:
    """A database as if new. Emptying one takes milliseconds, creating and dropping one a second."""
    with psycopg.connect(shared_postgres) as connection:
        names = connection.execute(
            "SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
            " WHERE nspname = 'public' AND relkind IN ('r', 'p') AND relname NOT IN ('migration', 'progress')"
        ).fetchall()
        # Whatever refers to what: the order of deletion does not matter then.
        connection.execute("SET session_replication_role = replica")
        for (name,) in names:
            connection.execute(f"DELETE FROM {name}".encode())  # noqa: S608 - names of tables, from the catalogue
        connection.execute("UPDATE progress SET change = 0, directory = 0")
    return shared_postgres


@pytest.fixture(scope="session")
def redis() -> Iterator[str]:
    with redis_server() as url:
        yield url


@pytest.fixture(params=["redis-server", "valkey-server"])
def counter(request: pytest.FixtureRequest) -> str:
    """The program that counts limits outside: each of the two where it is installed. Debian 12 has no Valkey."""
    name: str = request.param
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed")
    return program


def environment(data: Path, database: str = "") -> dict[str, str]:
    """What the service is started with. The key is written here so that nothing depends on a generated one."""
    return {
        "AVIS_DATA": str(data),
        "AVIS_DATABASE": database,
        "AVIS_BASE_URL": "https://avis.exemple.fr",
        "AVIS_SECRET_KEYS": "a-key-of-the-tests-and-of-nothing-else-1",
        "AVIS_TRUSTED_PROXIES": PROXY,
    }


@pytest.fixture(params=["sqlite", "postgres"])
def environ(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """The environment of `settings`; tests that need others load a changed copy of it."""
    database = request.getfixturevalue("clean_postgres") if request.param == "postgres" else ""
    return environment(tmp_path / "data", database)


@pytest.fixture
def settings(environ: dict[str, str]) -> Settings:
    settings = load(environ)
    if settings.sqlite_path:
        migrate(settings)
    return settings


@pytest.fixture
async def storage(settings: Settings, clock: MovableClock) -> AsyncIterator[Storage]:
    """The database as another process sees it: the application under test has a `Storage` of its own."""
    async with opened(settings, clock) as storage:
        yield storage


@asynccontextmanager
async def opened(settings: Settings, clock: MovableClock) -> AsyncIterator[Storage]:
    storage = Storage(settings, clock)
    await storage.open()
    try:
        yield storage
    finally:
        await storage.close()


@asynccontextmanager
async def broken(storage: Storage, table: str) -> AsyncIterator[None]:
    """A database that has lost a table until the block ends."""
    async with storage.engine.write() as connection:
        await connection.execute(f"ALTER TABLE {table} RENAME TO elsewhere")
    yield
    async with storage.engine.write() as connection:
        await connection.execute(f"ALTER TABLE elsewhere RENAME TO {table}")


@pytest.fixture
async def passeport(storage: Storage, clock: MovableClock) -> Passeport:
    return await found(storage, clock, "passeport")


async def found(storage: Storage, clock: MovableClock, slug: str, organisation: str = "Mairie d'Exemple") -> Passeport:
    """Create a procedure like *passeport*."""
    procedure, placement = await storage.catalogue.add_procedure(
        title=f"Demander un {slug}",
        slug=slug,
        organisation=organisation,
        ministry="Intérieur",
        audiences=["individuals"],
        origins=[MAIRIE],
        now=clock(),
    )
    malfunction = await storage.catalogue.add_placement(
        procedure, channel="web", form="malfunction", label="Signaler un problème", now=clock(), contact=True
    )
    return Passeport(procedure, placement, malfunction)


@pytest.fixture
def app(settings: Settings, clock: MovableClock) -> Litestar:
    # Here and not above: unit tests start in half the time without the whole application.
    from collector.app import create_app

    return create_app(settings, clock)


@pytest.fixture
async def client(app: Litestar, settings: Settings) -> AsyncIterator[AsyncClient]:
    """The running application. On the test's own loop, so that several requests are under way at once."""
    async with running(app, settings) as client:
        yield client


@asynccontextmanager
async def running(app: Litestar, settings: Settings) -> AsyncIterator[AsyncClient]:
    transport = ASGITransport(app, client=(PROXY, 50_000))  # type: ignore[arg-type]  # two spellings of ASGI's types
    async with _alive(app), AsyncClient(transport=transport, base_url=settings.base_url) as client:
        yield client


@asynccontextmanager
async def _alive(app: Litestar) -> AsyncIterator[None]:
    """The application's lifespan in a task of its own: a fixture begins in one task and ends in another."""
    ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    over = asyncio.Event()

    async def live() -> None:
        try:
            async with app.lifespan():
                ready.set_result(None)
                await over.wait()
        except BaseException as error:
            if ready.done():
                raise
            ready.set_exception(error)

    life = asyncio.create_task(live())
    await ready
    try:
        yield
    finally:
        over.set()
        await life


async def send(
    client: AsyncClient,
    key: str,
    answers: Mapping[str, Any] = GOOD,
    *,
    id: UUID | None = None,
    address: str = ALICE,
    headers: Mapping[str, str] | None = None,
    **envelope: Any,
) -> Response:
    """Send one opinion as Alice's browser would."""
    body = {"id": str(id or uuid4()), "key": key, "answers": dict(answers), **envelope}
    return await client.post("/api/v1/reviews", json=body, headers={"X-Forwarded-For": address, **(headers or {})})


def refusal(response: Response) -> tuple[int, str]:
    """The status and code of a refusal, which is a complete RFC 9457 problem in French."""
    problem = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    assert problem["type"] == f"urn:avis:problem:{problem['code']}"
    assert problem["status"] == response.status_code
    assert problem["title"]
    assert problem["detail"]
    assert "Traceback" not in response.text
    return response.status_code, problem["code"]


def fields(response: Response) -> list[tuple[str, str]]:
    """The bad fields of a refusal: JSON path and code. Each has a French sentence."""
    errors = response.json().get("errors", [])
    assert all(error["message"] for error in errors)
    return [(error["path"], error["code"]) for error in errors]

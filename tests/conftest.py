"""The fixed cast of every test: procedure *passeport*, citizen *Alice*, agent *Bruno*, and a time that tests own.

Whatever asks for `settings`, directly or not, runs twice: on SQLite and on a real PostgreSQL.
"""

import itertools
from collections.abc import AsyncIterator, Iterator, Mapping
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

NOON = datetime(2026, 3, 12, 11, 0, tzinfo=UTC)
"""Noon in Paris, on a day without anything special."""
MAIRIE = "https://mairie.exemple.fr"
"""The one site that may embed the form of *passeport*."""
PROXY = "10.9.8.7"
"""Our own proxy: tests say who a citizen is as a proxy would, in `X-Forwarded-For`."""
ALICE = "203.0.113.7"
BRUNO = "198.51.100.20"
GOOD = {"satisfaction": "good"}


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
def template(postgres: str) -> str:
    """The name of a migrated database: a clone is three times faster than migrating a new one."""
    name = f"avis_template_{uuid4().hex[:8]}"
    _administer(postgres, f"CREATE DATABASE {name}")
    migrate(load(environment(Path("unused"), f"{postgres.rsplit('/', 1)[0]}/{name}")))
    return name


_numbers = itertools.count(1)


@pytest.fixture
def new_postgres(postgres: str, template: str) -> Iterator[str]:
    """The URL of a database that nobody has used."""
    name = f"{template}_{next(_numbers)}"
    _administer(postgres, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield f"{postgres.rsplit('/', 1)[0]}/{name}"
    _administer(postgres, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture(scope="session")
def redis() -> Iterator[str]:
    with redis_server() as url:
        yield url


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
    database = request.getfixturevalue("new_postgres") if request.param == "postgres" else ""
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


@pytest.fixture
async def passeport(storage: Storage, clock: MovableClock) -> Passeport:
    return await found(storage, clock, "passeport")


async def found(storage: Storage, clock: MovableClock, slug: str) -> Passeport:
    """Create a procedure like *passeport*."""
    procedure, placement = await storage.catalogue.add_procedure(
        title=f"Demander un {slug}",
        slug=slug,
        organisation="Mairie d'Exemple",
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
    async with app.lifespan(), AsyncClient(transport=transport, base_url=settings.base_url) as client:
        yield client


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

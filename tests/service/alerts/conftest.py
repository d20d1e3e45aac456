"""A bell that rings when a test says so, and the letters that a real mail server took."""

from collections.abc import Iterator, Sequence

import pytest

from admin.alerts.bell import Bell
from collector.rhythms import next_digest
from collector.schema import Procedure, User
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.subscriptions import AlertKind, Rhythm, Wanted
from tests.conftest import MovableClock, Passeport
from tests.services import Postbox, mail_server


@pytest.fixture(scope="package")
def server() -> Iterator[Postbox]:
    with mail_server() as server:
        yield server


@pytest.fixture
def postbox(server: Postbox) -> Postbox:
    server.letters()
    return server


@pytest.fixture
def environ(environ: dict[str, str], server: Postbox) -> dict[str, str]:
    return mailed(environ, server.port)


def mailed(environ: dict[str, str], port: int) -> dict[str, str]:
    return {**environ, "AVIS_MAIL_SERVER": f"smtp+plain://127.0.0.1:{port}", "AVIS_MAIL_FROM": "avis@exemple.fr"}


@pytest.fixture
def bell(storage: Storage, settings: Settings, clock: MovableClock) -> Bell:
    return Bell(storage, settings, clock)


@pytest.fixture
async def bruno(storage: Storage, clock: MovableClock, passeport: Passeport) -> User:
    """Who manages *passeport*."""
    user = await storage.accounts.add(
        email="bruno@exemple.fr", name="Bruno", administrator=False, password="x", must_change=False, now=clock()
    )
    await storage.accounts.grant(user, passeport.procedure, "manager")
    return user


async def subscribe(
    storage: Storage,
    clock: MovableClock,
    user: User,
    procedure: Procedure,
    *kinds: AlertKind,
    at_once: bool = True,
    digest: Rhythm = "none",
    words: str = "",
    threshold: int = 50,
    least: int = 30,
) -> None:
    wanted = Wanted(kinds=kinds, at_once=at_once, digest=digest, threshold=threshold, least=least, words=words)
    due = None if digest == "none" else int(next_digest(digest, clock()).timestamp())
    await storage.subscriptions.save(user, procedure, wanted, next_digest=due, now=clock())


def texts(postbox: Postbox) -> Sequence[str]:
    """What the letters say, as text."""
    found = []
    for letter in postbox.letters():
        body = letter.get_body(("plain",))
        assert body
        found.append(str(body.get_content()))
    return found

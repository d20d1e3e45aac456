"""Two instances behind a balancer, on one real PostgreSQL and one real Redis: to everybody outside they are one."""

import asyncio
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import psycopg
import pytest
from typing_extensions import override

from collector.exports.pull import pull
from collector.schema import day_of
from collector.settings import Settings, load
from collector.storage import Storage
from collector.storage.leases import Leases
from tests.conftest import ALICE, GOOD, MovableClock, environment, found, opened
from tests.faults.crowd import Crowd
from tests.faults.test_crash import NO_LIMITS, check
from tests.faults.test_outages import workers
from tests.service.admin.conftest import PASSWORD, SAME_SITE, account
from tests.services import free_port
from tests.serving import AVIS, Service, serving, without_settings

OLD = "an-older-key-of-the-tests-and-of-nothing-else"
NEW = "a-newer-key-of-the-tests-and-of-nothing-else"


class Now(MovableClock):
    """What the instances' own clocks say: they are processes of their own."""

    @override
    def __call__(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture
def shared(new_postgres: Callable[[], str], redis: str, tmp_path: Path) -> dict[str, str]:
    """What both are told. The balancer is on this machine."""
    return {
        **environment(tmp_path, new_postgres()),
        **NO_LIMITS,
        "AVIS_LIMITS_STORAGE": redis,
        "AVIS_LIMIT_COUNTER": "5/minute",
        "AVIS_BASE_URL": "http://127.0.0.1:1",
        "AVIS_TRUSTED_PROXIES": "127.0.0.1",
    }


@pytest.fixture
async def storage_of_both(shared: dict[str, str]) -> AsyncIterator[tuple[Storage, Settings]]:
    settings = load(shared)
    async with opened(settings, Now()) as storage:
        yield storage, settings


@contextmanager
def two(shared: dict[str, str], tmp_path: Path) -> Iterator[list[Service]]:
    """Before a rotation of keys: they sign with the old one, and know the new one already."""
    with ExitStack() as both:
        yield [
            both.enter_context(serving({**shared, "AVIS_SECRET_KEYS": f"{OLD},{NEW}"}, tmp_path / f"log{number}"))
            for number in range(2)
        ]


async def test_one_is_killed_under_load_and_comes_back_and_nothing_is_lost(
    shared: dict[str, str], storage_of_both: tuple[Storage, Settings], tmp_path: Path
) -> None:
    storage, _ = storage_of_both
    passeport = await found(storage, Now(), "passeport")
    crowd = Crowd(passeport.key)
    with two(shared, tmp_path) as (one, other):
        sending = asyncio.create_task(crowd.send(one.url, other.url, people=16, seconds=6, patient=True))
        await asyncio.sleep(1)
        one.stop(signal.SIGKILL)
        before = len(crowd.rated)
        await asyncio.sleep(1.5)
        assert len(crowd.rated) > before, "the other goes on"
        await asyncio.to_thread(one.start)
        await sending
    assert crowd.statuses == {200, 201}
    await check(storage, passeport, crowd)


async def test_two_instances_are_one_to_everybody_outside(
    shared: dict[str, str], storage_of_both: tuple[Storage, Settings], tmp_path: Path
) -> None:
    storage, _ = storage_of_both
    passeport = await found(storage, Now(), "passeport")
    counter = await storage.catalogue.add_placement(
        passeport.procedure, channel="counter", form="satisfaction", label="Guichet", now=Now()()
    )
    await account(storage, Now(), "claude", "administrator")
    with two(shared, tmp_path) as services:
        async with balanced(services) as (one, other):
            await review_goes_from_one_to_the_other(one, other, passeport.key)
            await limit_is_one(one, other, counter.key)
            await who_signs_in_here_is_known_there(one, other)
            await a_link_of_either_key_is_good_everywhere(services, tmp_path)
            await closing_is_known_at_once(storage, one, other, counter.key)
            # The daily task, and the salt of the day's visitor names: one of each.
            today = day_of(Now()())
            async with asyncio.timeout(20):
                while not await storage.aged.is_done(today):  # noqa: ASYNC110 - another process makes it so
                    await asyncio.sleep(0.05)
    with psycopg.connect(shared["AVIS_DATABASE"]) as connection:
        assert connection.execute("SELECT COUNT(*) FROM visitor_salt").fetchone() == (1,)
        assert connection.execute("SELECT COUNT(*) FROM lease").fetchone() == (0,), "given back"


@asynccontextmanager
async def balanced(services: list[Service]) -> AsyncIterator[tuple[httpx.AsyncClient, httpx.AsyncClient]]:
    one, other = [httpx.AsyncClient(base_url=service.url, headers={"X-Forwarded-For": ALICE}) for service in services]
    async with one, other:
        yield one, other


def rating(key: str, **answers: object) -> dict[str, object]:
    return {"id": str(uuid4()), "key": key, "answers": {**GOOD, **answers}}


async def review_goes_from_one_to_the_other(one: httpx.AsyncClient, other: httpx.AsyncClient, key: str) -> None:
    first = rating(key)
    assert (await one.post("/api/v1/reviews", json=first)).status_code == 201
    assert (await other.post("/api/v1/reviews", json=first)).status_code == 200, "a retry"
    later = {**first, "answers": {**GOOD, "comprehension": 5}}
    assert (await other.post("/api/v1/reviews", json=later)).status_code == 200


async def limit_is_one(one: httpx.AsyncClient, other: httpx.AsyncClient, key: str) -> None:
    sent = [await client.post("/api/v1/reviews", json=rating(key)) for _ in range(4) for client in (one, other)]
    assert sorted(answer.status_code for answer in sent) == [201] * 5 + [429] * 3


async def who_signs_in_here_is_known_there(one: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    secret = {"email": "claude@exemple.fr", "password": PASSWORD}
    assert (await one.post("/admin/connexion", data=secret, headers=SAME_SITE)).status_code == 303
    cookie = {"Cookie": f"avis_session={one.cookies['avis_session']}"}
    assert (await other.get("/admin", headers=cookie)).status_code == 200
    assert (await other.post("/admin/deconnexion", headers={**cookie, **SAME_SITE})).status_code == 303
    assert (await one.get("/admin", headers=cookie)).status_code == 303, "signed out everywhere"


async def a_link_of_either_key_is_good_everywhere(services: list[Service], tmp_path: Path) -> None:
    for keys in (f"{OLD},{NEW}", f"{NEW},{OLD}"):
        services[0].environ["AVIS_SECRET_KEYS"] = keys
        made = services[0].run("link", "create", "--procedure", "passeport", "--content", "reviews", "--format", "csv")
        copies = set()
        for giver in services:
            report = await asyncio.to_thread(pull, giver.url + urlsplit(made["url"]).path, tmp_path / uuid4().hex)
            copies.add(await asyncio.to_thread(Path(report.file).read_bytes))
        assert len(copies) == 1


async def closing_is_known_at_once(
    storage: Storage, one: httpx.AsyncClient, other: httpx.AsyncClient, key: str
) -> None:
    await storage.catalogue.close_placement(key, Now()())
    for client in (one, other):
        assert (await client.post("/api/v1/reviews", json=rating(key))).status_code == 410


async def test_of_many_that_ask_for_a_lease_at_once_one_has_it(storage_of_both: tuple[Storage, Settings]) -> None:
    from datetime import timedelta

    storage, _ = storage_of_both
    asking = [Leases(storage.engine).take("purge", Now()(), timedelta(minutes=2)) for _ in range(12)]
    assert sorted(await asyncio.gather(*asking)) == [False] * 11 + [True]


async def test_workers_of_one_service_die_and_are_replaced_under_load(
    shared: dict[str, str], storage_of_both: tuple[Storage, Settings], tmp_path: Path
) -> None:
    storage, _ = storage_of_both
    passeport = await found(storage, Now(), "passeport")
    crowd = Crowd(passeport.key)
    with serving(shared, tmp_path / "log", options=("--workers", "2")) as service:
        sending = asyncio.create_task(crowd.send(service.url, people=12, seconds=5, patient=True))
        for _ in range(3):
            await asyncio.sleep(1)
            os.kill(workers(service.process.pid)[0], signal.SIGKILL)
        await sending
        assert len(workers(service.process.pid)) == 2
    assert crowd.statuses == {200, 201}
    await check(storage, passeport, crowd)


@pytest.mark.parametrize(
    ("database", "limits", "says"),
    [("", "database", "AVIS_DATABASE"), ("postgresql://127.0.0.1:1/avis", "memory://", "AVIS_LIMITS_STORAGE")],
)
def test_what_several_workers_cannot_share_is_refused_with_what_to_do(
    tmp_path: Path, database: str, limits: str, says: str
) -> None:
    environ = {**without_settings(), **environment(tmp_path / "data", database), "AVIS_LIMITS_STORAGE": limits}
    done = subprocess.run(
        [AVIS, "serve", "--workers", "2", "--port", f"{free_port()}"],
        check=False,
        capture_output=True,
        text=True,
        env=environ,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Erreur : Réglage incorrect. ")
    assert says in done.stderr
    assert not (tmp_path / "data" / "avis.db").exists()

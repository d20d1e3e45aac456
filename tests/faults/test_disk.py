"""A disk that is full, read-only, or has lost a page: nothing is lost quietly, and the service says what to do."""

import asyncio
import os
import shutil
import subprocess
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from collector.app import create_app
from collector.settings import Settings, load
from collector.storage.migrate import migrate
from tests.conftest import GOOD, MovableClock, environment, found, opened, running
from tests.faults.crowd import Crowd
from tests.faults.disks import small_disk
from tests.faults.nursery import served
from tests.faults.test_crash import NO_LIMITS, check
from tests.faults.test_power import rate, sound
from tests.faults.test_storage import file_of, fill_up, unavailable
from tests.services import free_port
from tests.serving import AVIS


async def test_a_disk_that_runs_full_refuses_clearly_and_goes_on_when_there_is_space(
    tmp_path: Path, clock: MovableClock
) -> None:
    with small_disk(tmp_path / "disk", "40m") as path:
        environ = {**environment(path / "data"), **NO_LIMITS}
        migrate(settings := load(environ))
        async with opened(settings, clock) as storage:
            passeport = await found(storage, clock, "passeport")
            crowd = Crowd(passeport.key)
            with served(environ, tmp_path / "log") as (url, _):
                await crowd.send(url, people=4, seconds=0.3)
                assert crowd.statuses == {200, 201}
                others = path / "what others write"
                others.write_bytes(bytes(shutil.disk_usage(path).free - 100_000))
                await fill_up(crowd, url)
                async with httpx.AsyncClient(base_url=url) as client:
                    body = {"id": str(uuid4()), "key": passeport.key, "answers": GOOD, "page": "/" + "x" * 1500}
                    with others.open("ab") as file:
                        file.write(bytes(shutil.disk_usage(path).free))
                    assert unavailable(await client.post("/api/v1/reviews", json=body))
                    async with asyncio.timeout(10):
                        # A probe is smaller than a review: it may still fit once or twice.
                        while (await client.get("/readyz")).status_code == 200:
                            pass
                    assert (await client.get("/healthz")).status_code == 200
                    others.unlink()
                    assert (await client.post("/api/v1/reviews", json=body)).status_code == 201
                    assert (await client.get("/readyz")).status_code == 200
                await crowd.send(url, people=4, seconds=0.3)
            await check(storage, passeport, crowd)
        sound(settings)


def refused(settings: Settings) -> str:
    done = subprocess.run(
        [AVIS, "serve", "--port", f"{free_port()}"],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **environment(settings.data)},
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Erreur : "), done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_read_only_disk_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "4m") as path:
        settings = load(environment(path / "data"))
        migrate(settings)
        subprocess.run(["mount", "-o", "remount,ro", path], check=True)
        said = refused(settings)
    assert "ne peut pas être écrite" in said
    assert "lecture seule" in said
    assert f"{settings.sqlite_path}" in said


@pytest.mark.parametrize("lost", ["one page", "every tenth page", "the first page", "the end"])
async def test_a_database_that_has_lost_pages_stops_the_start_and_says_what_to_do(
    on_sqlite: Settings, clock: MovableClock, lost: str
) -> None:
    async with opened(on_sqlite, clock) as storage:
        passeport = await found(storage, clock, "passeport")
    async with running(create_app(on_sqlite, clock), on_sqlite) as client:
        await rate(client, Crowd(passeport.key), passeport, 100)
    path = file_of(on_sqlite)
    before = path.read_bytes()
    path.write_bytes(damaged(before, lost))
    said = refused(on_sqlite)
    assert "La base n'est pas intacte" in said
    assert "avis restore" in said
    assert path.read_bytes() == damaged(before, lost), "the evidence is left as it was"
    path.write_bytes(before)
    async with running(create_app(on_sqlite, clock), on_sqlite) as client:
        await rate(client, Crowd(passeport.key), passeport, 1)


def damaged(pages: bytes, lost: str) -> bytes:
    size, number = 4096, len(pages) // 4096
    match lost:
        case "the end":
            return pages[: len(pages) // 2]
        case "the first page":
            gone = [0]
        case "one page":
            gone = [largest_table(pages)]
        case _:
            gone = list(range(5, number, 10))
    for page in gone:
        pages = pages[: page * size] + b"\xa5" * size + pages[(page + 1) * size :]
    return pages


def largest_table(pages: bytes) -> int:
    """A leaf of a table that is full: one of the reviews'."""
    leaves = [page for page in range(1, len(pages) // 4096) if pages[page * 4096] == 0x0D]
    return max(leaves, key=lambda page: int.from_bytes(pages[page * 4096 + 3 : page * 4096 + 5]))

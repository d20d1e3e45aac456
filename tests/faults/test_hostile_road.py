"""Whatever lies between the service and a job, the copy is the service's or it is behind: never another."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb
import pytest
from httpx import AsyncClient
from litestar import Litestar

from collector.exports.pull import pull
from collector.exports.pulling.errors import LinkRefused, PullError
from collector.settings import Settings
from collector.storage import Storage
from tests.conftest import MovableClock, Passeport, send
from tests.hostile import Hostile, hostile
from tests.service.test_exports import Signed, fill, served

RUNS, OFTEN = 60, 4


def kept(copy: Path) -> dict[str, str | None]:
    """What a copy holds so far: each review's identifier and its comment."""
    if copy.suffix == ".duckdb":
        with duckdb.connect(copy, read_only=True) as engine:
            tables = engine.execute("SELECT table_name FROM duckdb_tables()").fetchall()
            return dict(engine.execute("SELECT id, verbatim FROM reviews").fetchall()) if ("reviews",) in tables else {}
    with closing(sqlite3.connect(copy / "copy.db")) as ledger:
        rows = [json.loads(cells) for (cells,) in ledger.execute("SELECT cells FROM row")]
    return {row["id"]: row["verbatim"] for row in rows}


async def theirs(client: AsyncClient, url: str) -> dict[str, str | None]:
    rows: list[dict[str, Any]] = [json.loads(line) for line in (await client.get(url)).text.splitlines()]
    return {row["id"]: row["verbatim"] for row in rows}


# The road is what is tested, and no engine.
@pytest.mark.parametrize("environ", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("suffix", "seed"), [("", 1), (".duckdb", 3)])
async def test_a_copy_through_a_hostile_network_ends_equal_and_is_never_wrong_on_the_way(
    app: Litestar,
    client: AsyncClient,
    storage: Storage,
    settings: Settings,
    clock: MovableClock,
    passeport: Passeport,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    suffix: str,
    seed: int,
) -> None:
    # Not ours but Python's: six tries with growing waits would take half a minute.
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    await fill(storage, passeport, 1500)
    url, copies, copy = await Signed(storage, settings, clock)(), 0, tmp_path
    async with served(app) as target, hostile(target, seed) as (proxy, address):
        for _ in range(RUNS):
            copy = tmp_path / f"{copies}{suffix}"
            try:
                report = await asyncio.to_thread(pull, address + urlsplit(url).path, copy)
                assert report.total == 1500 + copies
                # One more to come, and a new copy, so that there is much on the road again.
                await send(client, passeport.key, {"satisfaction": "bad", "verbatim": f"Numéro {copies}"})
                copies += 1
            except LinkRefused:
                raise
            except PullError:
                pass
            assert kept(copy).items() <= (await theirs(client, url)).items(), "behind perhaps, wrong never"
            if copies > 1 and all(proxy.met[trouble] >= OFTEN for trouble in Hostile.TROUBLES):
                break
        assert all(proxy.met[trouble] >= OFTEN for trouble in Hostile.TROUBLES), proxy.met
    # And where the last one was left, whatever it came to, it goes on.
    async with served(app) as (host, port):
        await asyncio.to_thread(pull, f"http://{host}:{port}{urlsplit(url).path}", copy)
    assert kept(copy) == await theirs(client, url)

"""A citizen's click is never lost: what was acknowledged is there, once, however the service ended."""

import asyncio
import random
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

from collector.settings import Settings
from collector.storage import Storage
from collector.storage.reviews import Filter
from tests.conftest import Passeport
from tests.faults.crowd import Crowd, capability
from tests.faults.nursery import served
from tests.service.test_counts import check_counts
from tests.serving import serving

LIVES = {"sqlite": 50, "postgres": 25}
"""Of PostgreSQL only the client dies here; tests/faults/test_outages.py ends the server too."""
NO_LIMITS = {f"AVIS_LIMIT_{name}": "off" for name in ("VISITOR_PROCEDURE", "VISITOR", "PROCEDURE", "COUNTER")}


async def check(storage: Storage, passeport: Passeport, crowd: Crowd) -> None:
    """Every acknowledged review once, every acknowledged completion in it, and figures that say the same."""
    everything = Filter(standing=None)
    stored = [listed.review for listed in await storage.reviews.before(passeport.procedure, everything, number=10**6)]
    by_name = {review.capability: review for review in stored}
    assert len(by_name) == len(stored), "a review is there twice"
    missing = [mine for mine in crowd.rated if capability(mine) not in by_name]
    assert not missing, f"{len(missing)} of {len(crowd.rated)} acknowledged reviews are lost"
    undone = [mine for mine in crowd.completed if by_name[capability(mine)].comprehension != 5]
    assert not undone, f"{len(undone)} of {len(crowd.completed)} acknowledged completions are lost"
    await check_counts(storage, passeport)


async def test_nothing_acknowledged_is_lost_when_the_service_is_killed_under_load(
    environ: dict[str, str], settings: Settings, storage: Storage, passeport: Passeport, tmp_path: Path
) -> None:
    chance = random.Random(7)  # noqa: S311 - moments of death, not secrets
    crowd = Crowd(passeport.key)
    lives = LIVES[storage.engine.name]
    for life in range(lives):
        with served({**environ, **NO_LIMITS}, tmp_path / "log") as (url, process):
            sending = asyncio.create_task(crowd.send(url, people=12, seconds=20))
            before = len(crowd.rated)
            while len(crowd.rated) < before + 10:  # noqa: ASYNC110 - another process makes it happen
                await asyncio.sleep(0.005)
            await asyncio.sleep(chance.uniform(0, 0.1))
            process.kill()
            process.join()
            await sending
        if settings.sqlite_path:
            with closing(sqlite3.connect(settings.sqlite_path)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        if life % 10 == 9 or life == lives - 1:
            await check(storage, passeport, crowd)
    assert crowd.statuses == {200, 201}
    assert len(crowd.rated) > lives * 10
    assert "Traceback" not in (tmp_path / "log").read_text()


async def test_a_stop_answers_whoever_was_waiting(
    environ: dict[str, str], storage: Storage, passeport: Passeport, tmp_path: Path
) -> None:
    crowd = Crowd(passeport.key)
    with serving({**environ, **NO_LIMITS}, tmp_path / "log") as service:
        sending = asyncio.create_task(crowd.send(service.url, people=40, seconds=20))
        while len(crowd.rated) < 100:  # noqa: ASYNC110 - another process makes it happen
            await asyncio.sleep(0.01)
        service.process.send_signal(signal.SIGTERM)
        await sending
        assert service.process.wait(timeout=20) in {0, -signal.SIGTERM}
    assert crowd.statuses <= {200, 201, 503}
    await check(storage, passeport, crowd)

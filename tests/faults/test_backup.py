"""A backup is taken while people send: none of them is refused, and whoever had been thanked before is in it."""

import asyncio
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from collector.housing.errors import HousingError
from collector.housing.workshop import workshop
from collector.settings import Settings, load
from collector.storage import Storage
from collector.storage.reviews import Filter
from tests.conftest import MovableClock, Passeport, environment, opened
from tests.faults.crowd import Crowd, capability
from tests.faults.test_crash import NO_LIMITS, check
from tests.service.test_commands import Commands
from tests.service.test_counts import check_counts
from tests.serving import AVIS, Service, serving


async def test_a_backup_under_load_holds_whoever_was_thanked_before_and_refuses_nobody(
    environ: dict[str, str],
    storage: Storage,
    passeport: Passeport,
    clock: MovableClock,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    crowd, file = Crowd(passeport.key), tmp_path / "copy.avis"
    with serving({**environ, **NO_LIMITS}, tmp_path / "log") as service:
        sending = asyncio.create_task(crowd.send(service.url, people=12, seconds=12))
        while len(crowd.completed) < 300:  # noqa: ASYNC110 - another process makes it happen
            await asyncio.sleep(0.01)
        rated, completed = set(crowd.rated), set(crowd.completed)
        # So slow that it lasts, and the database moves on under it.
        await asyncio.to_thread(backup, service, file, "--rate", "0.5")
        during = len(crowd.rated) - len(rated)
        await sending
    assert crowd.statuses == {200, 201}, "nobody was refused"
    assert during > 50
    await check(storage, passeport, crowd)
    elsewhere = another_place(environ, tmp_path, request)
    await asyncio.to_thread(Commands(elsewhere), "restore", str(file))
    async with opened(load(elsewhere), clock) as restored:
        everything = await restored.reviews.before(passeport.procedure, Filter(standing=None), number=10**6)
        found = {each.review.capability: each.review for each in everything}
        assert {capability(mine) for mine in rated} <= found.keys()
        assert all(found[capability(mine)].comprehension == 5 for mine in completed)
        await check_counts(restored, passeport)


def backup(service: Service, file: Path, *options: str) -> None:
    subprocess.run(
        [AVIS, "backup", str(file), *options, "--json"], env=service.environ, check=True, capture_output=True
    )


def another_place(environ: dict[str, str], tmp_path: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    if environ["AVIS_DATABASE"]:
        new: Callable[[], str] = request.getfixturevalue("new_postgres")
        return environment(tmp_path / "other", new())
    return environment(tmp_path / "other")


def test_a_backup_that_is_killed_leaves_no_file_of_its_name(
    settings: Settings, environ: dict[str, str], tmp_path: Path
) -> None:
    Commands(environ)("demo", "--reviews", "3000")
    file = tmp_path / "copy.avis"
    command: list[str | Path] = [AVIS, "backup", str(file), "--rate", "0.1"]
    service = Service(environ, tmp_path / "log", 1)
    with subprocess.Popen(command, env=service.environ) as process:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1.0)
        process.kill()
    assert not file.exists()
    Commands(environ)("backup", str(file))
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "data") == ["copy.avis"]


def test_two_backups_into_one_file_do_not_meet(environ: dict[str, str], settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "copy.avis"
    with workshop(file), pytest.raises(HousingError, match="attendez"):
        Commands(environ)("backup", str(file))
    Commands(environ)("backup", str(file))

"""`avis pull … --into copy.duckdb`: a table with types, and the service's own figures out of it."""

import asyncio
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import pytest
from httpx import AsyncClient
from litestar import Litestar

from collector.exports.pull import Report
from collector.exports.pulling.errors import FolderUnusable, PullError
from collector.settings import Settings
from collector.storage import Storage
from tests.conftest import MovableClock, Passeport, send
from tests.service.test_exports import Signed, fill
from tests.service.test_pull import pull_through

HOLD = """
import sys, time, duckdb
with duckdb.connect(sys.argv[1], read_only=True) as reader:
    print("held", flush=True)
    time.sleep(60)
"""
ANSWERS: tuple[dict[str, Any], ...] = (
    {"satisfaction": "good", "comprehension": 5, "contact_tried": ["none"]},
    {"satisfaction": "medium", "comprehension": 2, "contact_tried": ["website", "relative"]},
    {
        "satisfaction": "bad",
        "contact_tried": ["phone", "chat", "counter"],
        "contact_reached": {"phone": True, "chat": False, "counter": True},
        "contact_satisfaction": {"phone": 2, "counter": 5},
        "verbatim": "Attente « longue » ; \"et\nde plus\" : 'é'",
    },
    {"satisfaction": "good", "contact_tried": ["email"], "contact_reached": {"email": False}},
)


@pytest.fixture
def sign(storage: Storage, settings: Settings, clock: MovableClock) -> Signed:
    return Signed(storage, settings, clock)


def asked(report: Report, question: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(report.file, read_only=True) as copy:
        return copy.execute(question).fetchall()


def beside(file: Path) -> list[str]:
    return sorted(each.name for each in file.parent.glob(f"{file.stem}*"))


async def test_the_table_has_types_and_the_views_give_the_services_own_figures(
    app: Litestar, client: AsyncClient, passeport: Passeport, sign: Signed, clock: MovableClock, tmp_path: Path
) -> None:
    for number, answers in enumerate(ANSWERS * 3):
        await send(client, passeport.key, answers)
        if number == 6:
            clock.move(days=1)
    report = await pull_through(app, await sign(), tmp_path / "copy.duckdb")
    assert (report.added, report.total) == (12, 12)
    kinds = dict(asked(report, "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'reviews'"))
    assert kinds["given_at"] == "TIMESTAMP WITH TIME ZONE"
    assert (kinds["day"], kinds["comprehension"]) == ("DATE", "INTEGER")
    assert (kinds["contact_tried"], kinds["contact_reached_phone"]) == ("VARCHAR[]", "BOOLEAN")
    assert asked(report, "SELECT DISTINCT verbatim FROM reviews WHERE verbatim IS NOT NULL") == [
        (ANSWERS[2]["verbatim"],)
    ]
    assert asked(report, "SELECT reviews, bad, medium, good FROM reviews_by_day ORDER BY day") == [
        (7, 2, 2, 3),
        (5, 1, 1, 3),
    ]
    given = (await client.get(await sign(content="indicators", format="json"))).json()
    figures = asked(report, "SELECT indicator, scale, count, value, low, high FROM indicators")
    assert len(given) == len(figures) == 6
    for indicator, *figure in figures:
        (theirs,) = (row for row in given if row["indicator"] == indicator)
        assert figure == pytest.approx([theirs[name] for name in ("scale", "count", "value", "low", "high")])
    day = asked(report, "SELECT count, value FROM indicators_by_day WHERE indicator = 'satisfaction' ORDER BY day")
    assert day == [(7, pytest.approx(40 / 7)), (5, pytest.approx(7.0))]
    between = "SELECT count FROM indicators_between('2026-03-13', '2026-03-13') WHERE indicator = 'satisfaction'"
    assert asked(report, between) == [(5,)]


async def test_pulling_again_adds_changes_and_removes_and_nothing_masked_stays_in_the_file(
    app: Litestar, client: AsyncClient, storage: Storage, passeport: Passeport, sign: Signed, tmp_path: Path
) -> None:
    file = tmp_path / "copy.duckdb"
    await fill(storage, passeport, 1500)
    url = await sign()
    first = await pull_through(app, url, file)
    assert (first.added, first.total, first.pages) == (1500, 1500, 2)
    mine = uuid4()
    await send(client, passeport.key, {"satisfaction": "bad", "verbatim": "Introuvable-7531"}, id=mine)
    assert (await pull_through(app, url, file)).added == 1
    assert b"Introuvable-7531" in file.read_bytes()
    await send(client, passeport.key, {"satisfaction": "bad", "verbatim": "Autre chose"}, id=mine)
    again = await pull_through(app, url, file)
    assert (again.added, again.updated, again.total) == (0, 1, 1501)
    assert b"Introuvable-7531" not in file.read_bytes()
    assert beside(file) == ["copy.duckdb"], "neither a log nor a draft"
    assert asked(again, "SELECT COUNT(DISTINCT id), COUNT(*) FROM reviews") == [(1501, 1501)]
    assert asked(again, "SELECT value FROM indicators WHERE indicator = 'satisfaction'"), "the views are still there"
    assert (await pull_through(app, url, file)).updated == 0


async def test_a_copy_that_was_cut_goes_on_from_the_last_whole_page(
    app: Litestar,
    client: AsyncClient,
    storage: Storage,
    passeport: Passeport,
    sign: Signed,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Not ours but Python's: six tries with growing waits would take half a minute.
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    await fill(storage, passeport, 1500)
    url = await sign(format="csv")
    with pytest.raises(PullError):
        await pull_through(app, url, tmp_path / "copy.duckdb", "", *["cut"] * 20)
    # Whatever the link's format, the table is the same.
    report = await pull_through(app, await sign(), tmp_path / "copy.duckdb")
    assert (report.added, report.total, report.pages) == (500, 1500, 1)


async def test_a_file_that_is_no_copy_or_is_in_use_is_told(
    app: Litestar, client: AsyncClient, passeport: Passeport, sign: Signed, tmp_path: Path
) -> None:
    file = tmp_path / "copy.duckdb"
    file.write_text("Ceci n'est pas une base. " * 1000)
    with pytest.raises(FolderUnusable):
        await pull_through(app, await sign(), file)
    file.unlink()
    await pull_through(app, await sign(), file)
    with pytest.raises(FolderUnusable, match="autre export"):
        await pull_through(app, await sign(from_day="2026-01-01"), file)
    held = await asyncio.create_subprocess_exec(sys.executable, "-c", HOLD, file, stdout=asyncio.subprocess.PIPE)
    try:
        assert held.stdout is not None
        await held.stdout.readline()
        with pytest.raises(FolderUnusable):
            await pull_through(app, await sign(), file)
    finally:
        held.kill()
        await held.wait()


async def test_figures_of_a_link_for_indicators_are_replaced_as_a_whole(
    app: Litestar, client: AsyncClient, passeport: Passeport, sign: Signed, tmp_path: Path
) -> None:
    url = await sign(content="indicators", format="json")
    for number in (1, 2):
        await send(client, passeport.key)
        report = await pull_through(app, url, tmp_path / "copy.duckdb")
        assert asked(report, "SELECT count FROM indicators WHERE indicator = 'satisfaction'") == [(number,)]
        assert report.total == 6

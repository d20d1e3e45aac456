"""The views for figures: the formulas, the ready queries, and a role that sees nothing else."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from collector.indicators import COUNTS, indicators
from collector.settings import Settings
from collector.storage import Storage
from tests.conftest import NOON, Passeport
from tests.history import given

QUERIES = {one.stem: one.read_text() for one in sorted((Path(__file__).parents[2] / "docs" / "bi").glob("*.sql"))}
VIEWS = ("bi_procedure", "bi_placement", "bi_day", "bi_indicator")
SAID: list[dict[str, Any]] = [
    {"satisfaction": "good", "comprehension": 4, "contact_tried": ["none"], "verbatim": "Merci"},
    {"satisfaction": "medium", "contact_tried": ["phone", "chat"], "contact_reached": {"phone": True, "chat": False},
     "contact_satisfaction": {"phone": 2}},
    {"satisfaction": "bad", "comprehension": 1, "contact_tried": ["counter"], "contact_reached": {"counter": True},
     "contact_satisfaction": {"counter": 5}},
]  # fmt: skip


async def rows(storage: Storage, statement: str) -> list[dict[str, Any]]:
    async with storage.engine.read() as connection:
        cursor = await connection.execute(statement)
        names = [column[0] for column in cursor.description]
        return [
            dict(zip(names, tuple(row.values() if isinstance(row, dict) else row), strict=True))
            for row in await cursor.fetchall()
        ]


@pytest.fixture
async def told(storage: Storage, passeport: Passeport) -> Storage:
    for n, answers in enumerate(SAID, 1):
        await given(storage, passeport.procedure, passeport.placement, NOON - timedelta(days=n), answers, times=n)
    await given(
        storage, passeport.procedure, passeport.malfunction, NOON, {"kind": "technical", "verbatim": "Page blanche"}
    )
    # One that nobody has used yet.
    await storage.catalogue.add_placement(
        passeport.procedure, channel="qr", form="satisfaction", label="Guichet", now=NOON
    )
    return storage


async def test_the_views_compute_what_the_formulas_say(told: Storage, passeport: Passeport) -> None:
    found = {
        row["indicator"]: (row["answers"], float(row["value"]), row["scale"])
        for row in await rows(told, "SELECT * FROM bi_indicator WHERE procedure = 'passeport' AND month = '2026-03'")
    }
    counts = await told.reviews.counts(passeport.procedure, "2026-03-01", "2026-03-31")
    wanted = {one.name: (one.count, one.value, one.scale) for one in indicators(counts)}
    assert {name: (count, scale) for name, (count, _, scale) in found.items()} == {
        name: (count, scale) for name, (count, _, scale) in wanted.items()
    }
    assert {name: one[1] for name, one in found.items()} == pytest.approx(
        {name: one[1] for name, one in wanted.items()}
    )


async def test_a_day_has_every_count_and_no_text(told: Storage) -> None:
    days = await rows(told, "SELECT * FROM bi_day ORDER BY day DESC")
    assert set(COUNTS) < set(days[0])
    assert sum(row["reviews"] for row in days) == 7
    assert days[0]["form"] == "malfunction"
    shown = str([await rows(told, f"SELECT * FROM {view}") for view in VIEWS])  # noqa: S608 - our own names
    assert "Demander un passeport" in shown
    assert "Merci" not in shown
    assert "Page blanche" not in shown


@pytest.mark.parametrize("query", sorted(QUERIES.keys() - {"role"}))
async def test_each_ready_query_answers(told: Storage, query: str) -> None:
    assert await rows(told, QUERIES[query])


@pytest.mark.parametrize("environ", ["postgres"], indirect=True)
async def test_the_role_reads_the_views_and_nothing_else(told: Storage, settings: Settings) -> None:
    with psycopg.connect(settings.database) as connection:
        connection.execute(QUERIES["role"].encode())
        connection.execute("SET LOCAL ROLE avis_bi")
        for view in VIEWS:
            assert connection.execute(f"SELECT COUNT(*) FROM {view}".encode()).fetchone() != (0,)  # noqa: S608
        tables = connection.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
            " AND c.relkind IN ('r', 'p', 'v') AND has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE')"
        ).fetchall()
        assert {name for (name,) in tables} == set(VIEWS)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT verbatim FROM review")
        # Nothing is committed: the role is the whole server's.
        connection.rollback()

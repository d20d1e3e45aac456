"""The product runs unchanged on the partitioned tables of the benchmark."""

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from benchmarks.bulk import definitions, load
from benchmarks.crowd import RARE, RARES
from benchmarks.partitions import BY_MONTH, BY_PROCEDURE, PARTITIONED, Layout, divide
from benchmarks.scale import settings_of
from collector.fulltext import parse
from collector.storage import Storage
from collector.storage.reviews import Filter

NUMBER = 2_000


@pytest.mark.parametrize("layout", [BY_PROCEDURE, BY_MONTH], ids=lambda layout: layout.name)
async def test_a_partitioned_database_answers_like_any(
    new_postgres: Callable[[], str], tmp_path: Path, layout: Layout
) -> None:
    settings = settings_of(tmp_path, new_postgres())
    with psycopg.connect(settings.database) as connection:
        before = {table: definitions(connection, table) for table in PARTITIONED}
    divide(settings, layout)
    await load(settings, NUMBER)
    with psycopg.connect(settings.database) as connection:
        for table, (keys, indices) in before.items():
            now = definitions(connection, table)
            assert [sorted(name for name, _ in each) for each in now] == [
                sorted(name for name, _ in each) for each in (keys, indices)
            ]
            parts = connection.execute(
                f"SELECT COUNT(DISTINCT tableoid) FROM {table}".encode()  # noqa: S608 - one of ours
            ).fetchone()
            assert parts
            assert parts[0] > len(layout.bounds) / 2, "its rows lie in many partitions"
    storage = Storage(settings)
    await storage.open()
    procedure = await storage.catalogue.procedure("demarche-0")
    assert procedure
    found = await storage.search.find(procedure, parse(RARE), Filter(), number=2 * RARES)
    assert len(found.reviews) == RARES
    assert await storage.reviews.last_change() == NUMBER
    numbers = [each.id for each in await storage.catalogue.procedures()]
    changed = await storage.reviews.changed(numbers, after=0, last=NUMBER, from_day=None, to_day=None, number=NUMBER)
    assert [each.change for each in changed.met] == list(range(1, NUMBER + 1))
    await storage.close()

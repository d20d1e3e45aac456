"""What the benchmarks measure is a database as the service would have left it: sums, months, words, indices."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from benchmarks.bulk import load
from benchmarks.crowd import NOW, RARE, RARES
from collector.fulltext import parse
from collector.housing.recount import Recount
from collector.privacy.anonymise import anonymise
from collector.schema import SatisfactionAnswers
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.batch import Write
from collector.storage.reviews import Filter

NUMBER = 2_000


async def rows_of(storage: Storage, table: str) -> list[Any]:
    async with storage.engine.read() as connection:
        cursor = await connection.execute(f"SELECT * FROM {table}")  # noqa: S608 - the tests name it
        return list(await cursor.fetchall())


@pytest.fixture
async def loaded(settings: Settings) -> AsyncIterator[Storage]:
    await load(settings, NUMBER)
    storage = Storage(settings)
    await storage.open()
    yield storage
    await storage.close()


async def test_every_review_is_there_once(loaded: Storage) -> None:
    reviews = await rows_of(loaded, "review")
    assert sorted(row["change"] for row in reviews) == list(range(1, NUMBER + 1))
    assert len({row["public_id"] for row in reviews} | {row["capability"] for row in reviews}) == 2 * NUMBER
    assert [row["change"] for row in sorted(reviews, key=lambda row: (row["day"], row["minute"], row["seq"]))] == [
        row["change"] for row in sorted(reviews, key=lambda row: row["seq"])
    ], "in the order of time"
    assert len({row["day"] for row in reviews}) == 365


async def test_the_sums_are_those_of_a_recount(loaded: Storage) -> None:
    recount = Recount("")
    for table, look in recount.watched.items():
        for row in await rows_of(loaded, table):
            look(row)
    result = recount.result()
    assert (result.reviews, result.differing) == (NUMBER, 0)


async def test_the_words_are_those_that_the_service_would_index(loaded: Storage) -> None:
    assert await loaded.search.behind() == 0
    kept = {table: await rows_of(loaded, table) for table in ("review_word", "word")}
    async with loaded.engine.write() as connection:
        for table in (*kept, "indexing"):
            await connection.execute(f"DELETE FROM {table}")  # noqa: S608 - the two above, and one more
    while await loaded.search.index():
        pass
    for table, rows in kept.items():
        anew = await rows_of(loaded, table)
        assert sorted(map(str, anew)) == sorted(map(str, rows))
        assert len(anew) > NUMBER / 4


async def test_the_rare_word_is_as_frequent_as_promised(loaded: Storage) -> None:
    procedure = await loaded.catalogue.procedure("demarche-0")
    assert procedure
    found = await loaded.search.find(procedure, parse(RARE), Filter(), number=2 * RARES)
    assert len(found.reviews) == RARES


async def test_indices_are_as_before(settings: Settings) -> None:
    """They are left out while PostgreSQL is filled."""
    before = await _indices(settings)
    await load(settings, 400)
    assert await _indices(settings) == before


async def _indices(settings: Settings) -> list[str]:
    storage = Storage(settings)
    await storage.open()
    catalogue = (
        "SELECT sql AS made FROM sqlite_master WHERE type = 'index'"
        if storage.engine.name == "sqlite"
        else "SELECT indexdef AS made FROM pg_indexes WHERE schemaname = 'public'"
    )
    async with storage.engine.read() as connection:
        cursor = await connection.execute(catalogue)
        made = sorted(str(row["made"]) for row in await cursor.fetchall())
    await storage.close()
    return made


async def test_the_service_goes_on_from_there(loaded: Storage) -> None:
    key = (await rows_of(loaded, "placement"))[0]["key"]
    target, directory = await loaded.intake.target(key) or (None, 0)
    assert target
    review = anonymise(uuid4(), target, "fr", None, SatisfactionAnswers("good", verbatim=f"Une {RARE}"), NOW)
    assert await loaded.intake.commit([Write(review, directory)]) == ("created",)
    assert await loaded.reviews.last_change() == NUMBER + 1
    while await loaded.search.index():
        pass
    found = await loaded.search.find(target.procedure, parse(RARE), Filter(), number=1)
    assert found.reviews[0].review.public_id == review.public_id

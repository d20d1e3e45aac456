"""Which reviews say what is looked for: the same answers on every database, at a cost that does not grow with it.

An index in plain rows (procedure, word, day, review) is walked from the latest review down; where several words are
asked for, each walk leaps to where the others are. Nothing is sorted, counted or collected: a page costs a page.

The index follows: new words are added within a second or two (`index`), so that no citizen waits for them. What is
overwritten or removed leaves it at once, in the transaction that does so (`forget_words`).
"""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from collector.fulltext import BadSearch, Query, indexed, says, stem
from collector.schema import Procedure, Review
from collector.storage.engine import Engine, Row, listed
from collector.storage.leaps import CHUNK, Leaps
from collector.storage.many import inserted
from collector.storage.reviews import FIRST_DAY, LAST_DAY, NEWEST, Filter, Listed, Spot, helps, listed_of
from collector.storage.rows import text_of
from collector.storage.said import Spoken, count, forget, spoken_in

_ADD_PLACES = inserted("review_word", ("procedure_id", "word", "day", "seq"), "ON CONFLICT DO NOTHING")
_ADD_WORDS = inserted("word", ("procedure_id", "word", "stem"), "ON CONFLICT DO NOTHING")

Cut = dict[int, tuple[set[str], Spoken]]
"""By the number of its last change, the words that a review is found by, and what it counts for."""

BATCH = 200
"""Reviews that are indexed at once while nobody writes."""
SMALL = 25
"""And while citizens do, who wait meanwhile: three milliseconds. With 200, one in a hundred waited for twenty."""
FEW = 10
"""How many comments are cut into words between two turns of the event loop: half a millisecond."""
MOST_WORDS = 50
"""How many words a beginning may stand for."""
MOST_READS = 600
MOST_LOOKED = 1_000
"""Where words are frequent and hits are rare, a page ends after so many and says where to go on."""


class Found(Struct, frozen=True):
    """A page of a search. `next` is where the following one goes on; None when there is nothing older."""

    reviews: list[Listed]
    next: Spot | None


class Search:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._last = 0

    async def find(
        self, procedure: Procedure, query: Query, wanted: Filter, *, before: Spot | None = None, number: int = 50
    ) -> Found:
        """The latest first: at most `number` reviews older than `before`. Raises BadSearch for what is too broad."""
        start = min(before or (LAST_DAY, NEWEST), (wanted.to_day or LAST_DAY, NEWEST))
        async with self._engine.read() as connection:

            async def read(word: str, spot: Spot) -> list[Spot]:
                return await self._places(connection, procedure, word, spot, wanted.from_day or FIRST_DAY)

            leaps = Leaps(await self._clauses(connection, procedure, query), read, MOST_READS)
            found, spots, looked = list[Listed](), list[Spot](), 0
            async for spot in leaps.before(start):
                spots.append(spot)
                # One more than a page holds says whether there is a next one.
                if len(spots) <= number:
                    continue
                found += await self._fitting(connection, procedure, spots, wanted, query)
                looked, spots = looked + len(spots), []
                if len(found) > number:
                    break
                if looked >= MOST_LOOKED:
                    return Found(found, spot)
            found += await self._fitting(connection, procedure, spots, wanted, query)
        if len(found) > number:
            last = found[number - 1]
            return Found(found[:number], (last.review.day, last.seq))
        return Found(found, leaps.rest)

    async def _clauses(self, connection: Any, procedure: Procedure, query: Query) -> list[list[str]]:
        """The words that each part of a query stands for."""
        sql, of = self._engine.sql, {"procedure_id": procedure.id, "number": MOST_WORDS + 1}
        found = [await listed(sql.words_of_stem(connection, stem=stem, **of)) for stem in query.stems]
        for start in query.starts:
            rows = await listed(sql.words_between(connection, first=start, end=f"{start}\U0010ffff", **of))
            if len(rows) > MOST_WORDS:
                raise BadSearch(f"« {start}* » est le début de trop de mots : écrivez quelques lettres de plus.")
            found.append(rows)
        return [[row["word"] for row in rows] for rows in found]

    async def _places(self, connection: Any, procedure: Procedure, word: str, spot: Spot, from_day: str) -> list[Spot]:
        rows = await listed(
            self._engine.sql.places_of_word(
                connection,
                procedure_id=procedure.id,
                word=word,
                day=spot[0],
                seq=spot[1],
                from_day=from_day,
                number=CHUNK,
            )
        )
        return [(row["day"], row["seq"]) for row in rows]

    async def _fitting(
        self, connection: Any, procedure: Procedure, spots: Sequence[Spot], wanted: Filter, query: Query
    ) -> list[Listed]:
        """The reviews at these places that are what is wanted, in the same order."""
        if not spots:
            return []
        keys = text_of([{"procedure_id": procedure.id, "seq": seq} for _, seq in spots])
        rows = {row["seq"]: row for row in await listed(self._engine.sql.reviews_at(connection, keys=keys))}
        if wanted.tag:
            tags = await listed(self._engine.sql.tags_at(connection, keys=keys))
            tagged = {row["seq"] for row in tags if row["word"] == wanted.tag}
            rows = {seq: row for seq, row in rows.items() if seq in tagged}
        found = [listed_of(rows[seq]) for _, seq in spots if seq in rows]
        return [each for each in found if _fits(each.review, wanted, query)]

    async def index(self) -> bool:
        """Index some of what changed since the last time; whether there is more to do. Any worker may, at any time."""
        sql = self._engine.sql
        async with self._engine.read() as connection:
            until = await _until(sql, connection)
            now = (await sql.last_change(connection))["change"]
            if until >= now:
                return False
            number, self._last = SMALL if now != self._last else BATCH, now
            ahead = await listed(sql.reviews_to_index(connection, after=until, number=number))
        # Cut into words before anybody has to wait: a change's number says that a review still reads the same.
        cut = await _cut(ahead)

        async def step(connection: Any) -> bool:
            # Alone among all writers: what is indexed is what the reviews say when this commits.
            await sql.hold_progress(connection)
            last = (await sql.last_change(connection))["change"]
            rows = await listed(sql.reviews_to_index(connection, after=await _until(sql, connection), number=number))
            await self._add(connection, rows, cut)
            whole = len(rows) == number
            await sql.put_indexed(connection, change=rows[-1]["change"] if whole else last)
            return whole

        return await self._engine.run(step)

    async def behind(self) -> int:
        """How many changes are not indexed yet."""
        sql = self._engine.sql
        async with self._engine.read() as connection:
            return int((await sql.last_change(connection))["change"] - await _until(sql, connection))

    async def _add(self, connection: Any, rows: Sequence[Row], cut: Cut) -> None:
        for row in rows:
            if row["change"] not in cut:
                cut[row["change"]] = _cut_one(row)
        places = [(row["procedure_id"], word, row["day"], row["seq"]) for row in rows for word in cut[row["change"]][0]]
        if places:
            words = {(procedure_id, word, stem(word)) for procedure_id, word, _, _ in places}
            # In one order, whoever writes.
            await self._engine.put(connection, _ADD_WORDS, sorted(words))
            await self._engine.put(connection, _ADD_PLACES, sorted(places))
        await count(self._engine, connection, rows, {change: spoken for change, (_, spoken) in cut.items()})


async def _cut(rows: Iterable[Row]) -> Cut:
    """A few at a time: requests are answered between."""
    cut: Cut = {}
    for place, row in enumerate(rows):
        cut[row["change"]] = _cut_one(row)
        if place % FEW == FEW - 1:
            await asyncio.sleep(0)
    return cut


def _cut_one(row: Row) -> tuple[set[str], Spoken]:
    return indexed(row["verbatim"]), spoken_in(row["verbatim"] or "")


async def forget_words(engine: Engine, connection: Any, spoken: Iterable[tuple[int, Review]]) -> None:
    """Take out what these reviews (each with its `seq`) said, in the transaction that overwrites or removes it."""
    sql, spoken = engine.sql, list(spoken)
    await forget(engine, connection, spoken)
    places = sorted(
        (review.procedure_id, word, review.day, seq) for seq, review in spoken for word in indexed(review.verbatim)
    )
    if places:
        await sql.delete_places(connection, places=text_of(places))
        await sql.delete_words(connection, places=text_of(places))


async def _until(sql: Any, connection: Any) -> int:
    row = await sql.indexed_until(connection)
    return int(row["change"]) if row else 0


def _fits(review: Review, wanted: Filter, query: Query) -> bool:
    return (
        wanted.satisfaction in {None, review.satisfaction}
        and wanted.form in {None, review.form}
        and wanted.placement_id in {None, review.placement_id}
        and wanted.clarity in {None, review.comprehension}
        and wanted.lang in {None, review.lang}
        and (wanted.help is None or wanted.help in helps(review))
        and wanted.standing in {None, review.aside or "counted"}
        and all(says(review.verbatim, phrase) for phrase in query.phrases)
    )

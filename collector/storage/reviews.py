"""Read reviews and their counts, always in bounded pages."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from msgspec import Struct

from collector.indicators import COUNTS
from collector.schema import FormName, Procedure, Review, Satisfaction, day_of
from collector.storage.changes import Changes
from collector.storage.counting import period_of
from collector.storage.engine import Engine, Row, listed
from collector.storage.rows import review_of
from collector.suspicion import usual_of

NEWEST = 2**62
FIRST_DAY, LAST_DAY = "0001-01-01", "9999-12-31"
WALK = 5_000
"""How many reviews are looked at for one page: where few match, a reader goes on instead of waiting."""
HABIT = 28
"""Days after which a habit is forgotten."""
Standing = Literal["counted", "suspect", "confirmed"]
Help = Literal["none", "tried", "reached", "missed"]
"""Needed nobody; tried to reach somebody; reached somebody; tried and missed somebody."""
Spot = tuple[str, int]
"""A place in a list: a day and a `seq`."""


Given = tuple[Any, ...]
"""A review as it lies in its row, for files of millions: the columns of `reviews_in_order`, with JSON as text."""


class Listed(Struct, frozen=True):
    """A review in a page: `seq` orders by arrival, `change` by last change."""

    seq: int
    change: int
    review: Review


class Gone(Struct, frozen=True):
    """A review that was removed or set aside, for those who copied it."""

    change: int
    public_id: str


class Changed(Struct, frozen=True):
    """What changed, how far that goes, and whether there may be more behind."""

    met: list[Listed | Gone]
    change: int
    more: bool


class Filter(Struct, frozen=True, kw_only=True):
    """What a reader of reviews asks for; days are YYYY-MM-DD in Paris, both included. `standing` None asks for all."""

    from_day: str | None = None
    to_day: str | None = None
    satisfaction: Satisfaction | None = None
    form: FormName | None = None
    placement_id: int | None = None
    with_comment: bool = False
    clarity: int | None = None
    help: Help | None = None
    lang: str | None = None
    tag: str | None = None
    standing: Standing | None = "counted"


class Reviews:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def before(
        self,
        procedure: Procedure,
        wanted: Filter,
        *,
        before: Spot | None = None,
        floor: Spot | None = None,
        number: int = 50,
    ) -> list[Listed]:
        """The latest first: at most `number` reviews older than `before`, and not older than `floor`."""
        sql = self._engine.sql
        async with self._engine.read() as connection:
            rows = await listed(
                (sql.reviews_tagged if wanted.tag else sql.reviews_before)(
                    connection,
                    procedure_id=procedure.id,
                    **_below(wanted, before),
                    **_above(wanted, floor),
                    number=number,
                    satisfaction=wanted.satisfaction,
                    form=wanted.form,
                    placement_id=wanted.placement_id,
                    with_comment=int(wanted.with_comment),
                    clarity=wanted.clarity,
                    help=wanted.help,
                    lang=wanted.lang,
                    standing=wanted.standing,
                    tag=wanted.tag,
                )
            )
        return [listed_of(row) for row in rows]

    async def floor(
        self, procedure: Procedure, wanted: Filter, *, before: Spot | None = None, steps: int = WALK
    ) -> Spot | None:
        """How far so many reviews older than `before` reach; None when they reach the end."""
        sql = self._engine.sql
        async with self._engine.read() as connection:
            row = await (sql.floor_tagged if wanted.tag else sql.floor)(
                connection,
                procedure_id=procedure.id,
                **_below(wanted, before),
                from_day=wanted.from_day or FIRST_DAY,
                steps=steps,
                tag=wanted.tag,
            )
        return (row["day"], row["seq"]) if row else None

    async def at(self, procedure: Procedure, seq: int) -> Review | None:
        async with self._engine.read() as connection:
            row = await self._engine.sql.review_at(connection, procedure_id=procedure.id, seq=seq)
        return review_of(row) if row else None

    async def last_change(self) -> int:
        """The latest change of all: every earlier one is on disk and can be read."""
        async with self._engine.read() as connection:
            row = await self._engine.sql.last_change(connection)
        return int(row["change"])

    async def changed(
        self, procedures: Sequence[int], *, after: int, last: int, from_day: str | None, to_day: str | None, number: int
    ) -> Changed:
        """In the order of changes: at most `number` reviews, as they are now or gone, with `after` < change <= `last`.

        Procedures are read side by side while reviews arrive: without `last`, a late change of one that was already
        read would be passed over for good by the cursor of another.
        """
        met: list[Listed | Gone] = []
        looked = 0
        first, end = from_day or FIRST_DAY, to_day or LAST_DAY
        async with self._engine.read() as connection:
            changes = Changes(self._engine.sql, connection, procedures, after=after, last=last, number=number)
            async for row in changes.in_order():
                looked, after = looked + 1, row["change"]
                if first <= row["day"] <= end and ("seq" not in row or row["aside"] is None or row["withdrawn"]):
                    met.append(_met(row))
                if len(met) == number or looked == WALK:
                    return Changed(met, after, more=True)
        return Changed(met, after, more=False)

    async def in_order(
        self, procedure_id: int, *, after: Spot, last: int, to_day: str | None, number: int
    ) -> list[Given]:
        """The earliest first: at most `number` reviews after a place, of those that had arrived by `last`."""
        async with self._engine.read() as connection:
            return await self._engine.tuples(
                connection,
                self._engine.sql.reviews_in_order.sql,
                {
                    "procedure_id": procedure_id,
                    "after_day": after[0],
                    "after_seq": after[1],
                    "last": last,
                    "to_day": to_day or LAST_DAY,
                    "number": number,
                },
            )

    async def with_text(self, *, after: int, last: int, number: int) -> list[Listed]:
        """In the order of arrival, of every procedure: at most `number` reviews in which somebody wrote something."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.reviews_with_text_after(connection, after=after, last=last, number=number)
            )
        return [listed_of(row) for row in rows]

    async def last_seq(self) -> int:
        """The number of the latest review, 0 without any."""
        async with self._engine.read() as connection:
            row = await self._engine.sql.last_seq(connection)
        return int(row["seq"])

    async def counts(
        self, procedure: Procedure, from_day: str, to_day: str, placement_id: int | None = None
    ) -> dict[str, int]:
        """The sums of a period, with every name of `indicators.COUNTS`."""
        async with self._engine.read() as connection:
            row = await self._engine.sql.counts_of_period(
                connection, procedure_id=procedure.id, placement_id=placement_id, **period_of(from_day, to_day)
            )
        return counts_of(row)

    async def counts_by_day(
        self, procedure: Procedure, from_day: str, to_day: str, placement_id: int | None = None
    ) -> dict[str, dict[str, int]]:
        """The sums of each day that has any."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.counts_by_day(
                    connection, procedure_id=procedure.id, from_day=from_day, to_day=to_day, placement_id=placement_id
                )
            )
        return {row["day"]: counts_of(row) for row in rows}

    async def counts_by_part(
        self, procedure: Procedure, from_day: str, to_day: str
    ) -> dict[tuple[int, int, str], dict[str, int]]:
        """The sums of each placement, form version and language. A placement has one channel for ever."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.counts_by_part(
                    connection, procedure_id=procedure.id, from_day=from_day, to_day=to_day, placement_id=None
                )
            )
        return {(row["placement_id"], row["form_version"], row["lang"]): counts_of(row) for row in rows}

    async def counts_by_procedure(self, first: str, last: str) -> dict[int, dict[str, int]]:
        """The sums of every procedure over whole months (YYYY-MM), both included."""
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.counts_by_procedure(connection, first=first, last=last))
        return {row["procedure_id"]: counts_of(row) for row in rows}

    async def usual(self, procedure: Procedure, now: datetime) -> int:
        """How many reviews ten minutes of a busy day bring: see `collector.suspicion`. Today is not yet a habit."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.reviews_by_day(
                    connection,
                    procedure_id=procedure.id,
                    from_day=day_of(now - timedelta(days=HABIT)),
                    before_day=day_of(now),
                )
            )
        return usual_of(int(row["reviews"]) for row in rows)


def _below(wanted: Filter, before: Spot | None) -> dict[str, str | int]:
    day, seq = min(before or (LAST_DAY, NEWEST), (wanted.to_day or LAST_DAY, NEWEST))
    return {"before_day": day, "before_seq": seq}


def _above(wanted: Filter, floor: Spot | None) -> dict[str, str | int]:
    day, seq = max(floor or (FIRST_DAY, 0), (wanted.from_day or FIRST_DAY, 0))
    return {"floor_day": day, "floor_seq": seq}


def _met(row: Row) -> Listed | Gone:
    """To those who copy, what is set aside is gone; if it is released, it comes again."""
    return listed_of(row) if "seq" in row and row["aside"] is None else Gone(row["change"], row["public_id"])


def listed_of(row: Row) -> Listed:
    return Listed(row["seq"], row["change"], review_of(row))


def helps(review: Review) -> set[Help]:
    """What a review says about help, as `reviews_before` reads it."""
    found: set[Help] = {"reached" if reached else "missed" for reached in review.contact_reached.values()}
    if review.contact_tried:
        found.add("none" if review.contact_tried == ("none",) else "tried")
    return found


def counts_of(row: Row) -> dict[str, int]:
    return {name: int(row[name]) for name in COUNTS}

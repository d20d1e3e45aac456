"""Read reviews and their counts, always in bounded pages."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Literal

from msgspec import Struct

from collector.schema import FormName, Procedure, Review, Satisfaction, day_of
from collector.storage.engine import Engine, Row, listed
from collector.storage.rows import review_of
from collector.suspicion import usual_of

NEWEST = 2**62
HABIT = 28
"""Days after which a habit is forgotten."""
Standing = Literal["counted", "suspect", "confirmed"]


class Listed(Struct, frozen=True):
    """A review in a page: `seq` orders by arrival, `change` by last change."""

    seq: int
    change: int
    review: Review


class Gone(Struct, frozen=True):
    """A review that was removed or set aside, for those who copied it."""

    change: int
    public_id: str


class Filter(Struct, frozen=True, kw_only=True):
    """What a reader of reviews asks for; days are YYYY-MM-DD in Paris, both included. `standing` None asks for all."""

    from_day: str | None = None
    to_day: str | None = None
    satisfaction: Satisfaction | None = None
    form: FormName | None = None
    placement_id: int | None = None
    with_comment: bool = False
    standing: Standing | None = "counted"


class Reviews:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def before(
        self, procedure: Procedure, wanted: Filter, *, before: int = NEWEST, number: int = 50
    ) -> list[Listed]:
        """Newest first: at most `number` reviews older than `before` (a `seq`)."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.reviews_before(
                    connection,
                    procedure_id=procedure.id,
                    before=before,
                    number=number,
                    from_day=wanted.from_day,
                    to_day=wanted.to_day,
                    satisfaction=wanted.satisfaction,
                    form=wanted.form,
                    placement_id=wanted.placement_id,
                    with_comment=int(wanted.with_comment),
                    standing=wanted.standing,
                )
            )
        return [_listed(row) for row in rows]

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
    ) -> list[Listed | Gone]:
        """In the order of changes: at most `number` reviews, as they are now or gone, with `after` < change <= `last`.

        Procedures are read one after the other while reviews arrive: without `last`, a late change of one that was
        already read would be passed over for good by the cursor of another.
        """
        sql = self._engine.sql
        async with self._engine.read() as connection:
            pages = [
                await listed(
                    statement(
                        connection,
                        procedure_id=procedure_id,
                        after=after,
                        last=last,
                        from_day=from_day,
                        to_day=to_day,
                        number=number,
                    )
                )
                for procedure_id in procedures
                for statement in (sql.reviews_of_procedure_after, sql.gone_of_procedure_after)
            ]
        rows = merge(*pages, key=lambda row: int(row["change"]))
        return [_met(row) for row in islice(rows, number)]

    async def in_order(
        self, procedure_id: int, *, after: int, last: int, from_day: str | None, to_day: str | None, number: int
    ) -> list[Listed]:
        """In the order of arrival: at most `number` reviews with `after` < seq <= `last`."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.reviews_in_order(
                    connection,
                    procedure_id=procedure_id,
                    after=after,
                    last=last,
                    from_day=from_day,
                    to_day=to_day,
                    number=number,
                )
            )
        return [_listed(row) for row in rows]

    async def with_text(self, *, after: int, last: int, number: int) -> list[Listed]:
        """In the order of arrival, of every procedure: at most `number` reviews in which somebody wrote something."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.reviews_with_text_after(connection, after=after, last=last, number=number)
            )
        return [_listed(row) for row in rows]

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
                connection, procedure_id=procedure.id, from_day=from_day, to_day=to_day, placement_id=placement_id
            )
        return _counts(row)

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
        return {row["day"]: _counts(row) for row in rows}

    async def counts_by_procedure(self, from_day: str, to_day: str) -> dict[int, dict[str, int]]:
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.counts_by_procedure(connection, from_day=from_day, to_day=to_day))
        return {row["procedure_id"]: _counts(row) for row in rows}

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

    async def satisfaction_by_month(
        self, procedure: Procedure, from_day: str, to_day: str
    ) -> dict[str, dict[str, int]]:
        """By month (YYYY-MM): the number of reviews and of each satisfaction answer."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.satisfaction_by_month(
                    connection, procedure_id=procedure.id, from_day=from_day, to_day=to_day
                )
            )
        return {row["month"]: {name: int(row[name]) for name in row if name != "month"} for row in rows}


def _met(row: Row) -> Listed | Gone:
    """To those who copy, what is set aside is gone; if it is released, it comes again."""
    return _listed(row) if "seq" in row and row["aside"] is None else Gone(row["change"], row["public_id"])


def _listed(row: Row) -> Listed:
    return Listed(row["seq"], row["change"], review_of(row))


def _counts(row: Row) -> dict[str, int]:
    return {name: int(number) for name, number in row.items() if name not in ("day", "procedure_id", "placement_id")}

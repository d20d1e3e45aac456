"""Change or remove stored reviews: the one way, whatever the reason (a name left over, better rules, age, suspicion).

An amendment is a write like any other. It takes its turn and its change numbers as a batch of the intake does, so that
the jobs which copy reviews meet it later, and it moves the day counts by the exact difference. What is removed leaves
its public identifier in `review_gone`, because a job must be told what to forget.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Literal

from msgspec import Struct

from collector.schema import Review
from collector.storage.batch import CLOSED, Stored, counts_moved
from collector.storage.engine import Engine, Row, listed
from collector.storage.problems import remove_report
from collector.storage.putting import UPDATE_REVIEWS
from collector.storage.remarks import forget_tags
from collector.storage.rollup import move
from collector.storage.rows import review_of, review_row, text_of
from collector.storage.search import forget_words

# A transaction holds every other write up: a few hundred reviews take it some ten milliseconds.
MOST = 500

Place = tuple[int, int]
"""Where a review is: its procedure's number, and its `seq`."""
Change = Callable[[Review], Review | None]
"""Pure: the review as it shall be; the same one to leave it alone; None to remove it."""
Figures = Literal["follow", "stay"]


class Amended(Struct, frozen=True):
    """What happened to one review. `after` is None when it was removed."""

    seq: int
    before: Review
    after: Review | None


Along = Callable[[Any, Sequence[Amended]], Awaitable[None]]
"""What else the same transaction writes, on its connection: a line of a journal, a cursor."""


class Amendments:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def amend(
        self,
        places: Sequence[Place],
        change: Change,
        *,
        figures: Figures = "follow",
        close: bool = False,
        along: Along | None = None,
    ) -> list[Amended]:
        """Apply `change` to at most `MOST` reviews in one transaction; says which did change, in the order of arrival.

        A review that is not there (any more) is passed over, and one that `change` leaves as it is keeps its change
        number. With `figures="stay"` the counts of the past keep what the reviews said: for what is too old to keep.
        With `close`, the citizen's browser can no longer complete what was amended, nor send the same again over it.
        `along` is called once, even when nothing changed, and may wait for nothing but the connection.
        """
        if len(places) > MOST:
            raise ValueError(f"At most {MOST} reviews are amended in one transaction.")
        sql = self._engine.sql
        keys = text_of([{"procedure_id": procedure_id, "seq": seq} for procedure_id, seq in places])

        async def transaction(connection: Any) -> list[Amended]:
            progress = await sql.take_changes(connection, number=len(places))
            rows = {row["seq"]: row for row in await listed(sql.reviews_at(connection, keys=keys))}
            amended = [each for row in rows.values() if (each := _amended(row, change))]
            revisions = {seq: CLOSED if close else row["revision"] for seq, row in rows.items()}
            await self._write(connection, amended, revisions, progress["change"] - len(places))
            if figures == "follow":
                await move(self._engine, connection, counts_moved((each.before, each.after) for each in amended))
            if along:
                await along(connection, amended)
            return amended

        return await self._engine.run(transaction)

    async def _write(self, connection: Any, amended: Sequence[Amended], revisions: dict[int, int], change: int) -> None:
        sql = self._engine.sql
        numbered = list(enumerate(amended, change + 1))
        kept = [review_row(Stored(each.after, revisions[each.seq]), number) for number, each in numbered if each.after]
        gone = [
            {
                "seq": each.seq,
                "change": number,
                "procedure_id": each.before.procedure_id,
                "capability": each.before.capability,
                "public_id": each.before.public_id,
                "day": each.before.day,
            }
            for number, each in numbered
            if each.after is None
        ]
        await forget_words(
            self._engine, connection, ((each.seq, each.before) for each in amended if _is_silenced(each))
        )
        await self._engine.put(connection, UPDATE_REVIEWS, kept)
        for removed in amended:
            if removed.after is None and removed.before.kind:
                await remove_report(sql, connection, removed.seq)
        if unsaid := [_place(each) for each in amended if _is_wordless(each)]:
            await sql.forget_notes(connection, unsaid)
        if gone:
            await forget_tags(sql, connection, gone)
            await sql.delete_reviews(connection, gone)
            await sql.delete_contacts(connection, gone)
            await sql.remember_gone(connection, gone)


def _amended(row: Row, change: Change) -> Amended | None:
    before = review_of(row)
    after = change(before)
    if after == before:
        return None
    if after is not None and _identity(after) != _identity(before):
        raise ValueError("An amendment changes what a review says, never where, when or under which name it was given.")
    return Amended(row["seq"], before, after)


def _is_silenced(each: Amended) -> bool:
    """Whether what it said is not what it says now."""
    return each.after is None or each.after.verbatim != each.before.verbatim


def _is_wordless(each: Amended) -> bool:
    """Whether it is gone, or what it said: what colleagues wrote about that may quote it."""
    after = each.after
    return (
        after is None
        or (each.before.verbatim is not None and after.verbatim is None)
        or (bool(each.before.own_texts) and not after.own_texts)
    )


def _place(each: Amended) -> dict[str, int]:
    return {"procedure_id": each.before.procedure_id, "seq": each.seq}


def _identity(review: Review) -> tuple[object, ...]:
    return (
        review.procedure_id,
        review.capability,
        review.public_id,
        review.placement_id,
        review.form,
        review.form_version,
        review.minute,
        review.day,
    )

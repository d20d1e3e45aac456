"""Write a batch of reviews in one transaction, and find what a public key leads to."""

import asyncio
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from collector.schema import Clock, Review, Target, day_of
from collector.storage.batch import Key, Outcome, Plan, Stored, Write, plan
from collector.storage.engine import Engine, Question, Row
from collector.storage.memory import Memory, Recalled
from collector.storage.putting import INSERT_REVIEWS, PUT_LIMITS, UPDATE_REVIEWS
from collector.storage.rollup import move
from collector.storage.rows import review_of, review_row, target_of, text_of
from collector.storage.search import forget_words
from collector.storage.tally import Counts, Tally
from collector.suspicion import BEGUN, TEN_MINUTES, begun_name, is_hurried
from collector.windows import Used, Uses, moment_noted


class IntakeTables:
    def __init__(self, engine: Engine, memory: Memory, clock: Clock) -> None:
        self._engine = engine
        self._memory = memory
        self._clock = clock
        self._tally = Tally()
        # What the tally says and what the table holds change together, or one after the other for all who ask.
        self._turn = asyncio.Lock()

    async def commit(self, writes: Sequence[Write]) -> Sequence[Outcome]:
        """Write a batch; on disk when this returns. What it gives away about earlier ones is then set aside too."""
        now = int(self._clock().timestamp())
        known = self._memory.recall(writes, now)
        names = {charge.name for write in writes for charge in write.charges} | known.names
        async with self._turn:
            decided = await self._decide(writes, names, known, now)
        self._memory.note(writes, decided, now)
        await self._memory.catch_up(now)
        return decided.outcomes

    async def _decide(self, writes: Sequence[Write], names: set[str], known: Recalled, now: int) -> Plan:
        """`names` are the counts that lie in the database, and `known` those that do not."""
        sql = self._engine.sql

        async def batch(connection: Any) -> tuple[Plan, Counts]:
            alone = await self._engine.is_alone(connection)
            tallied = self._tally.known(names, alone=alone)
            (progress,), existing, used = await self._engine.ask(
                connection,
                # First: what the others read is then what stands until the commit.
                (sql.take_changes.sql, {"number": len(writes)}),
                (sql.reviews_of_batch.sql, {"keys": _keys(writes)}),
                self._limits(names - tallied.keys()),
            )
            read = _uses(used)
            stored = {_place(row): Stored(review_of(row), row["revision"]) for row in existing}
            uses = known.uses | tallied | read
            begun = await self._begun_elsewhere(connection, writes, stored, uses, known, now)
            decided = plan(writes, progress["directory"], stored, uses, now, known.begun | begun)
            await forget_words(self._engine, connection, _spoken_over(existing, decided.updates))
            await self._carry_out(connection, decided, progress["change"] - len(writes))
            changed = {name: use for name, use in decided.used.items() if name in names}
            due = self._tally.due(changed, alone=alone)
            first = {name: use for name, use in decided.used.items() if name.startswith(BEGUN)}
            await self._put_limits(connection, {**due, **first})
            return decided, Counts(read, changed, due, alone)

        decided, counts = await self._engine.run(batch)
        self._tally.note(counts)
        return decided

    async def _begun_elsewhere(
        self,
        connection: Any,
        writes: Sequence[Write],
        stored: Mapping[Key, Stored],
        uses: Uses,
        known: Recalled,
        now: int,
    ) -> dict[Key, float]:
        """When first answers came that another process took. Asked only where much comes too fast."""
        names = {
            begun_name(write.review, write.watch): key
            for write in writes
            if write.watch
            and (key := (write.review.procedure_id, write.review.capability)) in stored
            and key not in known.begun
            and is_hurried(write.watch, uses, now)
        }
        if not names:
            return {}
        (found,) = await self._engine.ask(connection, self._limits(names))
        return {names[name]: moment_noted(use, TEN_MINUTES) for name, use in _uses(found).items() if use.expires > now}

    def _limits(self, names: Iterable[str]) -> Question:
        return (self._engine.sql.limits_of_batch.sql, {"names": text_of(list(names))})

    async def _carry_out(self, connection: Any, decided: Plan, change: int) -> None:
        sql = self._engine.sql
        put = self._engine.put
        inserts = [review_row(stored, change + n) for n, stored in enumerate(decided.inserts, 1)]
        change += len(inserts)
        updates = [review_row(stored, change + n) for n, stored in enumerate(decided.updates, 1)]
        await put(connection, INSERT_REVIEWS, inserts)
        await put(connection, UPDATE_REVIEWS, updates)
        await move(self._engine, connection, decided.counts)
        if decided.contacts:
            await sql.put_contacts(
                connection,
                [
                    {
                        "procedure_id": procedure_id,
                        "capability": capability,
                        "sealed": contact.sealed,
                        "delete_after": contact.delete_after,
                    }
                    for (procedure_id, capability), contact in decided.contacts
                ],
            )

    async def settle(self) -> None:
        """Write what the tally knows and the table does not: at the end, and when nothing has come for a while."""
        async with self._turn:
            rest = self._tally.rest()
            if rest:
                await self._engine.run(lambda connection: self._put_limits(connection, rest))
                self._tally.note(Counts(written=rest))

    async def _put_limits(self, connection: Any, uses: Mapping[str, Used]) -> None:
        rows = [(name, use.used, use.expires) for name, use in uses.items()]
        await self._engine.put(connection, PUT_LIMITS, rows)

    async def target(self, key: str) -> tuple[Target, int] | None:
        """What a public key leads to, and the state of the directory it was read at."""
        if "\0" in key:
            return None  # PostgreSQL's text cannot even be asked for it
        async with self._engine.read() as connection:
            row = await self._engine.sql.target(connection, key=key)
        return (target_of(row), row["directory"]) if row else None

    async def salt(self, day: str) -> bytes:
        """The salt of a day's visitor names, the same for every worker. Salts of earlier days are destroyed."""
        sql = self._engine.sql
        async with self._engine.write() as connection:
            await sql.put_visitor_salt(connection, day=day, salt=secrets.token_bytes(32))
            await sql.forget_visitors(connection, day=day)
            row = await sql.visitor_salt(connection, day=day)
        return bytes(row["salt"])

    async def touch(self) -> None:
        """Raises StorageUnavailable when a review could not be stored now."""
        async with self._engine.write() as connection:
            await self._engine.sql.touch(connection)

    async def forget(self, now: datetime) -> None:
        """Drop what has served: past windows of limits, salts of past days, contacts past their 60 days."""
        sql = self._engine.sql
        async with self._turn:
            self._tally.forget(int(now.timestamp()))
        await self.settle()
        async with self._engine.write() as connection:
            await sql.forget_limits(connection, now=int(now.timestamp()))
            await sql.forget_visitors(connection, day=day_of(now))
            await sql.forget_contacts(connection, day=day_of(now))


def _uses(rows: Iterable[Row]) -> Uses:
    return {row["name"]: Used(row["used"], row["expires"]) for row in rows}


def _place(row: Row) -> Key:
    return (row["procedure_id"], row["capability"])


def _spoken_over(existing: Iterable[Row], updates: Iterable[Stored]) -> Iterator[tuple[int, Review]]:
    """What somebody wrote first and writes otherwise now."""
    now = {(stored.review.procedure_id, stored.review.capability): stored.review.verbatim for stored in updates}
    for row in existing:
        key = _place(row)
        if row["verbatim"] and now.get(key, row["verbatim"]) != row["verbatim"]:
            yield row["seq"], review_of(row)


def _keys(writes: Sequence[Write]) -> str:
    return text_of(
        [{"procedure_id": write.review.procedure_id, "capability": write.review.capability} for write in writes]
    )

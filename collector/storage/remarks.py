"""What colleagues say to each other about a review: tags to find it by, and notes. No citizen and no export sees them.

They go with the review; notes, which may quote it, go with its words already. A note comes as `Masked`, so that none is
written before it was masked.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from collector.privacy.masking import Masked
from collector.schema import Procedure
from collector.storage.engine import Engine, listed
from collector.storage.journal import Act, Journal
from collector.storage.rows import moment, stamp, text_of

LONGEST_TAG = 30
LONGEST_NOTE = 500
MOST_TAGS = 10
"""Of one review."""
MOST_KNOWN = 100
"""Different ones of one procedure: more are no order any more, and a page shows them all."""
MOST_NOTES = 20

Move = Literal["remove", "restore"]
MOVES: tuple[Move, ...] = ("remove", "restore")
Outcome = Literal["done", "gone", "full"]
"""`gone` is a review that is not there (any more), `full` one that has as many as it may."""


class Note(Struct, frozen=True):
    id: int
    words: str
    by: str
    at: datetime


class Written(Struct, frozen=True):
    """The words of a note, whoever wrote it and whether or not it was taken out."""

    id: int
    words: str


class Said(Struct, frozen=True):
    """About one review: its tags from A to Z, its notes in the order of writing."""

    tags: list[str]
    notes: list[Note]


class Remarks:
    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    async def of(self, procedure: Procedure, seqs: Iterable[int]) -> dict[int, Said]:
        """What is said about each of these reviews."""
        said = {seq: Said([], []) for seq in seqs}
        keys = text_of([{"procedure_id": procedure.id, "seq": seq} for seq in said])
        async with self._engine.read() as connection:
            for row in await listed(self._engine.sql.tags_at(connection, keys=keys)):
                said[row["seq"]].tags.append(row["word"])
            for row in await listed(self._engine.sql.notes_at(connection, keys=keys)):
                note = Note(row["id"], row["words"], row["created_by"], moment(row["created_at"]))
                said[row["seq"]].notes.append(note)
        return said

    async def known(self, procedure: Procedure) -> list[str]:
        """The tags of all of a procedure's reviews, from A to Z."""
        async with self._engine.read() as connection:
            return await self._known(connection, procedure)

    async def tag(self, procedure: Procedure, seq: int, word: str, *, by: str) -> Outcome:
        """A tag that the review has already is done as well."""
        sql, place = self._engine.sql, {"procedure_id": procedure.id, "seq": seq}
        async with self._engine.write() as connection:
            review = await self._held(connection, procedure, seq)
            if review is None:
                return "gone"
            tags = [row["word"] for row in await listed(sql.tags_at(connection, keys=text_of([place])))]
            known = await self._known(connection, procedure)
            if word in tags:
                return "done"
            if len(tags) >= MOST_TAGS or (word not in known and len(known) >= MOST_KNOWN):
                return "full"
            await sql.insert_tag(connection, procedure_id=procedure.id, word=word)
            await sql.tag_review(connection, **place, word=word, day=review["day"])
            await self._tell(connection, "review.tag", procedure, review["public_id"], by)
        return "done"

    async def untag(self, procedure: Procedure, seq: int, word: str, *, by: str) -> bool:
        """False when the review has no such tag."""
        sql = self._engine.sql
        async with self._engine.write() as connection:
            review = await self._held(connection, procedure, seq)
            if not review or not await sql.untag_review(connection, procedure_id=procedure.id, seq=seq, word=word):
                return False
            await sql.drop_tags(connection, [{"procedure_id": procedure.id, "word": word}])
            await self._tell(connection, "review.untag", procedure, review["public_id"], by)
        return True

    async def note(self, procedure: Procedure, seq: int, words: Masked, *, now: datetime, by: str) -> Outcome:
        sql, place = self._engine.sql, {"procedure_id": procedure.id, "seq": seq}
        async with self._engine.write() as connection:
            review = await self._held(connection, procedure, seq)
            if review is None:
                return "gone"
            if (await sql.count_notes(connection, **place))["notes"] >= MOST_NOTES:
                return "full"
            await sql.insert_note(connection, **place, words=words.text, by=by, at=stamp(now))
            await self._tell(connection, "note.add", procedure, review["public_id"], by)
        return "done"

    async def move_note(self, procedure: Procedure, seq: int, id: int, move: Move, *, now: datetime, by: str) -> bool:
        """False when there is nothing to do: it stands so already, or is another review's."""
        sql, place = self._engine.sql, {"procedure_id": procedure.id, "seq": seq, "id": id}
        async with self._engine.write() as connection:
            review = await self._held(connection, procedure, seq)
            if review is None:
                return False
            if move == "remove":
                moved = await sql.remove_note(connection, **place, at=stamp(now))
                await sql.forget_removed_notes(connection, **place)
            else:
                moved = await sql.restore_note(connection, **place)
            if not moved:
                return False
            await self._tell(connection, _ACTS[move], procedure, review["public_id"], by)
        return True

    async def notes_of(self, connection: Any, procedure: Procedure, seq: int) -> list[Written]:
        rows = await listed(self._engine.sql.notes_of_review(connection, procedure_id=procedure.id, seq=seq))
        return [Written(row["id"], row["words"]) for row in rows]

    async def notes_after(self, after: int, number: int) -> list[Written]:
        """Of all procedures, in the order of writing."""
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.notes_after(connection, after=after, number=number))
        return [Written(row["id"], row["words"]) for row in rows]

    async def rewrite(self, connection: Any, note: Written, words: Masked) -> bool:
        """False when it is no longer as it was read."""
        return bool(await self._engine.sql.rewrite_note(connection, id=note.id, before=note.words, words=words.text))

    async def _held(self, connection: Any, procedure: Procedure, seq: int) -> Mapping[str, Any] | None:
        """The review, which nobody removes before this transaction has ended."""
        await self._engine.sql.hold_progress(connection)
        row: Mapping[str, Any] | None = await self._engine.sql.review_at(connection, procedure_id=procedure.id, seq=seq)
        return row

    async def _known(self, connection: Any, procedure: Procedure) -> list[str]:
        rows = await listed(self._engine.sql.known_tags(connection, procedure_id=procedure.id, number=MOST_KNOWN))
        return [row["word"] for row in rows]

    async def _tell(self, connection: Any, act: Act, procedure: Procedure, public_id: str, by: str) -> None:
        await self._journal.append(connection, by=by, act=act, subject=f"{procedure.slug}/{public_id}")


_ACTS: dict[Move, Act] = {"remove": "note.remove", "restore": "note.restore"}


async def forget_tags(sql: Any, connection: Any, gone: Sequence[Mapping[str, Any]]) -> None:
    """Take the tags of these reviews away, in the transaction that removes them."""
    keys = text_of([{"procedure_id": each["procedure_id"], "seq": each["seq"]} for each in gone])
    tags = {(row["procedure_id"], row["word"]) for row in await listed(sql.tags_at(connection, keys=keys))}
    if tags:
        await sql.forget_tags(connection, gone)
        await sql.drop_tags(connection, [{"procedure_id": procedure, "word": word} for procedure, word in sorted(tags)])

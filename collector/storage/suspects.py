"""What was set aside as a robot's, and what a person makes of it. Every verdict can be taken back."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Literal

from msgspec import Struct

from collector.schema import Procedure, Reason
from collector.storage.amend import MOST, Amended, Amendments, Change
from collector.storage.engine import Engine, listed
from collector.storage.journal import Details, Journal
from collector.storage.reviews import NEWEST, Listed
from collector.storage.rows import review_of
from collector.suspicion import release, withhold

State = Literal["suspect", "confirmed", "released"]
Verdict = Literal["release", "confirm", "doubt"]
"""It counts; it does not; it has to wait again."""

MOST_WAVES = 100
# Longer than this and a browser gives up waiting: the page then shows what is left, to be judged with another click.
MOST_JUDGED = 10_000


class Wave(Struct, frozen=True):
    """Suspects of one day for one reason; `first` and `last` are minutes since 1970."""

    day: str
    reason: Reason
    reviews: int
    first: int
    last: int


class Suspected(Struct, frozen=True):
    """The suspects of one day, and how many of them somebody has set aside, or let count."""

    reviews: int
    confirmed: int
    released: int


class Suspects:
    def __init__(self, engine: Engine, amendments: Amendments, journal: Journal) -> None:
        self._engine = engine
        self._amendments = amendments
        self._journal = journal

    async def waiting(self) -> dict[int, int]:
        """How many wait for a verdict, by procedure."""
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.suspects_waiting(connection))
        return {row["procedure_id"]: int(row["reviews"]) for row in rows}

    async def since(self, day: str) -> dict[int, dict[str, Suspected]]:
        """Of every procedure, by day."""
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.suspected_since(connection, from_day=day))
        found: dict[int, dict[str, Suspected]] = {}
        for row in rows:
            numbers = (int(row[name]) for name in Suspected.__struct_fields__)
            found.setdefault(row["procedure_id"], {})[row["day"]] = Suspected(*numbers)
        return found

    async def waves(self, procedure: Procedure, state: State = "suspect") -> list[Wave]:
        """The latest day first."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.waves(connection, procedure_id=procedure.id, state=state, number=MOST_WAVES)
            )
        return [Wave(row["day"], row["reason"], int(row["reviews"]), row["first"], row["last"]) for row in rows]

    async def of_wave(
        self,
        procedure: Procedure,
        day: str,
        reason: Reason,
        state: State = "suspect",
        *,
        before: int = NEWEST,
        number: int = 50,
    ) -> list[Listed]:
        """The latest first."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.suspects_of_wave(
                    connection,
                    procedure_id=procedure.id,
                    day=day,
                    reason=reason,
                    state=state,
                    before=before,
                    number=number,
                )
            )
        return [Listed(row["seq"], row["change"], review_of(row)) for row in rows]

    async def judge(self, procedure: Procedure, seq: int, verdict: Verdict, *, by: str) -> bool:
        """One review. False when it is not there, was never suspected, or stands so already."""
        return bool(await self._amend(procedure, [seq], verdict, by))

    async def judge_wave(
        self, procedure: Procedure, day: str, reason: Reason, verdict: Verdict, state: State = "suspect", *, by: str
    ) -> None:
        """All of a wave that stand in `state`; of a very large one the latest, to be judged again."""
        if (state, verdict) == ("suspect", "confirm"):
            async with self._engine.write() as connection:
                number = await self._engine.sql.confirm_wave(
                    connection, procedure_id=procedure.id, day=day, reason=reason
                )
                await self._note(connection, procedure, verdict, number, by)
            return
        before = NEWEST
        for _ in range(MOST_JUDGED // MOST):
            wave = await self.of_wave(procedure, day, reason, state, before=before, number=MOST)
            if not wave:
                return
            before = wave[-1].seq
            await self._amend(procedure, [each.seq for each in wave], verdict, by)

    async def _amend(self, procedure: Procedure, seqs: Sequence[int], verdict: Verdict, by: str) -> Sequence[Amended]:
        async def along(connection: Any, amended: Sequence[Amended]) -> None:
            await self._note(connection, procedure, verdict, len(amended), by)

        return await self._amendments.amend([(procedure.id, seq) for seq in seqs], _CHANGES[verdict], along=along)

    async def _note(self, connection: Any, procedure: Procedure, verdict: Verdict, number: int, by: str) -> None:
        if number:
            details: Details = {"verdict": verdict, "changed": number}
            await self._journal.append(connection, by=by, act="reviews.judge", subject=procedure.slug, details=details)


_CHANGES: dict[Verdict, Change] = {
    "release": release,
    "confirm": partial(withhold, aside="confirmed"),
    "doubt": partial(withhold, aside="suspect"),
}

"""Problems regrouped by hand: reports moved, problems merged and separated. Sorting leaves what was decided here.

A merged problem keeps what it is told by: a new report that is alike goes with it into the whole. Each report knows
where it came from, so a merge can be taken back at any time. All is done alone among writers, as sorting is.
"""

from collections.abc import Sequence
from typing import Any

from collector.errors import Conflict
from collector.schema import Procedure
from collector.storage.engine import Engine, listed
from collector.storage.journal import Act, Details, Journal
from collector.storage.problems import Problem, problem_of

MOST_MERGED = 5000
"""Reports that come along while other writes wait: some ten milliseconds."""
MOST_PARTS = 50


class CannotRegroup(Conflict):
    code, title = "cannot-regroup", "Ce regroupement n'est pas possible"


class Regrouping:
    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    async def parts(self, problem: Problem) -> list[Problem]:
        """The problems that were merged into this one."""
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.problems_merged(connection, id=problem.id, number=MOST_PARTS))
        return [problem_of(row) for row in rows]

    async def move(
        self, procedure: Procedure, before: int, seqs: Sequence[int], to: int | None, *, by: str
    ) -> tuple[int, list[int]]:
        """Put these reports of a problem into another, or into a new one. Says which, and which reports did move.

        Raises CannotRegroup when the other one is no more.
        """
        sql = self._engine.sql
        async with self._engine.write() as connection:
            await sql.hold_progress(connection)
            await self._standing(connection, procedure, before)
            known = {seq: await sql.review_of_report(connection, seq=seq, problem_id=before) for seq in sorted(seqs)}
            there = {seq: row for seq, row in known.items() if row}
            if not there:
                raise CannotRegroup("Ces signalements ne sont plus dans ce problème : relisez-le.")
            target = to if to is not None else await self._new(connection, procedure, there)
            if (await self._standing(connection, procedure, target))["merged_into"]:
                raise CannotRegroup("Ce problème a été réuni à un autre entre-temps : choisissez l'autre.")
            for seq in there:
                await sql.move_report(connection, seq=seq, before=before, problem_id=target)
                await sql.place_report(connection, seq=seq, problem_id=target)
                # A part that was told by it is told by its next report: what is alike no longer follows this one.
                await sql.lead_again(connection, seq=seq)
            await self._tell_anew(connection, before, target)
            await self._note(connection, "problem.move", procedure, before, by, {"into": target, "reports": len(there)})
        return target, list(there)

    async def merge(self, procedure: Procedure, id: int, whole: int, *, by: str) -> None:
        """Raises CannotRegroup: a part has no parts, and brings not too many reports along."""
        sql = self._engine.sql
        async with self._engine.write() as connection:
            await sql.hold_progress(connection)
            both = [await self._standing(connection, procedure, one) for one in (id, whole)]
            if id == whole or any(one["merged_into"] for one in both):
                raise CannotRegroup("Ce problème a été réuni à un autre entre-temps : relisez la liste.")
            if await listed(sql.problems_merged(connection, id=id, number=1)):
                raise CannotRegroup("Ce problème en réunit déjà d'autres : ouvrez l'autre et réunissez-le à celui-ci.")
            some = await sql.count_reports(connection, problem_id=id, number=MOST_MERGED + 1)
            if some["reports"] > MOST_MERGED:
                raise CannotRegroup("Ce problème a trop de signalements : réunissez plutôt l'autre à celui-ci.")
            await sql.merge_reports(connection, id=id, whole=whole)
            await sql.merge_problem(connection, id=id, whole=whole)
            await self._tell_anew(connection, whole)
            await self._note(connection, "problem.merge", procedure, id, by, {"into": whole})

    async def separate(self, procedure: Procedure, id: int, *, by: str) -> None:
        """Take a merge back, with what came since to this part. Raises CannotRegroup."""
        sql = self._engine.sql
        async with self._engine.write() as connection:
            await sql.hold_progress(connection)
            whole = (await self._standing(connection, procedure, id))["merged_into"]
            if not whole:
                raise CannotRegroup("Ce problème est déjà séparé.")
            await sql.separate_reports(connection, id=id)
            await sql.separate_problem(connection, id=id)
            await self._tell_anew(connection, id, whole)
            await self._note(connection, "problem.separate", procedure, id, by, {"from": whole})

    async def _new(self, connection: Any, procedure: Procedure, reports: dict[int, Any]) -> int:
        first = next(iter(reports))
        made = await self._engine.sql.insert_problem(
            connection,
            procedure_id=procedure.id,
            kind=reports[first]["kind"],
            seq=first,
            minute=reports[first]["minute"],
        )
        return int(made["id"])

    async def _standing(self, connection: Any, procedure: Procedure, id: int) -> Any:
        row = await self._engine.sql.problem_standing(connection, procedure_id=procedure.id, id=id)
        if not row:
            raise CannotRegroup("Ce problème n'existe plus : choisissez-en un autre.")
        return row

    async def _tell_anew(self, connection: Any, *problems: int) -> None:
        for problem in problems:
            await self._engine.sql.tell_anew(connection, id=problem)

    async def _note(self, connection: Any, act: Act, procedure: Procedure, id: int, by: str, details: Details) -> None:
        await self._journal.append(connection, by=by, act=act, subject=f"{procedure.slug}/{id}", details=details)

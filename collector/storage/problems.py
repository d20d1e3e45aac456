"""Malfunctions as an owner deals with them: reports that tell of the same are one problem, with a status and somebody.

Sorting follows the reviews as the index of words does: a second or two behind, by any worker, where it has come to
moved by the transaction that sorts. A report that is set aside or removed leaves its problem. Each change of a problem
is in the journal and can be taken back; it is refused to whoever saw the problem as it no longer is.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from msgspec import Struct

from collector.errors import Conflict
from collector.likeness import Told, closest, told
from collector.schema import Browser, Kind, Procedure, minute_of
from collector.storage.engine import Engine, Row, listed
from collector.storage.journal import SERVICE, Journal
from collector.storage.reviews import NEWEST, Listed, listed_of
from collector.storage.rows import moment, stamp

Status = Literal["new", "confirmed", "in_progress", "fixed", "wont_fix"]
OPEN: tuple[Status, ...] = ("new", "confirmed", "in_progress")

BATCH = 50
"""Reports that are sorted while other writes wait: some milliseconds."""
MEMORY = timedelta(days=90)
"""A problem that nobody has met for so long is another one when it comes again."""
MOST_LEADERS = 200
MOST_FIXED = 500
MOST_PLACED = 1000
"""Of the latest reports it is said where they came from."""


class Problem(Struct, frozen=True, kw_only=True):
    """What several people report alike. `page`, `browser` and `verbatim` are those of its first report.

    `returned`: it was fixed, and reported again since. `before` is how it stood before the last change.
    """

    id: int
    kind: Kind
    status: Status
    assignee: str | None
    version: int
    returned: bool
    reports: int
    first_minute: int
    last_minute: int
    fixed_minute: int | None
    changed_at: datetime | None
    changed_by: str | None
    before: tuple[Status, str | None] | None
    page: str | None
    browser: Browser | None
    verbatim: str | None
    lang: str


class Wanted(Struct, frozen=True, kw_only=True):
    """Which problems a reader asks for; without a status, those that are still open."""

    status: Status | None = None
    kind: Kind | None = None
    assignee: str | None = None
    page: str | None = None
    browser: Browser | None = None


class Place(Struct, frozen=True):
    """From where so many reports came."""

    page: str | None
    browser: Browser | None
    reports: int


class Unanswered(Struct, frozen=True):
    """Problems of a procedure that nobody has looked at, and the minute since which the first waits."""

    problems: int
    first: int


class ChangedMeanwhile(Conflict):
    code, title = "problem-changed", "Un collègue a changé ce problème entre-temps"


class Problems:
    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    async def sort(self) -> bool:
        """Sort some of the reports that came or changed since the last time; whether there may be more to do."""
        sql = self._engine.sql
        async with self._engine.read() as connection:
            if not await listed(sql.reports_to_sort(connection, after=await _until(sql, connection), number=1)):
                return False

        async def step(connection: Any) -> bool:
            # Alone among all writers: two workers would found the same problem twice.
            await sql.hold_progress(connection)
            rows = await listed(sql.reports_to_sort(connection, after=await _until(sql, connection), number=BATCH))
            returned = [each for row in rows if (each := await self._sort(connection, row))]
            if rows:
                await sql.put_sorted(connection, change=rows[-1]["change"])
            for problem in returned:
                await self._journal.append(connection, by=SERVICE, act="problem.return", subject=str(problem))
            return len(rows) == BATCH

        return await self._engine.run(step)

    async def _sort(self, connection: Any, row: Row) -> int | None:
        """The number of the problem that this report brings back, if it does."""
        sql = self._engine.sql
        known = await sql.problem_of_report(connection, seq=row["seq"])
        if row["aside"]:
            await forget_report(sql, connection, row["seq"])
            return None
        if known:
            return None
        place = await self._place(connection, row)
        if place is None:
            made = await self._found(connection, row)
            await sql.insert_report(connection, seq=row["seq"], problem_id=made, came_from=None)
            return None
        found, whole = place
        came_from = found if whole != found else None
        await sql.insert_report(connection, seq=row["seq"], problem_id=whole, came_from=came_from)
        before = await sql.problem(connection, procedure_id=row["procedure_id"], id=whole)
        for problem in {found, whole}:
            await sql.meet_problem(connection, problem_id=problem, seq=row["seq"], minute=row["minute"])
        after = await sql.problem(connection, procedure_id=row["procedure_id"], id=whole)
        return whole if before and before["status"] != after["status"] else None

    async def _place(self, connection: Any, row: Row) -> tuple[int, int] | None:
        """Which problem a report is of, and which that is part of: where somebody put it, or what it is most alike."""
        sql = self._engine.sql
        if placed := await sql.placed_in(connection, seq=row["seq"]):
            return placed["id"], placed["merged_into"] or placed["id"]
        since = row["minute"] - int(MEMORY.total_seconds() // 60)
        leaders = await listed(
            sql.leaders(
                connection, procedure_id=row["procedure_id"], kind=row["kind"], since=since, number=MOST_LEADERS
            )
        )
        wholes = {each["id"]: each["merged_into"] or each["id"] for each in leaders}
        found = closest(_told(row), ((each["id"], _told(each)) for each in leaders))
        return None if found is None else (found, wholes[found])

    async def _found(self, connection: Any, row: Mapping[str, Any]) -> int:
        """A problem that begins with this report."""
        made = await self._engine.sql.insert_problem(
            connection,
            procedure_id=row["procedure_id"],
            kind=row["kind"],
            seq=row["seq"],
            minute=row["minute"],
        )
        return int(made["id"])

    async def find(
        self, procedure: Procedure, wanted: Wanted, *, before: tuple[int, int] = (NEWEST, NEWEST), number: int = 50
    ) -> list[Problem]:
        """The latest met first."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.problems(
                    connection,
                    procedure_id=procedure.id,
                    before_minute=before[0],
                    before_id=before[1],
                    status=wanted.status,
                    open=int(wanted.status is None),
                    kind=wanted.kind,
                    assignee=wanted.assignee,
                    page=wanted.page,
                    browser=wanted.browser,
                    number=number,
                )
            )
        return [problem_of(row) for row in rows]

    async def in_order(self, procedure: Procedure, *, after: tuple[int, int], last: int, number: int) -> list[Problem]:
        """The earliest met first: those after a minute and a number, that had begun by the minute `last`."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.problems_in_order(
                    connection,
                    procedure_id=procedure.id,
                    after_minute=after[0],
                    after_id=after[1],
                    last=last,
                    number=number,
                )
            )
        return [problem_of(row) for row in rows]

    async def at(self, procedure: Procedure, id: int) -> Problem | None:
        async with self._engine.read() as connection:
            row = await self._engine.sql.problem(connection, procedure_id=procedure.id, id=id)
        return problem_of(row) if row else None

    async def reports(self, problem: Problem, *, before: int = NEWEST, number: int = 50) -> list[Listed]:
        """The latest first."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.reports_of_problem(connection, problem_id=problem.id, before=before, number=number)
            )
        return [listed_of(row) for row in rows]

    async def change(
        self,
        procedure: Procedure,
        id: int,
        *,
        status: Status,
        assignee: str | None,
        version: int,
        now: datetime,
        by: str,
    ) -> None:
        """Raises ChangedMeanwhile when the problem is no longer at `version`."""
        async with self._engine.write() as connection:
            changed = await self._engine.sql.change_problem(
                connection,
                procedure_id=procedure.id,
                id=id,
                status=status,
                assignee=assignee,
                version=version,
                at=stamp(now),
                minute=minute_of(now),
                by=by,
            )
            if not changed:
                raise ChangedMeanwhile
            await self._journal.append(
                connection,
                by=by,
                act="problem.change",
                subject=f"{procedure.slug}/{id}",
                details={"status": status, "assignee": assignee},
            )

    async def places(self, problem: Problem) -> list[Place]:
        """Where the latest reports came from, most often first."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.places_of_problem(connection, problem_id=problem.id, number=MOST_PLACED)
            )
        return [Place(row["page"], row["browser"], int(row["reports"])) for row in rows]

    async def by_status(self, procedure: Procedure) -> Mapping[Status, int]:
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.problems_by_status(connection, procedure_id=procedure.id))
        return {row["status"]: int(row["problems"]) for row in rows}

    async def times_to_fix(self, procedure: Procedure, since: datetime) -> list[timedelta]:
        """From the first report to the mend, of problems that were met since; the shortest first."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.fixed_lately(
                    connection, procedure_id=procedure.id, since=minute_of(since), number=MOST_FIXED
                )
            )
        return sorted(timedelta(minutes=row["fixed_minute"] - row["first_minute"]) for row in rows)

    async def unanswered(self) -> dict[int, Unanswered]:
        """By procedure."""
        async with self._engine.read() as connection:
            rows = await listed(self._engine.sql.unanswered(connection))
        return {row["procedure_id"]: Unanswered(int(row["problems"]), row["first"]) for row in rows}

    async def assignable(self, procedure: Procedure, problem: Problem) -> set[str]:
        """Who may look after it: also who did so before, though their rights have changed since."""
        before = problem.before[1] if problem.before else None
        return {*await self.managers(procedure), *filter(None, (problem.assignee, before))}

    async def managers(self, procedure: Procedure) -> dict[str, str]:
        """Whoever may look after a problem: names by e-mail."""
        async with self._engine.read() as connection:
            rows = await listed(
                self._engine.sql.managers(
                    connection, procedure_id=procedure.id, organisation_id=procedure.organisation_id
                )
            )
        return {row["email"]: row["name"] for row in rows}


async def forget_report(sql: Any, connection: Any, seq: int) -> None:
    """Take a report out of its problem, in the transaction that removes it or sets it aside."""
    if await sql.forget_report(connection, seq=seq):
        await sql.lead_again(connection, seq=seq)


async def remove_report(sql: Any, connection: Any, seq: int) -> None:
    """The same for a report that never comes back."""
    await forget_report(sql, connection, seq)
    await sql.forget_place(connection, seq=seq)


async def _until(sql: Any, connection: Any) -> int:
    row = await sql.sorted_until(connection)
    return int(row["change"]) if row else 0


def _told(row: Row) -> Told:
    return told(row["page"], row["browser"], row["verbatim"])


def problem_of(row: Row) -> Problem:
    return Problem(
        id=row["id"],
        kind=row["kind"],
        status=row["status"],
        assignee=row["assignee"],
        version=row["version"],
        returned=bool(row["returned"]),
        reports=int(row["reports"]),
        first_minute=row["first_minute"],
        last_minute=row["last_minute"],
        fixed_minute=row["fixed_minute"],
        changed_at=moment(row["changed_at"]) if row["changed_at"] else None,
        changed_by=row["changed_by"],
        before=(row["before_status"], row["before_assignee"]) if row["before_status"] else None,
        page=row["page"],
        browser=row["browser"],
        verbatim=row["verbatim"],
        lang=row["lang"],
    )

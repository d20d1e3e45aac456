"""Many procedures or accounts at once: all of them in one transaction, or none.

Between a trial and the import somebody may have changed what the trial was compared with: `directory` says so.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from msgspec import Struct

from collector.criteria import Statement
from collector.errors import Conflict
from collector.schema import (
    Audience,
    Channel,
    Organisation,
    Placement,
    Procedure,
    ProcedureState,
    Right,
    Role,
    User,
)
from collector.storage.catalogue import Catalogue, new_key
from collector.storage.criteria import PUT_CRITERIA, entries_of, lines_of, said_of
from collector.storage.engine import Engine, listed
from collector.storage.journal import Act, Entry, Journal
from collector.storage.many import Many, inserted
from collector.storage.rows import organisation_of, placement_of, procedure_of, right_of, stamp, text_of, user_of

DRAFT = timedelta(hours=1)


class Known(Struct, frozen=True):
    """A procedure, its first placement (made by hand in a database it may have none), and what is declared of it."""

    procedure: Procedure
    placement: Placement | None
    criteria: Mapping[str, Statement] = {}


class Catalogued(Struct, frozen=True):
    known: list[Known]
    organisations: list[Organisation]
    directory: int


class Wanted(Struct, frozen=True, kw_only=True):
    """A procedure as a file says it shall be, with its first placement."""

    slug: str
    title: str
    organisation: str
    ministry: str
    audiences: tuple[Audience, ...]
    origins: tuple[str, ...]
    contexts: tuple[str, ...]
    state: ProcedureState
    channel: Channel
    label: str
    criteria: Mapping[str, Statement] = {}
    """Those that are said otherwise than before."""


_PUT_PROCEDURES = inserted(
    "procedure",
    ("organisation_id", "slug", "title", "audiences", "origins", "contexts", "state", "created_at"),
    "ON CONFLICT (slug) DO UPDATE SET organisation_id = excluded.organisation_id, title = excluded.title,"
    " audiences = excluded.audiences, origins = excluded.origins, contexts = excluded.contexts, state = excluded.state",
)
_PUT_PLACEMENTS = inserted("placement", ("procedure_id", "key", "channel", "form", "label", "contact", "created_at"))
_CHANGE_PLACEMENTS = Many(
    "placement",
    ("id", "channel", "label"),
    "UPDATE placement SET channel = new.channel, label = new.label FROM new WHERE placement.id = new.id",
)


class Place(Struct, frozen=True):
    """Over what a right is: the number of an organisation or procedure; "" for everything."""

    kind: Literal["", "organisation", "procedure"]
    id: int


class WantedRight(Struct, frozen=True):
    """A right that a file gives, to an account that is made if there is none of that e-mail."""

    email: str
    name: str
    role: Role
    place: Place


class Registered(Struct, frozen=True):
    users: list[User]
    rights: dict[int, list[Right]]
    procedures: list[Procedure]
    organisations: list[Organisation]


_PUT_ACCOUNTS = inserted(
    "account",
    ("email", "name", "administrator", "password", "must_change", "created_at"),
    "ON CONFLICT (email) DO NOTHING",
)
_PUT_RIGHTS = {
    kind: inserted(
        f"account_{kind}",
        ("account_id", f"{kind}_id", "role"),
        f"ON CONFLICT (account_id, {kind}_id) DO UPDATE SET role = excluded.role",
    )
    for kind in ("organisation", "procedure")
}


class Bulk:
    def __init__(self, engine: Engine, journal: Journal, catalogue: Catalogue) -> None:
        self._engine = engine
        self._journal = journal
        self._catalogue = catalogue

    async def catalogued(self) -> Catalogued:
        """Every procedure with its first placement."""
        sql = self._engine.sql
        async with self._engine.read() as connection:
            # First: what changes while the rest is read is then seen to have changed.
            directory = (await sql.directory(connection))["directory"]
            placements = {
                row["procedure_id"]: placement_of(row) for row in await listed(sql.first_placements(connection))
            }
            procedures = [procedure_of(row) for row in await listed(sql.procedures(connection))]
            organisations = [organisation_of(row) for row in await listed(sql.organisations(connection))]
            criteria: dict[int, dict[str, Statement]] = {}
            for row in await listed(sql.all_criteria_now(connection)):
                criteria.setdefault(row["procedure_id"], {})[row["name"]] = said_of(row)
        known = [Known(one, placements.get(one.id), criteria.get(one.id, {})) for one in procedures]
        return Catalogued(known, organisations, directory)

    async def put_procedures(self, there: Catalogued, wanted: Sequence[Wanted], *, now: datetime, by: str) -> None:
        """Create or change them all. Raises Conflict when a procedure has changed since `there` was read."""
        first = {one.procedure.slug: one.placement.id for one in there.known if one.placement}
        old = {one.procedure.slug for one in there.known}

        async def work(connection: Any) -> None:
            await self._as_seen(connection, there.directory)
            owners = await self._owners(connection, wanted)
            rows = [_row(one, owners, now) for one in wanted]
            await self._engine.put(connection, _PUT_PROCEDURES, rows)
            placed = [(first[one.slug], one.channel, one.label) for one in wanted if one.slug in first]
            await self._engine.put(connection, _CHANGE_PLACEMENTS, placed)
            await self._place(connection, [one for one in wanted if one.slug not in old], now)
            declared = await self._declare(connection, wanted, now=now, by=by)
            said = [_entry(one, "procedure.change" if one.slug in old else "procedure.create") for one in wanted]
            await self._journal.append_all(connection, [*said, *declared], by=by)

        await self._engine.run(work)

    async def registered(self) -> Registered:
        """Every account with its rights, and over what rights can be."""
        sql = self._engine.sql
        async with self._engine.read() as connection:
            users = [user_of(row) for row in await listed(sql.accounts(connection))]
            procedures = [procedure_of(row) for row in await listed(sql.procedures(connection))]
            organisations = [organisation_of(row) for row in await listed(sql.organisations(connection))]
            rights: dict[int, list[Right]] = {}
            for row in await listed(sql.all_rights(connection)):
                rights.setdefault(row["account_id"], []).append(right_of(row))
        return Registered(users, rights, procedures, organisations)

    async def put_rights(
        self, there: Registered, wanted: Sequence[WantedRight], *, now: datetime, by: str
    ) -> list[str]:
        """Give them all, to new accounts too, that nobody can sign in to yet. The e-mails of those."""
        known = {user.email for user in there.users}
        made: dict[str, str] = {}
        for one in wanted:
            if one.email not in known:
                made.setdefault(one.email, one.name)

        async def work(connection: Any) -> None:
            rows = [(email, name, 0, "", 0, stamp(now)) for email, name in made.items()]
            await self._engine.put(connection, _PUT_ACCOUNTS, rows)
            ids = {row["email"]: row["id"] for row in await listed(self._engine.sql.account_ids(connection))}
            for kind, many in _PUT_RIGHTS.items():
                given = [(ids[one.email], one.place.id, one.role) for one in wanted if one.place.kind == kind]
                await self._engine.put(connection, many, given)
            for one in wanted:
                if one.role == "administrator":
                    await self._engine.sql.set_administrator(connection, id=ids[one.email], administrator=1)
            created = [Entry("user.create", email, {}) for email in made]
            await self._journal.append_all(connection, [*created, *map(_given(there), wanted)], by=by)

        await self._engine.run(work)
        return list(made)

    async def _as_seen(self, connection: Any, directory: int) -> None:
        await self._engine.sql.move_directory(connection)
        row = await self._engine.sql.directory(connection)
        if row["directory"] != directory + 1:
            raise Conflict(
                "Une démarche a changé depuis l'essai. Rien n'a été importé : relisez l'essai, puis importez."
            )

    async def _owners(self, connection: Any, wanted: Sequence[Wanted]) -> dict[tuple[str, str], int]:
        """The organisations of that name and ministry, made where there are none."""
        names = dict.fromkeys((one.organisation, one.ministry) for one in wanted)
        return {name: (await self._catalogue.owner_in(connection, *name)).id for name in names}

    async def _place(self, connection: Any, made: Sequence[Wanted], now: datetime) -> None:
        """Give each new procedure its first placement."""
        if not made:
            return
        ids = {row["slug"]: row["id"] for row in await listed(self._engine.sql.procedure_ids(connection))}
        rows = [(ids[one.slug], new_key(), one.channel, "satisfaction", one.label, 0, stamp(now)) for one in made]
        await self._engine.put(connection, _PUT_PLACEMENTS, rows)

    async def _declare(self, connection: Any, wanted: Sequence[Wanted], *, now: datetime, by: str) -> list[Entry]:
        """Write what is declared of them; what the journal says of it."""
        some = [one for one in wanted if one.criteria]
        if not some:
            return []
        ids = {row["slug"]: row["id"] for row in await listed(self._engine.sql.procedure_ids(connection))}
        lines = [line for one in some for line in lines_of(ids[one.slug], one.criteria, now=now, by=by)]
        await self._engine.put(connection, PUT_CRITERIA, lines)
        return [entry for one in some for entry in entries_of(one.slug, one.criteria)]

    async def keep_draft(self, user: User, kind: str, rows: object, now: datetime) -> None:
        """What somebody tries to import, for an hour. Replaces what they tried before."""
        async with self._engine.write() as connection:
            await self._engine.sql.put_draft(
                connection, account_id=user.id, kind=kind, content=text_of(rows), made_at=stamp(now)
            )

    async def draft(self, user: User, kind: str, now: datetime) -> Any:
        """None when there is none, or no longer."""
        async with self._engine.read() as connection:
            row = await self._engine.sql.draft(connection, account_id=user.id, kind=kind, since=stamp(now - DRAFT))
        return msgspec.json.decode(row["content"]) if row else None

    async def drop_draft(self, user: User, kind: str) -> None:
        async with self._engine.write() as connection:
            await self._engine.sql.drop_draft(connection, account_id=user.id, kind=kind)

    async def forget_drafts(self, now: datetime) -> None:
        async with self._engine.write() as connection:
            await self._engine.sql.forget_drafts(connection, before=stamp(now - DRAFT))


def _row(one: Wanted, owners: Mapping[tuple[str, str], int], now: datetime) -> tuple[Any, ...]:
    lists = [text_of(some) for some in (one.audiences, one.origins, one.contexts)]
    return (owners[one.organisation, one.ministry], one.slug, one.title, *lists, one.state, stamp(now))


def _entry(one: Wanted, act: Act) -> Entry:
    said = {"origins": list(one.origins), "state": one.state, "organisation": one.organisation}
    return Entry(act, one.slug, said)


def _given(there: Registered) -> Callable[[WantedRight], Entry]:
    """What the journal says of a right, in the words of `Accounts.grant`."""
    names = {Place("organisation", one.id): one.name for one in there.organisations}
    names |= {Place("procedure", one.id): one.slug for one in there.procedures}

    def entry(one: WantedRight) -> Entry:
        said = {"given": names[one.place], "role": one.role} if one.place.kind else {"given": one.role}
        return Entry("user.rights", one.email, said)

    return entry

"""With the whole database in hand: two reviews of one person cannot be told from those of two, nor led to a visitor."""

from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient

from collector.housekeeping import Housekeeping
from collector.retention import Retention
from collector.settings import Settings
from collector.storage import Storage
from tests.conftest import ALICE, BRUNO, MAIRIE, MovableClock, Passeport, found, send
from tests.service.test_at_rest import everything_at_rest

SAID = {"satisfaction": "good", "comprehension": 5, "contact_tried": ["none"], "verbatim": "Rien à redire"}
REPORT = {"kind": "technical", "verbatim": "Page blanche", "contact_email": "alice@exemple.fr"}
ALICES = {"User-Agent": "AliceOS 77.3", "Cookie": "session=1234", "Referer": f"{MAIRIE}/fin?jeton=ALICE"}
BRUNOS = {"User-Agent": "BrunoOS 1.0", "Referer": f"{MAIRIE}/fin"}

# Columns that say nothing of a person: where, which form, which minute.
PLACE_AND_TIME = {
    "procedure_id",
    "placement_id",
    "form",
    "form_version",
    "lang",
    "minute",
    "day",
    "page",
    "delete_after",
}


async def rows(storage: Storage, table: str) -> list[dict[str, Any]]:
    async with storage.engine.read() as connection:
        cursor = await connection.execute(f"SELECT * FROM {table}")  # noqa: S608 - a name of ours
        return [dict(row) for row in await cursor.fetchall()]


async def tables(storage: Storage) -> list[str]:
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        "postgres": "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
    }
    async with storage.engine.read() as connection:
        cursor = await connection.execute(catalogue[storage.engine.name])
        return [row["name"] for row in await cursor.fetchall()]


@pytest.mark.parametrize(("form", "answers"), [("placement", SAID), ("malfunction", REPORT)])
async def test_nothing_but_the_answers_is_alike_in_two_reviews_of_one_person(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock, form: str, answers: dict[str, Any]
) -> None:
    """Alice twice and Bruno once, in the same minute: whatever is alike in Alice's two is alike in Bruno's as well."""
    clock.move(seconds=17)
    key = getattr(passeport, form).key
    for address, headers in ((ALICE, ALICES), (ALICE, ALICES), (BRUNO, BRUNOS)):
        assert (await send(client, key, answers, address=address, headers=headers, page="/fin?dossier=1")).is_success
        clock.move(seconds=5)
    for table in ("review", "contact"):
        stored = await rows(storage, table)
        if form == "placement" and table == "contact":
            assert stored == []
            continue
        alice, again, bruno = stored
        for column in alice:
            if alice[column] == again[column]:
                assert alice[column] == bruno[column], f"{table}.{column} tells Alice from Bruno"
        different = {column for column in alice if len({row[column] for row in stored}) == 3}
        assert not different & PLACE_AND_TIME
        assert different <= {"seq", "change", "capability", "public_id", "sealed"}
        assert {"public_id", "seq", "change"} <= different or table == "contact"


async def test_no_other_table_leads_to_a_review(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    """What counts visitors holds no value of a review; the sealed e-mail alone shares its `capability`, on purpose."""
    for address in (ALICE, BRUNO):
        await send(client, passeport.key, SAID, address=address, headers=ALICES)
        await send(client, passeport.malfunction.key, REPORT, address=address)
    own = {str(row[name]) for row in await rows(storage, "review") for name in ("capability", "public_id")}
    assert len(own) == 8
    met = {
        table
        for table in await tables(storage)
        for row in await rows(storage, table)
        if own & {str(value) for value in row.values()}
    }
    assert met == {"review", "contact"}
    assert await rows(storage, "limit_count"), "visitors were counted"


async def test_a_review_is_of_a_minute_and_never_of_a_second(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    first, second = uuid4(), uuid4()
    clock.move(seconds=17)
    await send(client, passeport.key, SAID, id=first)
    clock.move(seconds=40)
    await send(client, passeport.malfunction.key, REPORT, id=second)
    assert len({row["minute"] for row in await rows(storage, "review")}) == 1
    seconds = {str(int(clock().timestamp()) - ago) for ago in (0, 40)}
    for table in ("review", "contact", "day_count"):
        for row in await rows(storage, table):
            assert not seconds & {str(value) for value in row.values()}
            assert not [value for value in row.values() if isinstance(value, str) and "11:00:" in value]


async def test_public_identifiers_are_drawn_at_random(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    """Not derived from the browser's: the same one, sent to another procedure, gives a public one of its own."""
    permis = await found(storage, clock, "permis")
    mine = uuid4()
    for key in (passeport.key, permis.key):
        await send(client, key, SAID, id=mine)
    ids = [row["public_id"] for row in await rows(storage, "review")]
    assert len({*ids, mine.hex}) == 3
    assert all(len(each) == 32 and int(each, 16) for each in ids)


async def test_when_the_day_ends_its_visitors_have_no_name_any_more(
    client: AsyncClient, storage: Storage, settings: Settings, passeport: Passeport, clock: MovableClock
) -> None:
    """The key of yesterday's names is in no table and, in SQLite, in no byte of the files; so are the names."""
    await send(client, passeport.key, SAID)
    (today,) = await rows(storage, "visitor_salt")
    salt = bytes(today["salt"])
    names = [row["name"] for row in await rows(storage, "limit_count")]
    assert len(names) >= 4
    at_rest = everything_at_rest(settings)
    assert all(name.encode() in at_rest for name in names), "this looks where they are"
    if settings.sqlite_path:
        assert salt in at_rest

    clock.move(hours=13)  # it is one o'clock in Paris
    await Housekeeping(storage, Retention(storage, settings, clock), clock).once()
    assert await rows(storage, "visitor_salt") == []
    assert await rows(storage, "limit_count") == []
    at_rest = everything_at_rest(settings)
    assert salt not in at_rest
    assert salt.hex().encode() not in at_rest
    assert not [name for name in names if name.encode() in at_rest]
    await send(client, passeport.key, SAID)
    again = {row["name"] for row in await rows(storage, "limit_count")}
    counts = {"arrivals/passeport", "day/passeport"}
    assert len(again & set(names) - counts) == 1, "only the counts of the procedure itself keep their names"

"""People see where they are signed in, and end what they do not know."""

import re

from collector.storage import Storage
from collector.storage.accounts import SEEN_WITHIN
from collector.storage.journal import Search
from tests.conftest import MovableClock
from tests.service.admin.conftest import PASSWORD, Browser, People

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"
NAME = re.compile(r'name="session" value="(\w+)"')


async def signed_in(people: People, user_agent: str) -> Browser:
    browser = Browser(people.nobody.client)
    answer = await browser.post(
        "/admin/connexion", {"email": "bruno@exemple.fr", "password": PASSWORD}, **{"User-Agent": user_agent}
    )
    assert answer.status_code == 303
    return browser


async def test_each_session_is_told_by_its_browser_and_of_its_user_agent_nothing_else_is_kept(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    clock.move(minutes=61)
    await signed_in(people, PHONE)
    firefox = await signed_in(people, FIREFOX)
    page = (await firefox.get("/admin/compte")).text
    assert "Firefox · Ordinateur" in page
    assert "Safari · Téléphone" in page
    assert page.count("Celle-ci") == 1
    assert len(NAME.findall(page)) == 2
    assert "12/03/2026 à 12 h 00" in page
    assert "12/03/2026 à 13 h 01" in page
    async with storage.engine.read() as connection:
        cursor = await connection.execute("SELECT * FROM session")
        stored = str([tuple(row.values() if hasattr(row, "values") else row) for row in await cursor.fetchall()])
    assert "firefox" in stored
    assert all(word not in stored for word in ("Mozilla", "rv:", "iPhone", "140"))


async def test_one_session_is_ended_from_another(people: People, storage: Storage) -> None:
    phone, firefox = await signed_in(people, PHONE), await signed_in(people, FIREFOX)
    page = (await firefox.get("/admin/compte")).text
    line = next(part for part in page.split("<li>") if "Téléphone" in part)
    (name,) = NAME.findall(line)
    ended = await firefox.post("/admin/compte/sessions", {"session": name})
    assert ended.headers["location"] == "/admin/compte?fait=session-revoked"
    assert (await phone.get("/admin")).status_code == 303
    assert (await firefox.get("/admin")).status_code == 200
    assert (await people.bruno.get("/admin")).status_code == 200
    assert (await firefox.post("/admin/compte/sessions", {"session": name})).status_code == 404
    (line_of_it,) = [one for one in await storage.journal.before(Search()) if one.act == "session.revoke"]
    assert (line_of_it.actor, line_of_it.subject) == ("bruno@exemple.fr", "bruno@exemple.fr")


async def test_nobody_ends_a_session_of_somebody_else_nor_their_own_by_mistake(people: People) -> None:
    await signed_in(people, PHONE)
    names = NAME.findall((await people.bruno.get("/admin/compte")).text)
    assert len(names) == 1
    assert NAME.findall((await people.rachel.get("/admin/compte")).text) == []
    assert (await people.rachel.post("/admin/compte/sessions", {"session": names[0]})).status_code == 404
    assert len(NAME.findall((await people.bruno.get("/admin/compte")).text)) == 1


async def test_all_the_others_are_ended_at_once(people: People, storage: Storage) -> None:
    phone, firefox = await signed_in(people, PHONE), await signed_in(people, FIREFOX)
    await firefox.post("/admin/compte/sessions/autres")
    assert [(await one.get("/admin")).status_code for one in (phone, people.bruno, firefox)] == [303, 303, 200]
    assert (await people.rachel.get("/admin")).status_code == 200
    await firefox.post("/admin/compte/sessions/autres")
    told = [one.details for one in await storage.journal.before(Search()) if one.act == "session.revoke"]
    assert told == [{"sessions": 2}], "where there was nothing to end there is nothing to tell"


async def test_an_administrator_ends_the_sessions_of_an_account_that_stays(people: People, storage: Storage) -> None:
    found = await storage.accounts.find("bruno@exemple.fr")
    assert found
    await people.claude.post(f"/admin/utilisateurs/{found[0].id}/sessions")
    assert (await people.bruno.get("/admin")).status_code == 303
    await signed_in(people, FIREFOX)


async def test_when_a_session_was_used_is_known_to_some_minutes(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    found = await storage.accounts.find("bruno@exemple.fr")
    assert found
    opened = clock()
    clock.move(seconds=SEEN_WITHIN.total_seconds())
    await people.bruno.get("/admin/compte")
    assert [one.used_at for one in await storage.accounts.sessions(found[0], clock())] == [opened]
    clock.move(seconds=1)
    await people.bruno.get("/admin/compte")
    assert [one.used_at for one in await storage.accounts.sessions(found[0], clock())] == [clock()]

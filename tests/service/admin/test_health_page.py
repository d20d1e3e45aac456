"""The health page: what is wrong stands first with what to do; nothing is counted to know it."""

import pytest

from collector.doctor import glance
from collector.doctor.findings import Finding
from collector.schema import utc_now
from collector.storage import Storage
from tests.conftest import MovableClock, send
from tests.service.admin.conftest import People


async def test_an_administrator_sees_version_size_and_what_is_stored(people: People, storage: Storage) -> None:
    shown = (await people.claude.get("/admin/sante")).text
    engine = "SQLite" if storage.engine.name == "sqlite" else "PostgreSQL"
    for told in ("0.1.0", engine, "0 avis attendent d&#39;être écrits", "lignes du journal sont intactes et scellées"):
        assert told in shown, told
    assert len(shown) < 30_000


async def test_a_journal_that_somebody_has_changed_stands_first(people: People, storage: Storage) -> None:
    assert await storage.journal.ends_well(200)
    async with storage.engine.write() as connection:
        await connection.execute("UPDATE journal SET actor = 'x' WHERE number = (SELECT MAX(number) - 1 FROM journal)")
    shown = (await people.claude.get("/admin/sante")).text
    todo, _, well = shown.partition('id="facts"')
    assert "À réparer : Parmi les 200 dernières lignes" in todo
    assert "avis journal --verify" in todo
    assert "intactes" not in well


async def test_a_cut_off_end_and_a_forged_one_are_seen(people: People, storage: Storage) -> None:
    async with storage.engine.write() as connection:
        await connection.execute("DELETE FROM journal WHERE number = (SELECT MAX(number) FROM journal)")
    assert not await storage.journal.ends_well(200)
    async with storage.engine.write() as connection:
        await connection.execute("UPDATE journal_head SET seal = ''")
    assert not await storage.journal.ends_well(1)


async def test_reviews_that_cannot_be_found_yet_are_counted_by_their_changes(people: People, storage: Storage) -> None:
    assert (await send(people.claude.client, people.passeport.key)).status_code == 201
    async with storage.engine.write() as connection:
        await connection.execute("UPDATE progress SET change = change + 6000")
        await connection.execute("DELETE FROM indexing")
    assert (await storage.states.now(utc_now())).behind > 6000
    assert "ne se trouvent pas encore par leurs mots" in (await people.claude.get("/admin/sante")).text


async def test_estimates_are_near_what_is_there(people: People, storage: Storage) -> None:
    if storage.engine.name == "postgres":
        async with storage.engine.write() as connection:
            await connection.execute("ANALYZE procedure")
    assert (await storage.states.now(utc_now())).rows["procedure"] >= 2


async def test_nobody_waits_and_nothing_is_late_when_nothing_happens(storage: Storage, clock: MovableClock) -> None:
    assert (storage.writer.waiting, storage.writer.writing_for) == (0, 0.0)
    state = await storage.states.now(clock())
    assert (state.behind, state.waiting, state.letter_sent) == (0, 0, None)


@pytest.mark.parametrize(
    ("finding", "severity"),
    [
        (glance.queue(0, 0), "ok"),
        (glance.queue(900, 3.2), "error"),
        (glance.behind(5), "ok"),
        (glance.behind(9_000), "warning"),
        (glance.letters(3, 0), "ok"),
        (glance.letters(3, 2), "warning"),
        (glance.limits_storage(away=True), "warning"),
        (glance.journal(intact=False), "error"),
    ],
)
def test_each_finding_is_judged_and_what_is_wrong_has_a_remedy(finding: Finding, severity: str) -> None:
    assert (finding.severity, bool(finding.remedy)) == (severity, severity != "ok")

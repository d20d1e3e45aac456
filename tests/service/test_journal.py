"""The journal: each act leaves one line with it, and no line can be changed, removed or slipped in unseen."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector.errors import Conflict
from collector.schema import Link
from collector.settings import Settings, load
from collector.storage import Storage
from collector.storage.acting import acting, label_of
from collector.storage.journal import ACTS, Line, Part, Search
from collector.storage.migrate import migrate
from tests.conftest import NOON, MovableClock, Passeport, found, opened

EVERYTHING = Search()


async def lines(storage: Storage, wanted: Search = EVERYTHING) -> list[Line]:
    """Oldest first."""
    return (await storage.journal.before(wanted, number=10_000))[::-1]


async def write(storage: Storage, *subjects: str, by: str = "bruno@exemple.fr") -> None:
    for subject in subjects:
        async with storage.engine.write() as connection:
            await storage.journal.append(connection, by=by, act="review.mask", subject=subject, details={"length": 4})


async def damage(storage: Storage, *statements: str) -> None:
    async with storage.engine.write() as connection:
        for statement in statements:
            await connection.execute(statement)


async def test_a_line_says_who_did_what_when(storage: Storage, clock: MovableClock) -> None:
    clock.move(seconds=1.9)
    await write(storage, "passeport/avis/1")
    (line,) = await lines(storage)
    assert msgspec.structs.replace(line, digest="") == Line(
        number=1,
        at=NOON + timedelta(seconds=1),
        actor="bruno@exemple.fr",
        act="review.mask",
        subject="passeport/avis/1",
        details={"length": 4},
        digest="",
    )
    verdict = await storage.journal.verify()
    assert (verdict.lines, verdict.head, verdict.broken) == (1, line.digest, None)


async def test_an_empty_journal_is_whole(storage: Storage) -> None:
    verdict = await storage.journal.verify()
    assert (verdict.lines, verdict.head, verdict.broken) == (0, "", None)


DAMAGES: list[tuple[list[str], int]] = [
    (["UPDATE journal SET actor = 'samir@exemple.fr' WHERE number = 3"], 3),
    (["UPDATE journal SET at = '2026-03-12T11:00:09Z' WHERE number = 3"], 3),
    (["UPDATE journal SET act = 'link.create' WHERE number = 3"], 3),
    (["UPDATE journal SET subject = 'd' WHERE number = 3"], 3),
    (["UPDATE journal SET details = '{\"length\":5}' WHERE number = 3"], 3),
    (["UPDATE journal SET digest = 'x' WHERE number = 3"], 3),
    (["DELETE FROM journal WHERE number = 3"], 3),
    (
        # One by one: in a single statement PostgreSQL may meet the fifth before the fourth has made room.
        [
            "DELETE FROM journal WHERE number = 3",
            "UPDATE journal SET number = 3 WHERE number = 4",
            "UPDATE journal SET number = 4 WHERE number = 5",
        ],
        3,
    ),
    (["DELETE FROM journal WHERE number = 1"], 1),
    (["DELETE FROM journal WHERE number = 5"], 5),
    (["DELETE FROM journal"], 1),
    (["UPDATE journal_head SET number = 4"], 5),
    (["UPDATE journal_head SET digest = ''"], 6),
    (["DELETE FROM journal_head"], 1),
]


@pytest.mark.parametrize(("damages", "broken"), DAMAGES)
async def test_whatever_is_done_to_a_line_is_found(storage: Storage, damages: Sequence[str], broken: int) -> None:
    await write(storage, "a", "b", "c", "d", "e")
    assert (await storage.journal.verify()).broken is None
    await damage(storage, *damages)
    assert (await storage.journal.verify()).broken == broken


async def parts(storage: Storage, number: int) -> list[Part]:
    """The latest first."""
    found = [await storage.journal.verify_part(number=number)]
    while found[-1].before:
        found.append(await storage.journal.verify_part(before=found[-1].before, number=number))
    return found


@pytest.mark.parametrize("number", [1, 2, 3, 5, 6])
async def test_parts_of_the_chain_are_all_of_it(storage: Storage, clock: MovableClock, number: int) -> None:
    assert [(part.verdict.lines, part.before) for part in await parts(storage, number)] == [(0, None)]
    await write(storage, "a", "b")
    clock.move(days=40)
    await write(storage, "c", "d", "e")
    await check_parts(storage, number, first=1)
    await storage.journal.forget(clock() - timedelta(days=1), by="service")
    await write(storage, "f")
    await check_parts(storage, number, first=3)


async def check_parts(storage: Storage, number: int, first: int) -> None:
    """Five lines from this one on."""
    found = await parts(storage, number)
    assert all(part.verdict.broken is None and part.verdict.sealed for part in found)
    assert sum(part.verdict.lines for part in found) == 5
    assert found[0].verdict.head == (await storage.journal.verify()).head
    assert [found[-1].first, found[0].last] == [first, first + 4]
    assert all(part.last - part.first < number for part in found)


@pytest.mark.parametrize("number", [1, 2, 4])
@pytest.mark.parametrize(("damages", "broken"), DAMAGES)
async def test_whatever_is_done_to_a_line_is_found_in_a_part(
    storage: Storage, damages: Sequence[str], broken: int, number: int
) -> None:
    await write(storage, "a", "b", "c", "d", "e")
    await damage(storage, *damages)
    found = await parts(storage, number)
    wrong = [part.verdict.broken for part in found if part.verdict.broken is not None or not part.verdict.sealed]
    assert wrong, f"line {broken}"


async def test_a_line_says_from_which_session_and_the_digest_covers_it(storage: Storage) -> None:
    acting("bruno@exemple.fr", "the digest of a session")
    await write(storage, "a")
    await write(storage, "b", by="command")
    mine, commands = await lines(storage)
    assert (mine.session, commands.session) == (label_of("the digest of a session"), None)
    assert mine.details == commands.details == {"length": 4}
    assert [line.subject for line in await lines(storage, Search(session=mine.session))] == ["a"]
    assert await lines(storage, Search(session="0")) == []
    await damage(storage, "UPDATE journal SET details = '{\"length\":4}' WHERE number = 1")
    assert (await storage.journal.verify()).broken == 1


async def test_what_is_done_in_one_trip_of_a_thread_says_its_session_too(storage: Storage) -> None:
    acting("bruno@exemple.fr", "the digest of a session")

    async def work(connection: Any) -> None:
        await storage.journal.append(connection, by="bruno@exemple.fr", act="review.mask", subject="a")

    await storage.engine.run(work)
    assert [line.session for line in await lines(storage)] == [label_of("the digest of a session")]


async def test_a_subject_is_found_by_any_part_of_it_and_no_wildcard(storage: Storage) -> None:
    await write(storage, "passeport/1", "100%", "Élysée_1")
    for part, subjects in (
        ("passe", ["passeport/1"]),
        ("/1", ["passeport/1"]),
        ("%", ["100%"]),
        ("_", ["Élysée_1"]),
        ("Élys", ["Élysée_1"]),
        ("rien", []),
    ):
        assert [line.subject for line in await lines(storage, Search(subject=part))] == subjects, part


# ---- The seal: whoever has only the database cannot write another chain


def forged(by: str) -> list[str]:
    """What somebody does who knows how the chain is made, and has the database but no key: rewrite all of it."""
    digest, statements = "", []
    for number, subject in enumerate("abcde", 1):
        row = {
            "number": number,
            "at": "2026-03-12T11:00:00Z",
            "actor": by,
            "act": "review.mask",
            "subject": subject,
            "details": "{}",
        }
        digest = sha256(msgspec.json.encode([digest, *row.values()])).hexdigest()
        statements.append(
            f"UPDATE journal SET actor = '{by}', details = '{{}}', digest = '{digest}' WHERE number = {number}"  # noqa: S608
        )
    return [*statements, f"UPDATE journal_head SET digest = '{digest}'"]  # noqa: S608


async def test_a_chain_written_anew_without_the_key_is_found_and_stays_found(storage: Storage) -> None:
    await write(storage, "a", "b", "c", "d", "e")
    await damage(storage, *forged("samir@exemple.fr"))
    verdict = await storage.journal.verify()
    assert (verdict.lines, verdict.broken, verdict.sealed) == (5, None, False), "as a chain it is whole"
    await write(storage, "f")
    assert (await storage.journal.verify()).sealed is False, "a line of ours after it makes nothing good"
    await damage(storage, "UPDATE journal_head SET seal = ''")
    await write(storage, "g")
    assert (await storage.journal.verify()).sealed is False


async def test_an_end_that_was_cut_off_is_found_by_its_seal(storage: Storage) -> None:
    await write(storage, "a", "b", "c")
    last = (await lines(storage))[1].digest
    await damage(
        storage,
        "DELETE FROM journal WHERE number = 3",
        f"UPDATE journal_head SET number = 2, digest = '{last}'",  # noqa: S608
    )
    verdict = await storage.journal.verify()
    assert (verdict.lines, verdict.broken, verdict.sealed) == (2, None, False)


async def test_a_new_key_is_noted_and_old_lines_stay_verified_without_the_old_one(
    environ: dict[str, str], storage: Storage, clock: MovableClock
) -> None:
    await write(storage, "a", "b")
    old, new = environ["AVIS_SECRET_KEYS"], "another-key-of-the-tests-and-nothing-else"
    async with opened(load({**environ, "AVIS_SECRET_KEYS": f"{new},{old}"}), clock) as turning:
        assert (await turning.journal.verify()).sealed
        await write(turning, "c", "d")
        assert [line.act for line in await lines(turning)][2:] == ["keys.change", "review.mask", "review.mask"]
    async with opened(load({**environ, "AVIS_SECRET_KEYS": new}), clock) as turned:
        verdict = await turned.journal.verify()
        assert (verdict.lines, verdict.broken, verdict.sealed) == (5, None, True)
    assert (await storage.journal.verify()).sealed is False, "the old key alone is not enough any more"


async def test_a_lost_key_shows_until_somebody_seals_anew_and_that_is_told(
    environ: dict[str, str], storage: Storage, clock: MovableClock
) -> None:
    await write(storage, "a")
    async with opened(
        load({**environ, "AVIS_SECRET_KEYS": "a-key-that-never-sealed-anything-here-000"}), clock
    ) as lost:
        await write(lost, "b")
        assert (await lost.journal.verify()).sealed is False
        await lost.journal.reseal(by="command")
        assert (await lost.journal.verify()).sealed
        await write(lost, "c")
        assert (await lost.journal.verify()).sealed
        assert [line.act for line in await lines(lost)].count("journal.seal") == 1


async def test_a_migration_is_a_line_and_seals_what_was_written_before_there_were_seals(
    settings: Settings, storage: Storage
) -> None:
    await write(storage, "a", "b")
    await damage(
        storage,
        "ALTER TABLE journal_head DROP COLUMN seal",
        "DELETE FROM migration WHERE name = '0008_journal_seal'",
    )
    assert migrate(settings, "command") == ["0008_journal_seal"]
    assert migrate(settings, "command") == []
    line = (await lines(storage))[-1]
    assert (line.number, line.actor, line.act, line.subject) == (3, "command", "schema.migrate", "0008_journal_seal")
    assert line.details == {"migrations": ["0008_journal_seal"]}
    await write(storage, "c")
    verdict = await storage.journal.verify()
    assert (verdict.lines, verdict.broken, verdict.sealed) == (4, None, True)


async def test_a_migration_makes_nothing_good_once_there_were_seals(settings: Settings, storage: Storage) -> None:
    await write(storage, "a", "b", "c", "d", "e")
    await damage(storage, *forged("samir@exemple.fr"))
    await damage(storage, "DELETE FROM migration WHERE name = '0005_suspicion'", "DROP INDEX review_suspected")
    for column in ("suspicion", "aside", "withdrawn"):
        await damage(storage, f"ALTER TABLE review DROP COLUMN {column}")
    assert migrate(settings) == ["0005_suspicion"]
    verdict = await storage.journal.verify()
    assert (verdict.lines, verdict.broken, verdict.sealed) == (6, None, False)


# ---- What is too old


async def test_old_lines_are_removed_and_the_rest_is_still_verified(storage: Storage, clock: MovableClock) -> None:
    await write(storage, "a", "b")
    clock.move(days=40)
    await write(storage, "c")
    before = NOON + timedelta(days=30)
    assert await storage.journal.aged(before) == 2
    assert await storage.journal.forget(before, by="service") == 2
    assert await storage.journal.aged(before) == 0
    assert await storage.journal.forget(before, by="service") == 0, "and no line for nothing"
    kept = await lines(storage)
    assert [(line.number, line.act) for line in kept] == [(3, "review.mask"), (4, "journal.forget")]
    assert kept[1].details["through"] == kept[1].details["lines"] == 2
    verdict = await storage.journal.verify()
    assert (verdict.lines, verdict.head, verdict.broken, verdict.sealed) == (2, kept[1].digest, None, True)


async def test_all_lines_may_be_too_old_more_than_once(storage: Storage, clock: MovableClock) -> None:
    for number in range(3):
        await write(storage, "a", "b")
        clock.move(days=40)
        assert await storage.journal.forget(clock(), by="service") == 2 + (number > 0)
        assert (await storage.journal.verify()).broken is None
    assert [line.act for line in await lines(storage)] == ["journal.forget"]


@pytest.mark.parametrize(
    ("damages", "broken"),
    [
        (["DELETE FROM journal WHERE number = 3"], 3),
        (["DELETE FROM journal WHERE number = 5"], 1),
        (["UPDATE journal SET details = '{}' WHERE number = 5"], 1),
        (["UPDATE journal SET subject = 'x' WHERE number = 4"], 4),
        (
            ["INSERT INTO journal VALUES (1, '2026-01-01T00:00:00Z', 'samir', 'link.create', 'x', '{}', 'x')"],
            3,
        ),
    ],
)
async def test_what_is_done_to_the_rest_is_found_too(
    storage: Storage, clock: MovableClock, damages: Sequence[str], broken: int
) -> None:
    await write(storage, "a", "b")
    clock.move(days=40)
    await write(storage, "c", "d")
    await storage.journal.forget(NOON + timedelta(days=30), by="service")
    assert (await storage.journal.verify()).broken is None
    await damage(storage, *damages)
    found = await storage.journal.verify()
    assert (found.broken, found.sealed) == (broken, False)


async def test_two_lines_that_change_places_are_found(storage: Storage) -> None:
    await write(storage, "a", "b", "c")
    await damage(
        storage,
        "UPDATE journal SET number = 9 WHERE number = 2",
        "UPDATE journal SET number = 2 WHERE number = 3",
        "UPDATE journal SET number = 3 WHERE number = 9",
    )
    assert (await storage.journal.verify()).broken == 2


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(subjects=st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)))
async def test_whatever_is_written_can_be_verified(storage: Storage, subjects: list[str]) -> None:
    before = len(await lines(storage))
    await write(storage, *subjects)
    assert [line.subject for line in await lines(storage)][before:] == subjects
    assert (await storage.journal.verify()).broken is None


async def test_a_long_journal_is_read_in_pages(storage: Storage) -> None:
    async with storage.engine.write() as connection:
        for n in range(1203):
            await storage.journal.append(connection, by="command", act="review.mask", subject=f"{n}")
    assert (await storage.journal.verify()).lines == 1203
    await damage(storage, "UPDATE journal SET subject = 'x' WHERE number = 1100")
    assert (await storage.journal.verify()).broken == 1100


async def test_an_act_that_fails_leaves_no_line_and_no_gap(storage: Storage, passeport: Passeport) -> None:
    before = await lines(storage)
    with pytest.raises(Conflict):
        await found(storage, MovableClock(), "passeport")
    with suppress(LookupError):
        async with storage.engine.write() as connection:
            await storage.journal.append(connection, by="bruno", act="review.mask", subject="never")
            raise LookupError
    await write(storage, "after")
    assert [line.number for line in await lines(storage)] == list(range(1, len(before) + 2))
    assert (await storage.journal.verify()).broken is None


async def test_processes_that_write_at_once_make_one_chain(
    settings: Settings, storage: Storage, clock: MovableClock
) -> None:
    async with opened(settings, clock) as other:
        await asyncio.gather(*(write(each, f"{n}") for n in range(20) for each in (storage, other)))
    assert len(await lines(storage)) == 40
    assert (await storage.journal.verify()).broken is None


async def test_lines_are_found_by_act_actor_and_time_in_pages(storage: Storage, clock: MovableClock) -> None:
    for n in range(6):
        await write(storage, f"{n}", by=("bruno@exemple.fr", "claude@exemple.fr")[n % 2])
        clock.move(hours=1)

    async def subjects(**wanted: Any) -> list[str]:
        return [line.subject for line in await lines(storage, Search(**wanted))]

    assert await subjects(actor="claude@exemple.fr") == ["1", "3", "5"]
    assert await subjects(act="link.create") == []
    assert await subjects(act="review.mask") == ["0", "1", "2", "3", "4", "5"]
    assert await subjects(since=NOON + timedelta(hours=1), until=NOON + timedelta(hours=3)) == ["1", "2"]
    first = await storage.journal.before(EVERYTHING, number=4)
    rest = await storage.journal.before(EVERYTHING, before=first[-1].number, number=4)
    assert [line.subject for line in first + rest] == ["5", "4", "3", "2", "1", "0"]


async def test_what_is_done_to_procedures_links_and_accounts_is_in_it(
    storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    start = len(await lines(storage))
    catalogue, accounts, by = storage.catalogue, storage.accounts, "claude@exemple.fr"
    await catalogue.update_procedure(
        "passeport", title="P", audiences=[], origins=["https://a.exemple.fr"], contexts=[], by=by
    )
    await catalogue.set_state("passeport", "closed", by=by)
    await catalogue.close_placement(passeport.key, clock(), by=by)
    await catalogue.reopen_placement(passeport.key, by=by)
    link = Link(
        id="7f",
        procedures=("passeport",),
        content="reviews",
        format="csv",
        from_day=None,
        to_day=None,
        recipient="Zoé Martin",
        created_at=clock(),
        created_by=by,
        expires_at=clock() + timedelta(days=1),
        revoked_at=None,
    )
    await storage.links.add(link, by=link.created_by)
    await storage.links.revoke("7f", clock(), by=by)
    user = await accounts.add(
        email="e@exemple.fr", name="Éva", administrator=False, password="hash", must_change=True, now=clock(), by=by
    )
    await accounts.grant(user, passeport.procedure, "reader", by=by)
    await accounts.revoke(user, passeport.procedure, by=by)
    await accounts.set_password(user, "another-hash", must_change=True, by=by)
    await accounts.open_session(user, "digest", clock(), clock() + timedelta(hours=1))
    await accounts.open_session(user, "another", clock(), clock() + timedelta(hours=1))
    await accounts.close_session(user, "another")
    await accounts.disable("e@exemple.fr", clock(), by=by)
    # What changes nothing leaves nothing.
    await catalogue.set_state("nowhere", "closed", by=by)
    await storage.links.revoke("7f", clock(), by=by)
    await accounts.disable("e@exemple.fr", clock(), by=by)
    await accounts.close_session(user, "another")
    await accounts.revoke(user, passeport.procedure, by=by)
    await accounts.set_administrator(user, False, by=by)

    written = (await lines(storage))[start:]
    assert [(line.act, line.subject) for line in written] == [
        ("procedure.change", "passeport"),
        ("procedure.state", "passeport"),
        ("placement.close", passeport.key),
        ("placement.open", passeport.key),
        ("link.create", "7f"),
        ("link.revoke", "7f"),
        ("user.create", "e@exemple.fr"),
        ("user.rights", "e@exemple.fr"),
        ("user.rights", "e@exemple.fr"),
        ("user.password", "e@exemple.fr"),
        ("session.open", "e@exemple.fr"),
        ("session.open", "e@exemple.fr"),
        ("session.close", "e@exemple.fr"),
        ("user.disable", "e@exemple.fr"),
    ]
    assert {line.actor for line in written} == {by, "e@exemple.fr"}
    assert {line.act for line in written} <= set(ACTS)
    assert written[0].details == {"origins": ["https://a.exemple.fr"]}
    assert written[1].details == {"state": "closed"}
    assert "hash" not in f"{[line.details for line in written]}"
    assert "Zoé" not in f"{written}"
    earlier = (await lines(storage))[:start]
    assert [(line.act, line.actor) for line in earlier] == [
        ("procedure.create", "command"),
        ("placement.create", "command"),
    ]

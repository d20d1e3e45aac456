"""What is too old is forgotten: the words first, then the reviews, and never a figure."""

import asyncio
import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from click.testing import CliRunner
from httpx import AsyncClient

from collector.app import create_app
from collector.cli import avis
from collector.errors import Conflict
from collector.exports.links import create_link
from collector.housekeeping import Housekeeping
from collector.privacy.anonymise import anonymise, contact
from collector.retention import HOLD, LEASE, Retention
from collector.schema import Answers, MalfunctionAnswers, Placement, SatisfactionAnswers, Target
from collector.settings import Settings, load
from collector.storage import Storage
from collector.storage.batch import Write
from collector.storage.journal import Search
from collector.storage.reviews import Filter
from tests.conftest import NOON, MovableClock, Passeport, opened, running
from tests.service.test_at_rest import everything_at_rest

SAID = "Le guichet de Valombre fermait à midi trente"
ELSEWHERE = "Une voisine de palier, rue des Écluses"


def opinion(number: int = 0) -> SatisfactionAnswers:
    reached = number % 3 > 0
    return SatisfactionAnswers(
        satisfaction=("bad", "medium", "good")[number % 3],
        comprehension=number % 5 + 1,
        contact_tried=["phone", "other"],
        contact_tried_other=ELSEWHERE,
        contact_reached={"phone": reached},
        contact_satisfaction={"phone": number % 5 + 1} if reached else None,
        verbatim=f"{SAID}, {number}.",
    )


async def given(
    storage: Storage, place: Passeport, moments: Sequence[datetime], placement: Placement | None = None
) -> None:
    """Store an opinion at each moment, through the real write path."""
    target = Target(place.procedure, placement or place.placement)
    said: list[Answers] = (
        [MalfunctionAnswers("technical", f"{SAID}.", contact_email="alice@exemple.fr") for _ in moments]
        if placement
        else [opinion(number) for number in range(len(moments))]
    )
    _, directory = await storage.intake.target(target.placement.key) or (None, 0)
    await storage.intake.commit(
        [
            Write(
                anonymise(uuid4(), target, "fr", "/fin", answers, moment),
                directory,
                contact=contact(answers, ("k" * 32,), moment),
            )
            for moment, answers in zip(moments, said, strict=True)
        ]
    )


def keeping(settings: Settings, verbatims: str, reviews: str) -> Settings:
    environ = {"AVIS_DATA": str(settings.data), "AVIS_KEEP_VERBATIMS": verbatims, "AVIS_KEEP_REVIEWS": reviews}
    kept = load(environ)
    return msgspec.structs.replace(settings, keep_verbatims=kept.keep_verbatims, keep_reviews=kept.keep_reviews)


async def kept(storage: Storage, place: Passeport) -> list[tuple[str, bool]]:
    """The day of each review that is left, and whether its words are."""
    found = [listed.review for listed in await storage.reviews.before(place.procedure, Filter(), number=5000)]
    assert all(bool(each.verbatim) == bool(each.contact_tried_other) or each.kind for each in found)
    return sorted((each.day, each.verbatim is not None) for each in found)


async def figures(client: AsyncClient, storage: Storage, settings: Settings, place: Passeport, now: datetime) -> str:
    """Every figure of every period that anybody can ask for, as JSON."""
    _, url = await create_link(
        storage, settings, procedures=["passeport"], content="indicators", format="json", from_day="2024-01-01",
        created_by="bruno@exemple.fr", expires_at=now + timedelta(days=1), now=now,
    )  # fmt: skip
    everything: list[Any] = [
        (await client.get(url)).json(),
        (await client.get("/api/v1/procedures/passeport/indicators")).json(),
        await storage.overview.satisfaction([place.procedure.id], "2024-01-01", "2026-12-31"),
        await storage.reviews.counts_by_procedure("2024-01", "2026-12"),
    ]
    everything += [
        await storage.reviews.counts_by_day(place.procedure, "2024-01-01", "2026-12-31", placement)
        for placement in (None, place.placement.id, place.malfunction.id)
    ]
    return json.dumps(everything)


async def test_indicators_of_past_periods_do_not_change_by_one_digit(
    client: AsyncClient, storage: Storage, settings: Settings, passeport: Passeport, clock: MovableClock
) -> None:
    """A year and more of reviews, at all hours, through both nights in which the clocks of Paris change."""
    start = datetime(2025, 2, 1, 0, 30, tzinfo=UTC)
    moments = [start + timedelta(hours=37 * n) for n in range(260)]
    for night in (datetime(2025, 3, 29, 22, tzinfo=UTC), datetime(2025, 10, 25, 21, tzinfo=UTC)):
        moments += [night + timedelta(minutes=20 * n) for n in range(15)]
    await given(storage, passeport, sorted(moments))
    await given(storage, passeport, moments[::9], passeport.malfunction)
    before = await figures(client, storage, settings, passeport, clock())
    assert '"reviews": 323' in before

    for verbatims, reviews in (("10 months", "12 months"), ("136d", "137d"), ("1d", "2d")):
        retention = Retention(storage, keeping(settings, verbatims, reviews), clock)
        due = await retention.due()
        done = await retention.forget()
        assert (done.verbatims, done.reviews) == (due.verbatims, due.reviews)
        assert done.reviews > 10
        assert await figures(client, storage, settings, passeport, clock()) == before
    assert await kept(storage, passeport) == [], "nothing is left but the figures"


async def test_words_go_first_and_reviews_later_each_on_its_day(
    storage: Storage, settings: Settings, passeport: Passeport, clock: MovableClock
) -> None:
    """Days end at midnight in Paris: half an hour before is yesterday."""
    midnight = datetime(2025, 9, 11, 22, tzinfo=UTC)  # two hours ahead in September
    winter = datetime(2025, 1, 11, 23, tzinfo=UTC)  # one in January
    half = timedelta(minutes=30)
    await given(storage, passeport, [winter - half, winter + half, midnight - half, midnight + half])
    assert await Retention(storage, keeping(settings, "6 months", "14 months"), clock).due() == msgspec.convert(
        {"verbatims": 2, "reviews": 1, "verbatims_before": "2025-09-12", "reviews_before": "2025-01-12"}
        | {"lines": 0, "lines_before": "2023-03-01"},
        type(await Retention(storage, settings, clock).due()),
    )
    await Retention(storage, keeping(settings, "6 months", "14 months"), clock).forget()
    assert await kept(storage, passeport) == [("2025-01-12", False), ("2025-09-11", False), ("2025-09-12", True)]
    done = await Retention(storage, keeping(settings, "6 months", "14 months"), clock).forget()
    assert (done.verbatims, done.reviews) == (0, 0), "a second time there is nothing to do"


async def test_by_default_words_stay_two_years_and_reviews_five(
    storage: Storage, settings: Settings, passeport: Passeport, clock: MovableClock
) -> None:
    await given(storage, passeport, [NOON])
    for months, left in ((24, [("2026-03-12", True)]), (1, [("2026-03-12", False)]), (36, [])):
        clock.now = NOON.replace(year=clock.now.year + (clock.now.month - 1 + months) // 12,
                                 month=(clock.now.month - 1 + months) % 12 + 1)  # fmt: skip
        await Retention(storage, settings, clock).forget()
        assert await kept(storage, passeport) == left


async def test_off_keeps_for_ever(
    storage: Storage, settings: Settings, passeport: Passeport, clock: MovableClock
) -> None:
    await given(storage, passeport, [NOON])
    clock.move(days=36_000)
    due = await Retention(storage, keeping(settings, "off", "off"), clock).due()
    assert (due.verbatims, due.reviews, due.verbatims_before, due.reviews_before) == (0, 0, None, None)
    await Retention(storage, keeping(settings, "off", "off"), clock).forget()
    assert await kept(storage, passeport) == [("2026-03-12", True)]


async def test_forgotten_words_are_in_no_file(
    client: AsyncClient, storage: Storage, settings: Settings, passeport: Passeport, clock: MovableClock
) -> None:
    """In SQLite's file and its log not one byte of them is left, while the service goes on beside."""
    await given(storage, passeport, [NOON + timedelta(minutes=n) for n in range(40)])
    long = SatisfactionAnswers("bad", verbatim=f"{SAID}. " * 100)
    target = Target(passeport.procedure, passeport.placement)
    _, directory = await storage.intake.target(passeport.key) or (None, 0)
    await storage.intake.commit([Write(anonymise(uuid4(), target, "fr", None, long, NOON), directory)])
    await given(storage, passeport, [NOON], passeport.malfunction)
    assert SAID.encode() in everything_at_rest(settings)
    clock.move(days=100)
    done = await Retention(storage, keeping(settings, "90d", "off"), clock).forget()
    assert (done.verbatims, done.erased) == (42, True)
    at_rest = everything_at_rest(settings)
    assert SAID.encode() not in at_rest
    assert ELSEWHERE.encode() not in at_rest
    assert passeport.key.encode() in at_rest, "this looks where the data is"
    (reviews,) = {
        each["reviews"] for each in (await storage.reviews.counts_by_procedure("2026-01", "2026-12")).values()
    }
    assert reviews == 42


async def test_a_removed_review_takes_its_sealed_email_along(
    storage: Storage, settings: Settings, passeport: Passeport, clock: MovableClock
) -> None:
    await given(storage, passeport, [NOON], passeport.malfunction)
    clock.move(days=3)
    await Retention(storage, keeping(settings, "off", "2d"), clock).forget()
    async with storage.engine.read() as connection:
        cursor = await connection.execute("SELECT COUNT(*) AS number FROM contact")
        assert (await cursor.fetchone())["number"] == 0


async def test_copies_forget_as_well_and_the_traces_go_after_a_year(
    client: AsyncClient, storage: Storage, settings: Settings, passeport: Passeport, clock: MovableClock
) -> None:
    await given(storage, passeport, [NOON, NOON + timedelta(days=20)])
    clock.move(days=40)
    _, url = await create_link(
        storage, settings, procedures=["passeport"], content="reviews", format="ndjson",
        created_by="bruno@exemple.fr", expires_at=clock() + timedelta(days=900), now=clock(),
    )  # fmt: skip
    first = (await client.get(f"{url}/pages")).json()
    assert [bool(row["verbatim"]) for row in first["rows"]] == [True, True]
    await Retention(storage, keeping(settings, "10d", "30d"), clock).forget()
    then = (await client.get(f"{url}/pages", params={"after": first["next"]})).json()
    gone, silent = then["rows"]
    assert gone == {"id": first["rows"][0]["id"], "deleted": True}
    assert (silent["id"], silent["verbatim"], silent["contact_tried_other"]) == (first["rows"][1]["id"], None, None)
    assert silent["satisfaction"] == first["rows"][1]["satisfaction"]

    for days, traces in ((365, 1), (1, 0)):
        clock.move(days=days)
        await Retention(storage, keeping(settings, "10d", "off"), clock).forget()
        async with storage.engine.read() as connection:
            cursor = await connection.execute("SELECT COUNT(*) AS number FROM review_gone")
            assert (await cursor.fetchone())["number"] == traces


async def test_a_run_that_was_cut_short_is_continued(
    storage: Storage, settings: Settings, passeport: Passeport, clock: MovableClock
) -> None:
    await given(storage, passeport, [NOON + timedelta(seconds=n) for n in range(1200)])
    clock.move(days=3)
    retention = Retention(storage, keeping(settings, "1d", "off"), clock)
    told: list[int] = []

    def stop(number: int) -> None:
        told.append(number)
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await retention.forget(stop)
    assert told == [500, 500]
    assert (await retention.due()).verbatims == 200
    assert (await retention.forget()).verbatims == 200
    assert (await retention.forget()).verbatims == 0
    lines = await storage.journal.before(Search(act="reviews.purge"))
    assert [(line.actor, line.subject, line.details) for line in lines] == [
        ("service", "2026-03-15", {"erased_texts": 200, "erased_reviews": 0}),
        ("service", "2026-03-15", {"erased_texts": 1000, "erased_reviews": 0}),
    ]


async def test_of_two_workers_one_forgets(
    storage: Storage, settings: Settings, passeport: Passeport, clock: MovableClock
) -> None:
    await given(storage, passeport, [NOON])
    clock.move(days=3)
    short = keeping(settings, "1d", "off")
    async with opened(settings, clock) as other:
        assert await other.leases.take(LEASE, clock(), HOLD)
        with pytest.raises(Conflict, match="Un autre processus"):
            await Retention(storage, short, clock).forget()
        assert await kept(storage, passeport) == [("2026-03-12", True)]
        # The other died with the lease: it ends by itself.
        clock.now += HOLD
        assert (await Retention(storage, short, clock).forget()).verbatims == 1
        assert await other.leases.take(LEASE, clock(), HOLD), "given back at once"


async def test_the_service_does_it_once_a_day(
    storage: Storage, settings: Settings, passeport: Passeport, clock: MovableClock
) -> None:
    await given(storage, passeport, [NOON])
    short = keeping(settings, "1d", "off")
    clock.move(days=3)
    async with running(create_app(short, clock), short), running(create_app(short, clock), short):
        async with asyncio.timeout(10):
            while not await storage.aged.is_done("2026-03-15"):  # noqa: ASYNC110 - another task makes it happen
                await asyncio.sleep(0.02)
    assert await kept(storage, passeport) == [("2026-03-12", False)]
    await given(storage, passeport, [NOON])
    housekeeping = Housekeeping(storage, Retention(storage, short, clock), clock, lambda: clock().timestamp())
    await housekeeping.once()
    assert ("2026-03-12", True) in await kept(storage, passeport), "today it was done"
    clock.move(days=1)
    await housekeeping.once()
    assert await kept(storage, passeport) == [("2026-03-12", False)] * 2


async def test_the_command_says_what_it_would_do_and_then_does_it(
    environ: dict[str, str], storage: Storage, passeport: Passeport
) -> None:
    today = datetime.now(UTC)
    await given(storage, passeport, [today - timedelta(days=days) for days in (1, 100, 200, 300)])
    ages: dict[str, str | None] = {**environ, "AVIS_KEEP_VERBATIMS": "150d", "AVIS_KEEP_REVIEWS": "250 days"}

    def run(*arguments: str, **others: str) -> str:
        done = CliRunner().invoke(avis, ["purge", *arguments], env={**ages, **others}, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    def purge(*arguments: str) -> Any:
        return json.loads(run(*arguments, "--json"))

    would = await asyncio.to_thread(purge, "--dry-run")
    assert (would["dry_run"], would["verbatims"], would["reviews"], would["erased"]) == (True, 1, 1, None)
    assert "1 commentaire(s)" in await asyncio.to_thread(run, "--dry-run")
    assert len(await kept(storage, passeport)) == 4
    did = await asyncio.to_thread(purge)
    assert (did["dry_run"], did["verbatims"], did["reviews"], did["erased"]) == (False, 1, 1, True)
    assert [words for _, words in await kept(storage, passeport)] == [False, True, True]
    (line,) = await storage.journal.before(Search(act="reviews.purge"))
    assert (line.actor, line.details) == ("command", {"erased_texts": 1, "erased_reviews": 1})
    said = await asyncio.to_thread(run, AVIS_KEEP_REVIEWS="off")
    assert "0 commentaire(s)" in said
    assert "Avis entier(s) : conservation sans limite (off)." in said


async def test_files_forget_once_nobody_reads_them_and_nobody_waits_for_that(
    storage: Storage, settings: Settings, passeport: Passeport, clock: MovableClock
) -> None:
    if settings.sqlite_path is None:
        assert await storage.engine.scrub(), "PostgreSQL vacuums beside its readers"
        return
    await given(storage, passeport, [NOON])
    clock.move(days=3)
    retention = Retention(storage, keeping(settings, "1d", "off"), clock)
    housekeeping = Housekeeping(storage, retention, clock)
    with closing(sqlite3.connect(settings.sqlite_path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT COUNT(*) FROM review").fetchone() == (1,)
        began = monotonic()
        await housekeeping.once()
        assert monotonic() - began < 2.5, "it does not wait for the reader"
        assert ("2026-03-12", False) in await kept(storage, passeport)
        assert SAID.encode() in everything_at_rest(settings), "the reader still sees it in the log"
        reader.execute("COMMIT")
    await housekeeping.once()
    assert SAID.encode() not in everything_at_rest(settings)


async def test_a_journal_is_shortened_by_whole_months_and_says_so(
    environ: dict[str, str], settings: Settings, storage: Storage, clock: MovableClock
) -> None:
    async def line(subject: str) -> None:
        async with storage.engine.write() as connection:
            await storage.journal.append(connection, by="bruno@exemple.fr", act="review.mask", subject=subject)

    await line("march")
    clock.move(days=31)
    await line("april")
    retention = Retention(storage, load({**environ, "AVIS_KEEP_JOURNAL": "12 months"}), clock)
    clock.move(days=365 - 31 + 19)
    assert ((await retention.due()).lines, (await retention.forget()).lines) == (0, 0), (
        "a year and some, but not a month"
    )
    clock.move(days=1)
    due = await retention.due()
    assert (due.lines, due.lines_before) == (1, "2026-04-01")
    assert (await retention.forget()).lines == 1
    assert [each.subject for each in await storage.journal.before(Search(act="review.mask"))] == ["april"]
    assert (await storage.journal.verify()).broken is None
    off = Retention(storage, load({**environ, "AVIS_KEEP_JOURNAL": "off"}), clock)
    clock.move(days=4000)
    assert ((await off.due()).lines, (await off.due()).lines_before) == (0, None)
    assert (await off.forget()).lines == 0


async def test_a_run_that_somebody_asked_for_is_told_also_when_nothing_was_too_old(
    storage: Storage, settings: Settings, clock: MovableClock
) -> None:
    await Retention(storage, settings, clock).forget()
    assert await storage.journal.before(Search()) == []
    await Retention(storage, settings, clock, "command").forget()
    (line,) = await storage.journal.before(Search())
    assert (line.actor, line.act, line.details) == (
        "command",
        "reviews.purge",
        {"erased_reviews": 0, "erased_texts": 0},
    )

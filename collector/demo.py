"""Fictitious procedures and reviews: what `make run` shows, written through the real write path.

Each review is a submission that is anonymised, batched and counted like any other; only its date is made up.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

import msgspec

from admin.accounts import create_user
from collector.criteria import Statement
from collector.demo_volumes import volumes
from collector.editions import Quarter, last_over
from collector.observatory.making import make
from collector.privacy.anonymise import anonymise
from collector.schema import (
    DESKS,
    MEANS,
    Answers,
    Audience,
    Desk,
    MalfunctionAnswers,
    Means,
    Placement,
    Procedure,
    SatisfactionAnswers,
    Target,
    date_of,
)
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.batch import Write
from collector.storage.journal import COMMAND

ADMINISTRATOR = "demo@avis.example"
BATCH = 500
# Of ten people nine rate a procedure and one reports a malfunction.
MALFUNCTIONS = 0.1
MOODS = ("bad", "medium", "good")


class _Fiction(msgspec.Struct):
    slug: str
    title: str
    organisation: str
    ministry: str
    audiences: list[Audience]
    mood: list[int]
    criteria: dict[str, str]


class _Script(msgspec.Struct):
    procedures: list[_Fiction]
    comments: dict[str, list[str]]
    malfunctions: dict[str, list[str]]


class Demo(msgspec.Struct):
    """What was made. `one_time_password` is None when the account was there before."""

    procedures: list[str]
    reviews: int
    administrator: str
    one_time_password: str | None
    edition: str


async def fill(storage: Storage, settings: Settings, *, reviews: int, days: int, seed: int, now: datetime) -> Demo:
    """Make what is missing of the demo and add `reviews` reviews over the last `days` days; the same seed adds once."""
    password = None
    if await storage.accounts.find(ADMINISTRATOR) is None:
        _, password = await create_user(storage, email=ADMINISTRATOR, name="Démonstration", administrator=True, now=now)
    script = msgspec.toml.decode((files(__package__) / "demo.toml").read_bytes(), type=_Script)
    places = [await _places(storage, fiction, now) for fiction in script.procedures]
    chance = random.Random(seed)  # noqa: S311 - fiction that must be the same for the same seed, nothing is secret
    # In the order of time, as reviews arrive: pages show the newest first by arrival.
    moments = sorted(_moment(chance, now, days) for _ in range(reviews))
    writes = (
        _write(chance, fiction, chance.choices(targets, (1 - MALFUNCTIONS, MALFUNCTIONS))[0], script, moment)
        for moment in moments
        for fiction, targets in chance.choices(list(zip(script.procedures, places, strict=True)))
    )
    created = 0
    for batch in _batches(writes):
        directory = (await storage.intake.target(places[0][0].placement.key) or (None, 0))[1]
        outcomes = await storage.intake.commit([msgspec.structs.replace(write, directory=directory) for write in batch])
        created += sum(outcome == "created" for outcome in outcomes)
    today = date_of(now)
    for target, *_ in places:
        given = volumes(target.procedure.slug, today, days, seed)
        await storage.operations.bring(target.procedure, given, now=now, by=COMMAND)
    quarter = last_over(today)
    for fiction, (target, *_) in zip(script.procedures, places, strict=True):
        await _declare(storage, target.procedure, fiction, quarter, now)
    if await storage.editions.of_quarter(quarter.name) is None:
        await make(storage, quarter, settings, now=now, by=COMMAND)
    slugs = [fiction.slug for fiction in script.procedures]
    return Demo(slugs, created, ADMINISTRATOR, password, quarter.name)


async def _declare(storage: Storage, procedure: Procedure, fiction: _Fiction, quarter: Quarter, now: datetime) -> None:
    """What its script declares, a month before the quarter was over; once, so that a later run changes nothing."""
    day = (quarter.last - timedelta(days=30)).isoformat()
    if await storage.criteria.of(procedure):
        return
    said = {
        name: Statement("not_applicable", None, None, day)
        if value == "not_applicable"
        else Statement("declared", value, f"https://{fiction.slug}.exemple.fr/{name}", day)
        for name, value in fiction.criteria.items()
    }
    await storage.criteria.declare(procedure, said, now=now, by=COMMAND)


async def _places(storage: Storage, fiction: _Fiction, now: datetime) -> list[Target]:
    """The satisfaction and the malfunction placement of a fiction, made if missing."""
    procedure: Procedure | None = await storage.catalogue.procedure(fiction.slug)
    if procedure is None:
        procedure, _ = await storage.catalogue.add_procedure(
            title=fiction.title,
            slug=fiction.slug,
            organisation=fiction.organisation,
            ministry=fiction.ministry,
            audiences=fiction.audiences,
            origins=[],
            now=now,
            demo=True,
        )
        await storage.catalogue.add_placement(
            procedure, channel="web", form="malfunction", label="Pied de page", now=now, contact=True
        )
    placements: list[Placement] = await storage.catalogue.placements(procedure)
    return [Target(procedure, placement) for placement in placements[:2]]


def _write(chance: random.Random, fiction: _Fiction, target: Target, script: _Script, moment: datetime) -> Write:
    answers: Answers
    if target.placement.form == "satisfaction":
        answers = _opinion(chance, fiction, script)
    else:
        kind = chance.choice(("technical", "technical", "situation", "suggestion"))
        answers = MalfunctionAnswers(
            kind=kind,  # type: ignore[arg-type]  # one of the three
            verbatim=chance.choice(script.malfunctions[kind]),
            device=chance.choice(("phone", "phone", "computer", "tablet")),
            browser=chance.choice(("chrome", "firefox", "safari", "edge")),
        )
    return Write(
        anonymise(
            UUID(int=chance.getrandbits(128), version=4),
            target,
            chance.choices(("fr", "en"), (95, 5))[0],
            f"/{fiction.slug}/{chance.choice(('confirmation', 'paiement', 'pieces'))}",
            answers,
            moment,
        ),
        directory=0,
    )


def _opinion(chance: random.Random, fiction: _Fiction, script: _Script) -> SatisfactionAnswers:
    """Many stop after the first answer; the unhappy write more, and reach the administration less."""
    level = chance.choices(range(3), fiction.mood)[0]
    answers = SatisfactionAnswers(satisfaction=MOODS[level])  # type: ignore[arg-type]  # one of the three
    if chance.random() < 0.3:
        return answers
    answers.comprehension = min(5, max(1, round(chance.gauss(2.2 + level, 0.9))))
    if chance.random() < 0.8:
        answers.contact_tried = _tried(chance, level)
        desks: list[Desk] = [desk for desk in DESKS if desk in answers.contact_tried]
        answers.contact_reached = {desk: chance.random() < 0.45 + 0.2 * level for desk in desks} or None
        answers.contact_satisfaction = {
            desk: min(5, max(1, round(chance.gauss(2.5 + 0.8 * level, 1))))
            for desk, reached in (answers.contact_reached or {}).items()
            if reached
        } or None
    if chance.random() < 0.65 - 0.12 * level:
        answers.verbatim = chance.choice(script.comments[MOODS[level]])
    return answers


def _tried(chance: random.Random, level: int) -> list[Means]:
    if chance.random() < 0.35 + 0.2 * level:
        return ["none"]
    means: list[Any] = [each for each in MEANS if each not in {"none", "other"}]
    return sorted(chance.sample(means, k=chance.choice((1, 1, 2))))


def _moment(chance: random.Random, now: datetime, days: int) -> datetime:
    """Mostly office hours and evenings, fewer at weekends, as on real procedures."""
    while True:
        moment = now - timedelta(days=chance.random() * days, seconds=60)
        if chance.random() < (0.35 if moment.weekday() >= 5 else 1) * (0.1 if moment.hour < 6 else 1):
            return moment


def _batches(writes: Iterator[Write]) -> Iterator[list[Write]]:
    batch: list[Write] = []
    for write in writes:
        batch.append(write)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch

"""Counts kept outside the database, and what a submission is charged for."""

from datetime import UTC, datetime
from pathlib import Path

from collector.limits import Limits, MemoryCounter
from collector.schema import Placement, Procedure, Target
from collector.settings import load
from collector.storage.batch import Charge
from collector.windows import Used
from tests.conftest import NOON, MovableClock

NOW = int(NOON.timestamp())
TWO_PER_MINUTE = Charge("alice", 2, 60, "Trop d'avis.", "visitor")


def charge(name: str) -> Charge:
    return Charge(name, 2, 60, "Trop d'avis.", "visitor")


def target(slug: str = "passeport") -> Target:
    made = datetime(2026, 1, 1, tzinfo=UTC)
    return Target(
        Procedure(
            id=1,
            slug=slug,
            title=slug,
            organisation_id=1,
            organisation="Mairie d'Exemple",
            ministry="Intérieur",
            audiences=(),
            origins=(),
            state="open",
            created_at=made,
        ),
        Placement(
            id=1,
            procedure_id=1,
            key="key",
            channel="web",
            form="satisfaction",
            label="",
            contact=False,
            created_at=made,
            closed_at=None,
        ),
    )


async def test_a_window_counts_until_it_ends() -> None:
    clock = MovableClock()
    counter = MemoryCounter(clock)
    assert [await counter.spend(TWO_PER_MINUTE) for _ in range(3)] == [Used(n, NOW + 60) for n in (1, 2, 3)]
    clock.move(seconds=59)
    assert await counter.spend(TWO_PER_MINUTE) == Used(4, NOW + 60)
    clock.move(seconds=1)
    assert await counter.spend(TWO_PER_MINUTE) == Used(1, NOW + 120)


async def test_what_is_given_back_can_be_spent_again_and_never_twice() -> None:
    counter = MemoryCounter(MovableClock())
    await counter.give_back(TWO_PER_MINUTE)
    assert (await counter.spend(TWO_PER_MINUTE)).used == 1
    await counter.give_back(TWO_PER_MINUTE)
    await counter.give_back(TWO_PER_MINUTE)
    assert (await counter.spend(TWO_PER_MINUTE)).used == 1


async def test_a_million_addresses_take_no_more_memory_than_the_bound() -> None:
    counter = MemoryCounter(MovableClock(), most=100)
    for n in range(1_000):
        await counter.spend(charge(f"{n}"))
    assert len(counter._uses) == 100
    # The oldest windows went first.
    assert (await counter.spend(charge("999"))).used == 2
    assert (await counter.spend(charge("0"))).used == 1


async def test_each_limit_is_charged_under_a_name_of_its_own(tmp_path: Path) -> None:
    settings = load(
        {
            "AVIS_DATA": str(tmp_path),
            "AVIS_LIMIT_VISITOR_PROCEDURE": "2/minute;5/hour",
            "AVIS_LIMIT_VISITOR": "3/minute",
            "AVIS_LIMIT_PROCEDURE": "9/minute",
        }
    )
    limits = Limits(settings, MovableClock())
    charges = (await limits.weigh(target(), "alice")).charges
    assert [(each.amount, each.seconds) for each in charges] == [(2, 60), (5, 3600), (3, 60), (9, 60)]
    names = [each.name for each in charges]
    assert len(set(names)) == 4
    assert all("alice" not in name and "passeport" not in name for name in names)

    elsewhere = [each.name for each in (await limits.weigh(target("permis"), "alice")).charges]
    bruno = [each.name for each in (await limits.weigh(target(), "bruno")).charges]
    # Alice on another procedure shares her own limit with herself, Bruno here only that of the procedure.
    assert [one == other for one, other in zip(names, elsewhere, strict=True)] == [False, False, True, False]
    assert [one == other for one, other in zip(names, bruno, strict=True)] == [False, False, False, True]


async def test_a_limit_that_is_off_costs_nothing(tmp_path: Path) -> None:
    off = {f"AVIS_LIMIT_{name}": "off" for name in ("VISITOR_PROCEDURE", "VISITOR", "PROCEDURE")}
    limits = Limits(load({"AVIS_DATA": str(tmp_path), **off}), MovableClock())
    assert (await limits.weigh(target(), "alice")).charges == ()


async def test_the_first_limit_that_is_full_refuses_and_the_others_are_not_charged(tmp_path: Path) -> None:
    settings = load(
        {
            "AVIS_DATA": str(tmp_path),
            "AVIS_LIMITS_STORAGE": "memory://",
            "AVIS_LIMIT_VISITOR_PROCEDURE": "9/minute",
            "AVIS_LIMIT_VISITOR": "2/minute",
            "AVIS_LIMIT_PROCEDURE": "3/minute",
        }
    )
    clock = MovableClock()
    limits = Limits(settings, clock)
    for _ in range(2):
        assert (await limits.weigh(target(), "alice")).refusal is None
    clock.move(seconds=20)
    for _ in range(5):
        refused = (await limits.weigh(target(), "alice")).refusal
        assert refused is not None
        assert refused.retry_after == 40
        assert "connexion" in refused.message
    assert (await limits.weigh(target(), "bruno")).refusal is None
    refused = (await limits.weigh(target(), "bruno")).refusal
    assert refused is not None
    assert "Cette démarche" in refused.message
    # Counted outside: the write transaction charges nothing.
    assert limits.in_database(await limits.weigh(target("permis"), "bruno")) == ()

"""What a process remembers of connections and texts: bounded, for a while, and trust is hard to push out."""

from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from collector.schema import Review
from collector.settings import load
from collector.storage import Storage
from collector.storage.batch import Plan, Write, plan
from collector.storage.memory import Memory
from collector.suspicion import CALM, TEN_MINUTES, Watch
from collector.windows import Used, counted
from tests.conftest import NOON, environment

NOW = int(NOON.timestamp())


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """Of a database that it never needs here."""
    storage = Storage(load(environment(tmp_path)))
    return Memory(storage.engine, storage.amendments, most=100)


def write(name: str, source: str, **more: Any) -> Write:
    review = Review(
        capability=name,
        public_id=name,
        procedure_id=1,
        placement_id=1,
        form="satisfaction",
        form_version=1,
        lang="fr",
        minute=NOW // 60,
        day="2026-03-12",
        satisfaction="bad",
    )
    return Write(review, 0, watch=Watch("passeport", source, usual=20, **more))


def send(memory: Memory, *writes: Write, now: int = NOW, known: dict[str, Used] | None = None) -> Plan:
    decided = plan(writes, 0, {}, memory.recall(writes, now).uses | (known or {}), now)
    memory.note(writes, decided, now)
    return decided


def trust(memory: Memory, source: str, now: int) -> int:
    asked = write("asked", source)
    assert asked.watch
    return counted(memory.recall([asked], now).uses, asked.watch.trust, now)


def burst(now: int) -> dict[str, Used]:
    return {"burst/passeport": Used(1, now + CALM)}


def test_a_connection_earns_trust_after_ten_minutes(memory: Memory) -> None:
    send(memory, write("one", "mairie"), write("two", "mairie"))
    assert trust(memory, "mairie", NOW + TEN_MINUTES - 1) == 0
    assert trust(memory, "mairie", NOW + TEN_MINUTES) == 2
    assert trust(memory, "mairie", NOW + 86_400) == 0, "tomorrow it has another name anyway"


def test_completing_a_review_earns_nothing_more(memory: Memory) -> None:
    send(memory, write("one", "mairie"), write("one", "mairie", text="a"), write("one", "mairie", text="b"))
    assert trust(memory, "mairie", NOW + TEN_MINUTES) == 1


def test_what_waits_and_what_counts_in_a_burst_earn_nothing(memory: Memory) -> None:
    send(memory, write("trapped", "robot", trapped=True))
    send(memory, *[write(f"{n}", "mairie") for n in range(4)])
    later = NOW + TEN_MINUTES
    decided = send(memory, write("stranger", "robot"), write("known", "mairie"), now=later, known=burst(later))
    assert [each.review.aside for each in decided.inserts] == ["suspect", None]
    send(memory, write("known too", "mairie"), now=later + 1, known=burst(later))
    assert trust(memory, "robot", later + TEN_MINUTES) == 0
    assert trust(memory, "mairie", later + 1 + TEN_MINUTES) == 4


def test_a_flood_of_strangers_and_texts_takes_no_more_than_its_place_and_no_trust(memory: Memory) -> None:
    send(memory, write("one", "mairie"))
    later = NOW + TEN_MINUTES
    for n in range(500):
        send(memory, write(f"{n}", f"robot-{n}", text=f"text-{n}"), now=later, known=burst(later))
    assert trust(memory, "mairie", later) == 1
    assert "text-0" not in memory.recall([write("again", "robot-0", text="text-0")], later).names, "long forgotten"
    assert "text-499" in memory.recall([write("again", "robot-499", text="text-499")], later).names


def test_a_text_of_the_last_hour_is_new_again(memory: Memory) -> None:
    send(memory, write("one", "mairie", text="the same"))
    again = [write("two", "mairie", text="the same")]
    end = (NOW // 3600 + 1) * 3600
    assert "the same" in memory.recall(again, end - 1).names
    assert "the same" not in memory.recall(again, end).names
    send(memory, write("three", "mairie", text="another"), now=end)
    assert "the same" not in memory.recall(again, end).names


def test_what_has_no_place_any_more_earns_its_trust_early(memory: Memory) -> None:
    for n in range(130):
        send(memory, write(f"{n}", "mairie"))
    assert trust(memory, "mairie", NOW) == 30


def test_what_a_known_connection_did_in_haste_is_remembered_for_an_hour(memory: Memory) -> None:
    send(memory, *[write(f"{n}", "mairie") for n in range(10)])
    later = NOW + TEN_MINUTES
    hasty = {"hasty/passeport": Used(1, later + 3600)}
    for n, aside in enumerate((None, "suspect")):
        first, then = write(f"late-{n}", "mairie"), write(f"late-{n}", "mairie")
        done = structs.replace(then, review=structs.replace(then.review, comprehension=2))
        (stored,) = send(memory, first, done, now=later, known=hasty).inserts
        assert stored.review.aside == aside

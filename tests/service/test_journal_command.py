"""`avis journal`: read it, and show that nobody has touched it."""

import asyncio
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from collector.commands.journal import BrokenJournal
from collector.settings import load
from tests.conftest import NOON, MovableClock, opened
from tests.service.test_commands import ADD, Commands


@pytest.fixture
def run(environ: dict[str, str]) -> Commands:
    return Commands(environ)


def test_commands_are_in_the_journal_and_it_is_read_newest_first(run: Commands) -> None:
    assert run("journal") == "Aucune ligne.\n"
    run(*ADD)
    run("user", "add", "claude@exemple.fr", "--role", "administrator")
    run("user", "reset", "claude@exemple.fr")
    run("user", "disable", "claude@exemple.fr")
    run("link", "create", "--all", "--content", "reviews", "--format", "csv")
    run("procedure", "close", "passeport")
    lines = run.json("journal")
    assert [line["act"] for line in lines] == [
        "procedure.state",
        "link.create",
        "user.disable",
        "user.password",
        "user.create",
        "procedure.create",
    ]
    assert {line["actor"] for line in lines} == {"command"}
    assert [line["number"] for line in run.json("journal", "--number", "2")] == [6, 5]
    assert len(run.json("journal", "--act", "user.create")) == 1
    assert run.json("journal", "--actor", "bruno@exemple.fr") == []
    assert run.json("journal", "--to", "2020-01-01") == []
    assert len(run.json("journal", "--from", "2020-01-01", "--to", "2999-01-01")) == 6
    assert "procedure.state" in run("journal", "--number", "1")


def test_a_journal_that_was_touched_is_told_by_the_exit_code(environ: dict[str, str], run: Commands) -> None:
    run(*ADD)
    run("procedure", "close", "passeport")
    (verdict,) = run.json("journal", "--verify")
    assert (verdict["lines"], verdict["broken"]) == (2, None)
    assert verdict["head"] in run("journal", "--verify")
    if environ["AVIS_DATABASE"]:
        assert verdict["head"] == run.json("journal")[0]["digest"]
        return
    with sqlite3.connect(Path(environ["AVIS_DATA"]) / "avis.db") as database:
        database.execute("UPDATE journal SET actor = 'somebody else' WHERE number = 2")
    output = run("journal", "--verify", "--json", code=1)
    assert '"broken":2' in output


def test_a_seal_that_is_not_ours_is_told_until_somebody_seals_anew(environ: dict[str, str], run: Commands) -> None:
    run(*ADD)
    other = Commands({**environ, "AVIS_SECRET_KEYS": "another-key-of-the-tests-and-nothing-else"})
    with pytest.raises(BrokenJournal, match="scellée par aucune de vos clés"):
        other("journal", "--verify")
    assert '"sealed":false' in other("journal", "--verify", "--json", code=1)
    assert "toutes intactes" in other("journal", "--seal")
    with pytest.raises(BrokenJournal, match="avis journal --seal"):
        run("journal", "--verify")
    assert [line["act"] for line in other.json("journal")] == ["journal.seal", "procedure.create"]


async def _mask_by_hand(environ: dict[str, str]) -> None:
    settings, clock = load(environ), MovableClock()
    async with opened(settings, clock) as storage:
        for minutes, kind in ((0, "NAME"), (60 * 12, "PHONE")):
            clock.now = NOON + timedelta(minutes=minutes)
            async with storage.engine.write() as connection:
                await storage.journal.append(
                    connection,
                    by="bruno@exemple.fr",
                    act="review.mask",
                    subject="passeport/3f2a",
                    details={"field": "verbatim", "kind": kind, "length": 11},
                )


def test_what_was_masked_by_hand_is_reported_without_its_words(environ: dict[str, str], run: Commands) -> None:
    assert run("masked-report") == "Rien n'a été masqué à la main.\n"
    run(*ADD)
    asyncio.run(_mask_by_hand(environ))
    report = [
        {"procedure": "passeport", "day": "2026-03-12", "field": "verbatim", "kind": "NAME", "length": 11},
        {"procedure": "passeport", "day": "2026-03-13", "field": "verbatim", "kind": "PHONE", "length": 11},
    ]
    assert run.json("masked-report") == report
    assert run.json("masked-report", "--from", "2026-03-13") == report[1:]
    assert run.json("masked-report", "--to", "2026-03-12") == report[:1]
    assert "NAME" in run("masked-report")

"""`avis journal`: read it, and show that nobody has touched it."""

import sqlite3
from pathlib import Path

import pytest

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

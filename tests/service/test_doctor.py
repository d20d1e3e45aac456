"""`avis doctor` on a real database, well and ill."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from collector.settings import load
from collector.storage.migrate import known
from tests.conftest import environment
from tests.service.test_backup import execute
from tests.service.test_commands import ADD, Commands
from tests.services import free_port, mail_server

CODES = {"ok": 0, "warning": 1, "error": 2}


def look(environ: dict[str, str]) -> dict[str, dict[str, Any]]:
    """The findings by their code; the exit code is that of the worst one."""
    import json

    from click.testing import CliRunner

    from collector.cli import avis

    done = CliRunner().invoke(avis, ["doctor", "--json"], env=Commands(environ)._environ, catch_exceptions=False)
    found = {each["code"]: each for each in map(json.loads, done.stdout.splitlines())}
    assert done.exit_code == max(CODES[each["severity"]] for each in found.values())
    return found


def wrong(environ: dict[str, str]) -> set[str]:
    return {code for code, each in look(environ).items() if each["severity"] != "ok"}


# What is so in every test: the servers' role is a superuser, the widget of a checkout need not be a published one, and
# the machine may have a server without its programs.
HERE = {"privacy-contact-missing", "role-superuser", "widget-unreleased", "backup-program-missing"}


@pytest.fixture
def run(environ: dict[str, str]) -> Commands:
    run = Commands(environ)
    run("demo", "--reviews", "200", "--days", "20")
    return run


def test_a_service_that_is_well_has_nothing_to_do(run: Commands, environ: dict[str, str]) -> None:
    assert wrong(environ) <= HERE
    found = look(environ)
    assert {"settings", "widget", "schema", "dates", "figures", "retention-run", "journal"} <= found.keys()
    assert ({"server", "rights"} if environ["AVIS_DATABASE"] else {"database-whole", "disk"}) <= found.keys()
    assert "durable" in found
    assert not environ["AVIS_DATABASE"] or found.keys() & {"backup-program", "backup-program-missing"}


def test_people_read_a_remedy_under_each_finding(run: Commands, environ: dict[str, str]) -> None:
    said = run("doctor", code=1)
    assert "privacy-contact-missing" in said
    assert "→ Réglez AVIS_PRIVACY_CONTACT" in said


def test_figures_that_are_not_a_recount_are_found(run: Commands, environ: dict[str, str]) -> None:
    execute(environ, "UPDATE day_count SET reviews = reviews + 1 WHERE day = (SELECT MAX(day) FROM day_count)")
    assert "figures-differ" in wrong(environ)


def test_a_review_that_was_lost_from_the_table_is_found(run: Commands, environ: dict[str, str]) -> None:
    execute(environ, "DELETE FROM review WHERE seq = (SELECT MAX(seq) FROM review WHERE aside IS NULL)")
    assert "figures-differ" in wrong(environ)


def test_a_review_from_the_future_is_found(run: Commands, environ: dict[str, str]) -> None:
    execute(environ, "UPDATE review SET minute = 99999999 WHERE seq = (SELECT MAX(seq) FROM review)")
    assert "stored-in-future" in wrong(environ)


def test_a_purge_that_no_longer_runs_is_found(run: Commands, environ: dict[str, str]) -> None:
    execute(environ, "INSERT INTO purge (day, change) VALUES ('2026-01-02', 1)")
    assert "retention-late" in wrong(environ)
    run("purge")
    assert "retention-late" not in wrong(environ)


def test_a_journal_that_none_of_our_keys_sealed_is_found(run: Commands, environ: dict[str, str]) -> None:
    run(*ADD)
    execute(environ, "UPDATE journal_head SET seal = 'x'")
    assert "journal-unsealed" in wrong(environ)


def test_a_journal_that_was_touched_is_found(run: Commands, environ: dict[str, str]) -> None:
    run("procedure", "add", "--title", "T", "--slug", "t")
    execute(environ, "UPDATE journal SET actor = 'nobody' WHERE number = 1")
    assert "journal-broken" in wrong(environ)


def test_a_database_that_does_not_answer_is_found_and_hides_nothing_before_it(tmp_path: Path) -> None:
    found = wrong({**environment(tmp_path, f"postgresql://127.0.0.1:{free_port()}/avis"), "AVIS_TYPO": "x"})
    assert {"storage-unavailable", "setting-unknown"} <= found


def test_a_schema_that_is_behind_is_found(environ: dict[str, str], run: Commands) -> None:
    last = known("sqlite")[-1].name
    (row,) = execute(environ, f"SELECT digest FROM migration WHERE name = '{last}'")  # noqa: S608 - a name of ours
    execute(environ, f"DELETE FROM migration WHERE name = '{last}'")  # noqa: S608 - a name of ours
    try:
        found = look(environ)["schema-outdated"]
        assert found["severity"] == ("error" if environ["AVIS_DATABASE"] else "warning")
        assert last in found["what"]
    finally:
        execute(environ, f"INSERT INTO migration (name, digest, at) VALUES ('{last}', '{row[0]}', 'now')")  # noqa: S608 - as above


def test_a_move_that_was_not_ended_is_found(clean_postgres: str, tmp_path: Path) -> None:
    environ = environment(tmp_path, clean_postgres)
    execute(environ, "CREATE TABLE moving (name TEXT PRIMARY KEY)")
    try:
        assert "move-unfinished" in wrong(environ)
    finally:
        execute(environ, "DROP TABLE moving")


def test_a_role_without_its_rights_is_found(clean_postgres: str, tmp_path: Path) -> None:
    environ = environment(tmp_path, clean_postgres)
    Commands(environ)(*ADD)
    execute(environ, "CREATE ROLE timid LOGIN", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO timid")
    try:
        found = look({**environ, "AVIS_DATABASE": clean_postgres.replace("avis@", "timid@")})
    finally:
        execute(environ, "DROP OWNED BY timid", "DROP ROLE timid")
    assert "DELETE" in found["rights-missing"]["what"]
    assert "role-superuser" not in found


def test_a_damaged_file_is_found(tmp_path: Path) -> None:
    environ = environment(tmp_path / "data")
    Commands(environ)("demo", "--reviews", "2000", "--days", "40")
    path = load(environ).sqlite_path
    assert path
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = file.execute("SELECT rootpage FROM sqlite_master WHERE name = 'account_procedure'").fetchone()
        (size,) = file.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as raw:
        raw.seek((root - 1) * size)
        raw.write(b"\xff" * size)
    assert "database-damaged" in wrong(environ)


def test_limits_that_cannot_be_counted_where_they_should_are_found(tmp_path: Path) -> None:
    environ = environment(tmp_path / "data")
    Commands(environ)("migrate")
    assert "limits-storage-away" in wrong({**environ, "AVIS_LIMITS_STORAGE": f"redis://127.0.0.1:{free_port()}"})


def test_limits_in_redis_are_found_well(tmp_path: Path, redis: str) -> None:
    environ = environment(tmp_path / "data")
    Commands(environ)("migrate")
    assert look({**environ, "AVIS_LIMITS_STORAGE": redis})["limits-storage"]["severity"] == "ok"


def test_a_mail_server_that_is_away_is_found_and_one_that_answers_is_well(tmp_path: Path) -> None:
    environ = {**environment(tmp_path / "data"), "AVIS_MAIL_FROM": "avis@exemple.fr"}
    Commands(environ)("migrate")
    assert not {"mail", "mail-away"} & look(environment(tmp_path / "data")).keys()
    assert "mail-away" in wrong({**environ, "AVIS_MAIL_SERVER": f"smtp+plain://127.0.0.1:{free_port()}"})
    with mail_server() as server:
        found = look({**environ, "AVIS_MAIL_SERVER": f"smtp+plain://127.0.0.1:{server.port}"})
        assert found["mail"]["severity"] == "ok"
        assert server.letters() == []

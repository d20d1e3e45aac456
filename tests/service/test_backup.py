"""`avis backup`: one file that holds everything but what must not outlive its hour, believed only after a recount."""

import json
import sqlite3
import subprocess
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from collector.housing import postgres
from collector.housing.errors import InUse, ProgramMissing
from collector.housing.passing import WORDS
from tests.conftest import environment
from tests.service.test_commands import ADD, Commands

TODAY_ONLY = {"alert", "delivery", "lease", "letter", "limit_count", "password_link", "session", "visitor_salt"} | {
    "import_draft"
}


_FIRST = "FROM review WHERE seq IN (SELECT MIN(seq) FROM review)"
REMARKS = (
    "INSERT INTO tag SELECT id, 'délai' FROM procedure",
    f"INSERT INTO review_tag SELECT procedure_id, 'délai', day, seq {_FIRST}",
    (
        "INSERT INTO note (procedure_id, seq, words, created_by, created_at) "
        f"SELECT procedure_id, seq, 'Appelée mardi', 'bruno', '2026-03-12T11:00:00Z' {_FIRST}"
    ),
    (
        "INSERT INTO saved_view (procedure_id, account_id, name, query) "
        "SELECT MIN(procedure.id), MIN(account.id), 'Retards', 'q=retard' FROM procedure, account"
    ),
)
"""What colleagues say about the first review."""


@pytest.fixture
def run(environ: dict[str, str]) -> Commands:
    """Commands on a database with some hundred reviews, an owner's session and a visitor's limit."""
    run = Commands(environ)
    run("demo", "--reviews", "300", "--days", "40")
    execute(
        environ,
        *REMARKS,
        "INSERT INTO session (digest, account_id, created_at, expires_at)"
        " SELECT 'bruno-is-here', id, '2026-03-12', '2026-03-13' FROM account",
        "INSERT INTO password_link (account_id, digest, expires_at)"
        " SELECT id, 'bruno-forgot', '2026-03-15' FROM account",
        "INSERT INTO import_draft (account_id, kind, content, made_at)"
        " SELECT id, 'demarches', 'olga-tries', '2026-03-12' FROM account",
        "INSERT INTO second_factor (account_id, secret, last_step, since)"
        " SELECT id, SEALED, 1, '2026-03-12' FROM account".replace("SEALED", blob(environ, b"sealed-factor")),
        "INSERT INTO recovery_code (account_id, digest) SELECT id, 'bruno-recovers' FROM account",
        "INSERT INTO limit_count (name, used, expires) VALUES ('alice-today', 3, 99)",
        "INSERT INTO visitor_salt (day, salt) VALUES ('2026-03-12', SALT)".replace(
            "SALT", blob(environ, b"salt-of-today")
        ),
        "INSERT INTO contact SELECT procedure_id, 'its-report', SEALED, '2026-05-01' FROM placement LIMIT 1".replace(
            "SEALED", blob(environ, b"sealed")
        ),
    )
    return run


def blob(environ: dict[str, str], value: bytes) -> str:
    return f"'\\x{value.hex()}'" if environ["AVIS_DATABASE"] else f"x'{value.hex()}'"


def execute(environ: dict[str, str], *statements: str) -> list[Any]:
    """Run statements; the rows that they give."""
    if url := environ["AVIS_DATABASE"]:
        with psycopg.connect(url) as server:
            done = [server.execute(statement.encode()) for statement in statements]
            return [row for cursor in done if cursor.description for row in cursor.fetchall()]
    with closing(sqlite3.connect(Path(environ["AVIS_DATA"], "avis.db"))) as file, file:
        return [row for statement in statements for row in file.execute(statement).fetchall()]


def rows(environ: dict[str, str], table: str) -> int:
    number: int = execute(environ, f"SELECT COUNT(*) FROM {table}")[0][0]  # noqa: S608 - a table of ours
    return number


def test_a_backup_says_what_it_holds_and_was_restored_before_it_got_its_name(
    run: Commands, environ: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "copy.avis"
    (said,) = run.json("backup", str(file))
    assert said["verified"] == "restored"
    assert said["engine"] == ("postgres" if environ["AVIS_DATABASE"] else "sqlite")
    assert {name: each["rows"] for name, each in said["tables"].items()} == {
        table: rows(environ, table) for table in said["tables"]
    }
    assert said["tables"]["review"]["rows"] == 300
    assert said["tables"]["contact"]["rows"] == 1
    # Left out, it would let whoever has the password in once the backup is restored.
    assert said["tables"]["second_factor"]["rows"] == 1
    assert said["tables"]["recovery_code"]["rows"] == 1
    assert said["tables"]["note"]["rows"] == said["tables"]["review_tag"]["rows"] == 1
    assert said["tables"]["saved_view"]["rows"] == 1
    assert said["recount"] == {"reviews": 300, "groups": said["recount"]["groups"], "differing": 0}
    assert said["recount"]["groups"] > 10
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name != "data"] == ["copy.avis"], "nothing is left over"
    (again,) = run.json("backup", "--check", str(file))
    assert again == said
    with tarfile.open(file) as tar:
        assert tar.getnames() == ["manifest.json", said["data"]["name"]]


def test_people_read_the_counts_and_what_to_do_with_the_key_and_the_file(
    run: Commands, environ: dict[str, str], tmp_path: Path
) -> None:
    said = run("backup", str(tmp_path / "copy.avis"))
    assert "review                        300" in said
    assert "tous identiques" in said
    assert "AVIS_SECRET_KEYS" in said
    assert "30 jours" in said


def test_what_must_not_outlive_its_hour_is_in_no_backup(run: Commands, environ: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "copy.avis"
    (said,) = run.json("backup", str(file))
    assert TODAY_ONLY.isdisjoint(said["tables"])
    assert said["left_out"] == sorted(TODAY_ONLY | WORDS)
    whole = content(file)
    for secret in (
        b"bruno-is-here",
        b"bruno-forgot",
        b"olga-tries",
        b"alice-today",
        b"salt-of-today",
        environ["AVIS_SECRET_KEYS"].encode(),
    ):
        assert secret not in whole
        assert secret.hex().encode() not in whole
    assert rows(environ, "session") == 1, "the live database keeps it"


def content(file: Path) -> bytes:
    """All that is in a backup, compressed or not."""
    with tarfile.open(file) as tar:
        tar.extractall(file.parent / "opened", filter="data")
    dumped = file.parent / "opened" / "avis.dump"
    if dumped.exists():
        plain = dumped.with_suffix(".sql")
        subprocess.run([postgres.program("pg_restore", 1), f"--file={plain}", dumped], check=True)
        return file.read_bytes() + plain.read_bytes()
    return file.read_bytes()


def test_a_file_is_never_replaced_unasked(run: Commands, tmp_path: Path) -> None:
    file = tmp_path / "copy.avis"
    file.write_text("the only copy of last year")
    with pytest.raises(Exception, match="--force"):
        run("backup", str(file))
    assert file.read_text() == "the only copy of last year"
    run("backup", str(file), "--force")
    run("backup", str(file), "--check")


def test_a_backup_that_fails_leaves_the_one_before_as_it_was(
    run: Commands, environ: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "copy.avis"
    run("backup", str(file))
    before = file.read_bytes()
    broken = Commands({**environ, "AVIS_DATABASE": "postgresql://127.0.0.1:1/avis"})
    with pytest.raises(Exception, match="La base refuse"):
        broken("backup", str(file), "--force")
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name != "data"] == ["copy.avis"]


def test_a_damaged_database_gives_no_backup(tmp_path: Path) -> None:
    environ = environment(tmp_path / "data")
    run = Commands(environ)
    run("demo", "--reviews", "2000", "--days", "40")
    path = tmp_path / "data" / "avis.db"
    execute(environ, "PRAGMA wal_checkpoint(TRUNCATE)")
    # An index that says something else than its table: every page can be read, and yet reviews are missing from it.
    execute(
        environ,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, '(day)', '(lang)') WHERE name = 'review_by_day'",
    )
    assert path.exists()
    with pytest.raises(Exception, match="SQLite dit de"):
        run("backup", str(tmp_path / "copy.avis"))
    assert not (tmp_path / "copy.avis").exists()


@pytest.mark.parametrize("damage", ["a byte changed", "cut off", "not an archive", "a manifest that lies"])
def test_a_damaged_backup_is_told(run: Commands, tmp_path: Path, damage: str) -> None:
    file = tmp_path / "copy.avis"
    run("backup", str(file))
    whole = bytearray(file.read_bytes())
    if damage == "a byte changed":
        whole[len(whole) // 2] ^= 1
    elif damage == "cut off":
        whole = whole[: len(whole) // 3]
    elif damage == "not an archive":
        whole = bytearray(b"hello")
    else:
        rewritten = bytes(whole).replace(b'"rows": 300', b'"rows": 301')
        assert rewritten != whole
        whole = bytearray(rewritten)
    file.write_bytes(whole)
    with pytest.raises(Exception, match=r"review|sauvegarde|Prenez-en une autre"):
        run("backup", "--check", str(file))


def test_figures_that_are_not_a_recount_are_backed_up_and_told(
    run: Commands, environ: dict[str, str], tmp_path: Path
) -> None:
    execute(environ, "UPDATE day_count SET reviews = reviews + 1 WHERE day = (SELECT MAX(day) FROM day_count)")
    said = json.loads(run("backup", str(tmp_path / "copy.avis"), "--json", code=3))
    assert said["recount"]["differing"] > 0
    assert (tmp_path / "copy.avis").exists()


def test_a_month_that_is_not_the_sum_of_its_days_is_told(
    run: Commands, environ: dict[str, str], tmp_path: Path
) -> None:
    execute(
        environ, "UPDATE month_count SET verbatims = verbatims + 1 WHERE month = (SELECT MAX(month) FROM month_count)"
    )
    said = json.loads(run("backup", str(tmp_path / "copy.avis"), "--json", code=3))
    assert said["recount"]["differing"] > 0


def test_what_was_forgotten_stays_counted_and_is_no_difference(
    run: Commands, environ: dict[str, str], tmp_path: Path
) -> None:
    run("demo", "--reviews", "300", "--days", "1400", "--seed", "9")
    shorter = Commands({**environ, "AVIS_KEEP_REVIEWS": "10 months", "AVIS_KEEP_VERBATIMS": "2 months"})
    assert shorter.json("purge")[0]["reviews"] > 0
    (said,) = shorter.json("backup", str(tmp_path / "copy.avis"))
    assert said["recount"]["differing"] == 0


def test_a_postgres_role_that_may_create_no_database_still_gets_every_row_counted(
    clean_postgres: str, tmp_path: Path
) -> None:
    environ = environment(tmp_path / "data", clean_postgres)
    Commands(environ)("demo", "--reviews", "300", "--days", "40")
    execute(environ, "CREATE ROLE modest LOGIN", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO modest")
    execute(environ, "GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO modest")
    modest = Commands({**environ, "AVIS_DATABASE": clean_postgres.replace("avis@", "modest@")})
    try:
        (said,) = modest.json("backup", str(tmp_path / "copy.avis"))
    finally:
        execute(environ, "DROP OWNED BY modest", "DROP ROLE modest")
    assert said["verified"] == "read"
    assert said["tables"]["review"]["rows"] == 300
    assert not execute(environ, "SELECT 1 FROM pg_database WHERE datname LIKE 'avis_check_%'")


def test_what_a_killed_check_left_on_the_server_is_dropped_by_the_next(clean_postgres: str, tmp_path: Path) -> None:
    environ = environment(tmp_path / "data", clean_postgres)
    run, file = Commands(environ), tmp_path / "copy.avis"
    run(*ADD)
    with postgres.scratch(clean_postgres) as url:
        assert url
        left = url.rsplit("dbname=", 1)[1].split()[0]
        with pytest.raises(InUse, match="Attendez"):
            run("backup", str(file))
    with psycopg.connect(clean_postgres, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {left}".encode())
    run("backup", str(file))
    assert not execute(environ, "SELECT 1 FROM pg_database WHERE datname LIKE 'avis_check_%'")


def test_a_missing_or_too_old_pg_dump_names_the_package_to_install(tmp_path: Path) -> None:
    with pytest.raises(ProgramMissing, match=r"apt install postgresql-client-17"):
        postgres.program("pg_dump", 17, folder=tmp_path, path="/nowhere")
    for version in ("14", "16"):
        file = tmp_path / version / "bin" / "pg_dump"
        file.parent.mkdir(parents=True)
        file.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}.3'\n")
        file.chmod(0o755)
    with pytest.raises(ProgramMissing, match="la version 16 est trop ancienne"):
        postgres.program("pg_dump", 17, folder=tmp_path, path="/nowhere")
    assert postgres.program("pg_dump", 15, folder=tmp_path, path="/nowhere").parts[-3] == "16"
    assert postgres.program("pg_dump", 12, folder=tmp_path, path="/nowhere").parts[-3] == "14"


def test_the_password_is_in_no_argument_and_no_message() -> None:
    assert postgres.without_password("postgresql://avis:s3cret@db/avis") == "postgresql://avis:…@db/avis"
    assert postgres.without_password("postgresql://avis@db/avis") == "postgresql://avis@db/avis"

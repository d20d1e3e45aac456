"""The doctor's judgement, apart from what it looks at: each finding has its limits and its remedy."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest

from collector.doctor import data, examine, host, postgres, settings, sqlite
from collector.doctor.findings import Finding, worst
from collector.settings import load
from embed.assets import DIST, RELEASED, read
from tests.conftest import NOON, environment

FOLDER = Path("/srv/avis")
TODAY = date(2026, 3, 12)


def said(finding: Finding) -> tuple[str, str]:
    """Its code and severity; whatever is wrong has a remedy, and what is right needs none."""
    assert bool(finding.remedy) == (finding.severity != "ok")
    assert finding.what
    return finding.code, finding.severity


def every(findings: Iterable[Finding]) -> set[tuple[str, str]]:
    return {said(finding) for finding in findings}


def judged(tmp_path: Path, **changes: str) -> set[tuple[str, str]]:
    environ = {**environment(tmp_path / "data"), "AVIS_PRIVACY_CONTACT": "dpd@exemple.fr", **changes}
    return every(settings.judge(load(environ), environ, TODAY))


def test_good_settings_are_all_well(tmp_path: Path) -> None:
    assert {severity for _, severity in judged(tmp_path)} == {"ok"}


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"AVIS_BASE_URL": "http://avis.exemple.fr"}, ("base-url-not-https", "error")),
        ({"AVIS_BASE_URL": "http://127.0.0.1:8000"}, ("base-url-local", "warning")),
        ({"AVIS_SECRET_KEYS": "changeme" * 5}, ("secret-key-weak", "error")),
        ({"AVIS_SECRET_KEYS": "5f" * 16}, ("secret-key-weak", "error")),
        ({"AVIS_TRUSTED_PROXIES": ""}, ("proxies-missing", "warning")),
        ({"AVIS_TRUSTED_PROXIES": "0.0.0.0/0"}, ("proxies-everybody", "error")),
        ({"AVIS_KEEP_REVIEWS": "off"}, ("retention-off", "warning")),
        ({"AVIS_KEEP_VERBATIMS": "6 years"}, ("retention-contradiction", "warning")),
        (
            {f"AVIS_LIMIT_{name}": "off" for name in ("VISITOR", "VISITOR_PROCEDURE", "PROCEDURE")},
            ("limits-off", "warning"),
        ),
        (
            {"AVIS_LIMITS_STORAGE": "memory://", "AVIS_DATABASE": "postgresql://db/avis"},
            ("limits-of-one-process", "warning"),
        ),
        (
            {"AVIS_SECRET_KEYS": "", "AVIS_DATABASE": "postgresql://db/avis"},
            ("secret-key-of-one-machine", "warning"),
        ),
        ({"AVIS_PRIVACY_CONTACT": ""}, ("privacy-contact-missing", "warning")),
    ],
)
def test_a_setting_that_is_weak_or_contradicts_another_is_found(
    tmp_path: Path, change: dict[str, str], finding: tuple[str, str]
) -> None:
    assert finding in judged(tmp_path, **change)
    assert finding not in judged(tmp_path / "right")


def test_a_key_that_others_may_read_is_found(tmp_path: Path) -> None:
    assert ("secret-key-file", "ok") in judged(tmp_path, AVIS_SECRET_KEYS="")
    (tmp_path / "data" / "secret.key").chmod(0o640)
    assert ("secret-key-readable", "error") in judged(tmp_path, AVIS_SECRET_KEYS="")


def test_generated_keys_are_never_weak() -> None:
    import secrets

    assert not any(settings.is_weak(secrets.token_hex(16)) for _ in range(200))


def test_an_unknown_setting_hides_nothing_else_that_is_wrong(tmp_path: Path) -> None:
    environ = {**environment(tmp_path), "AVIS_DATABSE": "x", "AVIS_LIMT": "off"}
    found, findings = settings.read(environ)
    assert found
    assert [said(each) for each in findings] == [("setting-unknown", "error")] * 2
    assert "AVIS_DATABSE" in findings[0].what
    found, findings = settings.read({**environ, "AVIS_SMALL_NUMBER": "many"})
    assert (found, said(findings[-1])) == (None, ("setting-wrong", "error"))
    assert "AVIS_SMALL_NUMBER" in findings[-1].what


def test_a_key_that_was_made_just_now_is_told(tmp_path: Path) -> None:
    environ = {**environment(tmp_path), "AVIS_SECRET_KEYS": ""}
    assert every(settings.read(environ)[1]) == {("secret-key-new", "warning")}
    assert every(settings.read(environ)[1]) == {("settings", "ok")}


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        (host.space(int(50e9), int(1e9), FOLDER), ("disk", "ok")),
        (host.space(int(50e9), int(30e9), FOLDER), ("disk-low", "warning")),
        (host.space(int(0.5e9), 0, FOLDER), ("disk-low", "warning")),
        (host.space(int(0.1e9), 0, FOLDER), ("disk-full", "error")),
        (host.inodes(5000, 100_000, FOLDER), ("inodes", "ok")),
        (host.inodes(0, 0, FOLDER), ("inodes", "ok")),
        (host.inodes(10, 100_000, FOLDER), ("inodes-few", "error")),
        (host.clocks(NOON, NOON + timedelta(seconds=2)), ("clocks", "ok")),
        (host.clocks(NOON, NOON - timedelta(seconds=20)), ("clock-skew", "warning")),
        (host.clocks(NOON, NOON + timedelta(minutes=2)), ("clock-skew", "error")),
        (host.last_stored(NOON, None), ("dates", "ok")),
        (host.last_stored(NOON, NOON), ("dates", "ok")),
        (host.last_stored(NOON, NOON + timedelta(hours=1)), ("stored-in-future", "error")),
        (sqlite.write_ahead_log(int(16e6)), ("log", "ok")),
        (sqlite.write_ahead_log(int(900e6)), ("log-long", "warning")),
        (sqlite.durability("wal", 2), ("durable", "ok")),
        (sqlite.durability("wal", 1), ("not-durable", "error")),
        (sqlite.durability("delete", 2), ("not-durable", "error")),
        (postgres.version(15), ("server", "ok")),
        (postgres.version(12), ("server-old", "error")),
        (postgres.session("UTC"), ("session", "ok")),
        (postgres.session("Europe/Paris"), ("session-timezone", "error")),
        (data.forgotten("2026-03-11", None, NOON), ("retention-run", "ok")),
        (data.forgotten("2026-03-01", None, NOON), ("retention-late", "error")),
        (data.forgotten(None, NOON, NOON), ("retention-run", "ok")),
        (data.forgotten(None, None, NOON), ("retention-run", "ok")),
        (data.forgotten(None, datetime(2026, 3, 1, tzinfo=UTC), NOON), ("retention-late", "error")),
    ],
)
def test_each_measure_has_a_limit(finding: Finding, expected: tuple[str, str]) -> None:
    assert said(finding) == expected


QUIET = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "remote_apply",
    "server_encoding": "UTF8",
    "log_statement": "ddl",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length_on_error": "0",
}
"""A server that waits for its disk, writes every letter, and keeps to itself what people write."""


@pytest.mark.parametrize(
    ("setting", "value", "code", "severity"),
    [
        ("fsync", "off", "not-durable", "error"),
        ("full_page_writes", "off", "not-durable", "error"),
        ("synchronous_commit", "off", "not-durable", "error"),
        ("server_encoding", "LATIN1", "encoding", "error"),
        ("log_statement", "all", "statements-logged", "warning"),
        ("log_min_duration_statement", "0", "statements-logged", "warning"),
        ("log_parameter_max_length_on_error", "-1", "statements-logged", "warning"),
    ],
)
def test_a_setting_of_the_server_that_is_wrong_is_named(setting: str, value: str, code: str, severity: str) -> None:
    judged = [rule.judge({**QUIET, setting: value}) for rule in postgres.RULES]
    (wrong,) = [finding for finding in judged if finding.severity != "ok"]
    assert said(wrong) == (code, severity)
    assert f"{setting}={value}" in wrong.what


def test_a_server_that_is_well_set_has_nothing_to_do() -> None:
    assert every(rule.judge(QUIET) for rule in postgres.RULES) == {
        ("durable", "ok"),
        ("encoding", "ok"),
        ("discretion", "ok"),
    }


def test_a_missing_backup_program_is_found_before_the_first_backup(tmp_path: Path) -> None:
    missing = postgres.backup_program(16, tmp_path, f"{tmp_path}")
    assert said(missing) == ("backup-program-missing", "warning")
    assert "pg_dump 16 ou plus récent est nécessaire, et il n'est pas installé" in missing.what
    (tmp_path / "16" / "bin").mkdir(parents=True)
    program = tmp_path / "16" / "bin" / "pg_dump"
    program.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 16.4'\n")
    program.chmod(0o755)
    assert said(postgres.backup_program(16, tmp_path, f"{tmp_path}")) == ("backup-program", "ok")
    newer = postgres.backup_program(17, tmp_path, f"{tmp_path}")
    assert "la version 16 est trop ancienne" in newer.what


def test_a_database_on_a_network_disk_is_found_by_its_nearest_mount() -> None:
    mounts = "disk / ext4 rw 0 0\nnas:/avis /srv nfs4 rw 0 0\ndisk /srv/avis/local ext4 rw 0 0\n"
    assert said(host.file_system(Path("/srv/avis"), mounts)) == ("database-on-network", "error")
    assert said(host.file_system(Path("/srv/avis/local/data"), mounts)) == ("file-system", "ok")
    assert said(host.file_system(Path("/var/lib/avis"), mounts)) == ("file-system", "ok")


def test_a_folder_that_is_missing_or_open_to_all_is_found(tmp_path: Path) -> None:
    found = load(environment(tmp_path / "data"))
    assert every(host.judge(found)) == {("folder-missing", "error")}
    found.data.mkdir(mode=0o700)
    assert ("folder", "ok") in every(host.judge(found))
    found.data.chmod(0o755)
    assert ("folder-readable", "warning") in every(host.judge(found))


def test_widget_files_that_are_missing_changed_or_not_published_are_found(tmp_path: Path) -> None:
    built, released = tmp_path / "dist", tmp_path / "released"
    copytree(DIST, built)
    copytree(RELEASED, released)
    loader = read(built, released).loader_path.rsplit("/", 1)[1]
    (released / loader).write_bytes((built / "v1.js").read_bytes())
    assert every(examine.widget(built, released)) == {("widget", "ok")}
    (released / loader).unlink()
    assert every(examine.widget(built, released)) == {("widget", "ok"), ("widget-unreleased", "warning")}
    (released / loader).write_bytes(b"changed")
    assert every(examine.widget(built, released)) == {("widget-files", "error")}
    (released / loader).unlink()
    (built / "form.js").unlink()
    assert every(examine.widget(built, released)) == {("widget-files", "error")}


def test_the_exit_code_is_that_of_the_worst_finding() -> None:
    fine, odd, bad = (Finding("x", severity, "y") for severity in ("ok", "warning", "error"))
    assert [worst([]), worst([fine]), worst([fine, odd]), worst([bad, odd, fine])] == [0, 0, 1, 2]


def test_every_code_is_in_the_documentation() -> None:
    room = Path(settings.__file__).parent
    source = "\n".join(file.read_text() for file in room.glob("*.py"))
    codes = set(re.findall(r'(?:error|warning|told|warning\))\(\s*"([a-z-]+)"', source))
    assert {"clock-skew", "schema-outdated", "disk-full"} <= codes
    assert len(codes) > 25
    documented = (Path(settings.__file__).parents[2] / "docs" / "operators.md").read_text()
    assert {code for code in codes if f"`{code}`" not in documented} == set()

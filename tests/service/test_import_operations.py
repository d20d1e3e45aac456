"""`avis import-operations`: what it brings in, what it refuses, and what it says to people and to programs."""

from pathlib import Path

import pytest

from tests.service.test_commands import ADD, Commands

HEAD = "procedure;date;channel;started;completed;delay_days_median"


@pytest.fixture
def run(environ: dict[str, str]) -> Commands:
    run = Commands(environ)
    run("migrate")
    run(*ADD)
    return run


def file_of(tmp_path: Path, *rows: str) -> str:
    path = tmp_path / "volumes.csv"
    path.write_text("\n".join([HEAD, *rows]))
    return str(path)


def test_a_file_is_imported_by_the_command_and_again_without_change(run: Commands, tmp_path: Path) -> None:
    file = file_of(tmp_path, "passeport;2026-03-09;online;120;100;2,5", "passeport;09/03/2026;guichet;;10;")
    counts = {"added": 2, "changed": 0, "unchanged": 0, "refused": 0, "errors": []}
    assert run.json("import-operations", file, "--dry-run") == [{**counts, "stored": False}]
    assert run.json("import-operations", file) == [{**counts, "stored": True}]
    assert run.json("import-operations", file) == [{**counts, "added": 0, "unchanged": 2, "stored": True}]
    assert "0 ligne(s) ajoutée(s), 0 corrigée(s), 2 déjà là" in run("import-operations", file)
    (line,) = [one for one in run.json("journal") if one["act"] == "operations.import"]
    assert (line["actor"], line["subject"]) == ("command", "passeport")


def test_a_refused_row_keeps_everything_out_unless_partial(run: Commands, tmp_path: Path) -> None:
    file = file_of(tmp_path, "passeport;2026-03-09;online;120;100;2,5", "passeport;hier;online;1;1;1")
    said = run("import-operations", file, code=1)
    assert "ligne 3, date : « hier » n'est pas une date" in said
    assert "Rien n'est enregistré" in said
    assert "Rien n'est enregistré (essai)" in run("import-operations", file, "--dry-run", code=1)
    done = run("import-operations", file, "--partial", "--json", code=1)
    assert '"added":1' in done
    assert '"refused":1' in done
    assert '"row":3,"column":"date"' in done
    assert (
        run.json("import-operations", file_of(tmp_path, "passeport;2026-03-09;online;120;100;2,5"))[0]["unchanged"] == 1
    )


def test_a_file_without_a_procedure_column_takes_the_one_that_is_named(run: Commands, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("date,channel,completed\n2026-03-09,online,3\n")
    assert run.json("import-operations", str(path), "--procedure", "passeport")[0]["added"] == 1
    assert "Il manque la colonne « procedure »" in run("import-operations", str(path), code=1)

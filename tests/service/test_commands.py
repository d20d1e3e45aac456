"""The commands of an owner and of a job, from an empty machine to a pulled copy; `--json` is one object per line."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from click.testing import CliRunner

from collector.cli import avis
from collector.errors import AvisError
from collector.exports.pulling.errors import LinkRefused
from collector.storage.migrate import known
from tests.serving import AVIS, serving


class Commands:
    """Run commands in this process, with only the given settings."""

    def __init__(self, environ: dict[str, str]) -> None:
        # None removes what a developer's shell has set.
        foreign = {name: None for name in os.environ if name.startswith("AVIS_")}
        self._environ: dict[str, str | None] = {**foreign, **environ}

    def __call__(self, *arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(avis, arguments, env=self._environ, catch_exceptions=False)
        assert done.exit_code == code, done.output
        return done.output

    def json(self, *arguments: str) -> list[Any]:
        return [json.loads(line) for line in self(*arguments, "--json").splitlines()]


@pytest.fixture
def run(environ: dict[str, str]) -> Commands:
    return Commands(environ)


ADD = ("procedure", "add", "--title", "Demander un passeport", "--slug", "passeport", "--origin", "https://exemple.fr")


def test_from_an_empty_machine_to_a_pulled_copy(environ: dict[str, str], run: Commands, tmp_path: Path) -> None:
    every = [] if environ["AVIS_DATABASE"] else [step.name for step in known("sqlite")]
    assert run.json("migrate") == [{"migrations": every}]
    assert run.json("migrate") == [{"migrations": []}]
    assert run.json("procedure", "list") == []
    (added,) = run.json(*ADD)
    assert added["slug"] == "passeport"
    key = added["placements"][0]["key"]
    assert [each["slug"] for each in run.json("procedure", "list")] == ["passeport"]
    (link,) = run.json("link", "create", "--procedure", "passeport", "--content", "reviews", "--format", "csv")
    assert set(link) >= {"url", "id", "expires_at"}
    with serving(environ, tmp_path / "log") as service:
        for _ in range(3):
            body = {"id": str(uuid4()), "key": key, "answers": {"satisfaction": "good"}}
            assert httpx.post(f"{service.url}/api/v1/reviews", json=body).status_code == 201
        url = link["url"].replace(environ["AVIS_BASE_URL"], service.url)
        for added_now in (3, 0):
            (report,) = run.json("pull", url, "--into", f"{tmp_path / 'copy'}")
            assert (report["added"], report["total"]) == (added_now, 3)
        run("link", "revoke", link["id"])
        with pytest.raises(LinkRefused, match="révoqué"):
            run("pull", url, "--into", f"{tmp_path / 'copy'}")
    assert len((tmp_path / "copy" / "reviews.csv").read_text().splitlines()) == 4
    assert [each["id"] for each in run.json("link", "list")] == [link["id"]]


def test_a_placement_is_added_and_closed(run: Commands) -> None:
    run("migrate")
    run(*ADD)
    (placed,) = run.json(
        "placement", "add", "--procedure", "passeport", "--channel", "qr", "--form", "malfunction", "--label", "Guichet"
    )
    key = placed.get("key") or placed["placements"][0]["key"]
    assert len(run.json("placement", "list", "--procedure", "passeport")) == 2
    run("placement", "close", key)


def test_a_mistake_is_a_sentence_and_a_code(environ: dict[str, str]) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AVIS_")}

    def refused(*arguments: str, **settings: str) -> str:
        done = subprocess.run(
            [AVIS, *arguments], check=False, capture_output=True, text=True, env={**clean, **environ, **settings}
        )
        assert done.returncode in {1, 2}
        assert done.stdout == ""
        assert "Traceback" not in done.stderr
        return done.stderr

    for _ in range(2):
        subprocess.run([AVIS, "migrate"], check=True, capture_output=True, env={**clean, **environ})
    assert "AVIS_LIMITS_STORAGE" in refused("procedure", "list", AVIS_LIMIT_STORAGE="database")
    assert "nobody" in refused("link", "create", "--procedure", "nobody", "--content", "reviews", "--format", "csv")


@pytest.mark.parametrize(
    "command", ["serve", "migrate", "demo", "procedure", "placement", "user", "link", "pull", "purge", "edition"]
)
def test_every_command_explains_itself(command: str) -> None:
    done = CliRunner().invoke(avis, [command, "--help"])
    assert done.exit_code == 0
    assert len(done.output.splitlines()) > 3


def test_a_demo_is_the_same_for_the_same_seed(run: Commands) -> None:
    run("migrate")
    (made,) = run.json("demo", "--reviews", "60", "--days", "20", "--seed", "3")
    assert made["reviews"] == 60
    assert len(run.json("procedure", "list")) == len(made["procedures"])
    (edition,) = run.json("edition")
    assert edition["name"] == made["edition"]
    (again,) = run.json("demo", "--reviews", "60", "--days", "20", "--seed", "3")
    assert (again["reviews"], again["edition"]) == (0, made["edition"])
    assert run.json("edition") == [edition]
    declared = run.json("journal", "--act", "criterion.declare")
    assert len(declared) == len({one["subject"] for one in declared}) > 20, "each criterion once"


def test_procedures_are_imported_from_a_file_and_exported_into_one(run: Commands, tmp_path: Path) -> None:
    run("migrate")
    run(*ADD)
    file = tmp_path / "démarches.csv"
    file.write_text("Identifiant;Titre;Administration;État\npasseport;;;Fermée\ncni;Une carte;Agence;\n")
    with pytest.raises(AvisError) as refused:
        run("procedure", "import", str(file))
    assert [(one.path, one.message) for one in refused.value.errors] == [
        ("ligne 2, Titre", "Ce champ est à remplir."),
        ("ligne 2, Administration", "Ce champ est à remplir."),
    ]
    file.write_text("Identifiant;Titre;Administration;État\ncni;Une carte;Agence;\n")
    assert "1 démarche(s) seraient" in run("procedure", "import", str(file), "--dry-run")
    assert len(run.json("procedure", "list")) == 1
    assert [one["deed"] for one in run.json("procedure", "import", str(file))] == ["create"]
    assert [one["deed"] for one in run.json("procedure", "import", str(file))] == ["leave"]
    for name in ("copy.csv", "copy.xlsx"):
        assert run.json("procedure", "export", str(tmp_path / name))[0]["procedures"] == 2
        assert [one["deed"] for one in run.json("procedure", "import", str(tmp_path / name))] == ["leave", "leave"]
    with pytest.raises(AvisError, match="finit par"):
        run("procedure", "export", str(tmp_path / "copy.pdf"))

"""What commands say when something is wrong: a French sentence, or with `--json` one object, both on standard error."""

import errno
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from msgspec import Struct

from collector.cli import avis, main
from collector.commands.listening import CannotListen, _remedy, check_free
from tests.conftest import environment
from tests.services import free_port
from tests.serving import AVIS, without_settings

NOWHERE = "nowhere.tar"
RIGHT: dict[str, tuple[str, ...]] = {
    "migrate": (),
    "demo": ("--reviews", "1"),
    "procedure add": ("--title", "Demander un passeport", "--slug", "passeport"),
    "procedure list": (),
    "procedure close": ("passeport",),
    "procedure import": (os.devnull,),
    "procedure export": ("nowhere/procedures.csv",),
    "placement add": ("--procedure", "passeport"),
    "placement list": ("--procedure", "passeport"),
    "placement close": ("clé",),
    "user add": ("bruno@exemple.fr",),
    "user list": (),
    "user disable": ("bruno@exemple.fr",),
    "user reset": ("bruno@exemple.fr",),
    "link create": ("--procedure", "passeport", "--content", "reviews", "--format", "csv"),
    "link list": (),
    "link revoke": ("id",),
    "pull": ("http://127.0.0.1:9/exports/x", "--into", "/dev/null/copy"),
    "journal": (),
    "masked-report": (),
    "import-jdma": (os.devnull,),
    "import-operations": (os.devnull,),
    "edition": ("--quarter", "2025Q4"),
    "purge": (),
    "remask": (),
    "backup": (NOWHERE,),
    "restore": (NOWHERE,),
    "move": ("--to", "postgresql://127.0.0.1:9/avis"),
    "doctor": (),
}
"""Each command that answers, with arguments that it takes."""
NOT_FOUND = {
    "procedure close",
    "placement add",
    "placement list",
    "user disable",
    "user reset",
    "link create",
    "link revoke",
}


class Told(Struct):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def problem(self) -> dict[str, Any]:
        """The one object on standard error; standard output has nothing that could be taken for an answer."""
        assert self.out == ""
        (line,) = self.err.splitlines()
        problem: dict[str, Any] = json.loads(line)
        assert problem["type"] == f"urn:avis:problem:{problem['code']}"
        assert problem["title"]
        assert problem["detail"]
        return problem

    @property
    def mistake(self) -> tuple[str, int]:
        return self.problem["code"], self.code


AvisSays = Callable[..., Told]


@pytest.fixture
def avis_says(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> AvisSays:
    """Run the whole command in this process, in an empty folder."""
    for name in [name for name in os.environ if name.startswith("AVIS_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, **settings: str) -> Told:
        with monkeypatch.context() as context:
            context.setattr(sys, "argv", ["avis", *arguments])
            for name, value in {**environment(tmp_path / "data"), **settings}.items():
                context.setenv(name, value)
            with pytest.raises(SystemExit) as end:
                main()
        said = capsys.readouterr()
        return Told(int(end.value.code or 0), said.out, said.err)

    return run


def commands(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))
        else:
            yield " ".join((*before, name)), command


def test_every_command_that_answers_is_in_this_table() -> None:
    every = dict(commands(avis))
    assert {name for name, command in every.items() if any(p.name == "as_json" for p in command.params)} == set(RIGHT)
    assert set(every) - set(RIGHT) == {"serve"}


@pytest.mark.parametrize("command", RIGHT)
def test_an_option_that_does_not_exist_is_a_usage_problem(command: str, avis_says: AvisSays) -> None:
    told = avis_says(*command.split(), *RIGHT[command], "--jsno", "--json")
    assert told.mistake == ("usage", 2)
    assert f"« avis {command} --help »" in told.problem["detail"]


# The copy of an observatory has no settings; the doctor's answer is what is wrong.
@pytest.mark.parametrize("command", sorted(RIGHT.keys() - {"pull", "doctor"}))
def test_a_wrong_setting_is_a_problem_of_every_command(command: str, avis_says: AvisSays) -> None:
    told = avis_says(*command.split(), *RIGHT[command], "--json", AVIS_TYPO="1")
    assert told.mistake == ("settings", 1)
    assert "AVIS_TYPO" in told.problem["detail"]


@pytest.mark.parametrize("command", sorted(RIGHT.keys() - {"pull", "doctor"}))
def test_a_database_that_does_not_answer_is_a_problem_of_every_command(command: str, avis_says: AvisSays) -> None:
    away = f"postgresql://127.0.0.1:{free_port()}/avis"
    told = avis_says(*command.split(), *RIGHT[command], "--json", AVIS_DATABASE=away)
    before = {"restore": "backup-damaged", "move": "unmovable"}
    assert told.mistake == (before.get(command, "storage-unavailable"), 1)


@pytest.mark.parametrize("command", sorted(NOT_FOUND))
def test_what_is_not_there_is_a_problem_with_its_own_code(command: str, avis_says: AvisSays) -> None:
    assert avis_says(*command.split(), *RIGHT[command], "--json").mistake == ("not-found", 1)


@pytest.mark.parametrize(
    ("arguments", "mistake"),
    [
        (("placement", "close", "clé"), ("unknown-key", 1)),
        (("restore", NOWHERE), ("backup-damaged", 1)),
        (("move", "--to", "sqlite:///other.db"), ("unmovable", 1)),
        (("pull", *RIGHT["pull"]), ("folder-unusable", 6)),
        (("user", "add", "nobody"), ("invalid-email", 1)),
    ],
)
def test_a_commands_own_exit_code_stays(
    arguments: tuple[str, ...], mistake: tuple[str, int], avis_says: AvisSays
) -> None:
    assert avis_says(*arguments, "--json").mistake == mistake
    for_people = avis_says(*arguments)
    assert (for_people.code, for_people.out) == (mistake[1], "")
    assert for_people.err.startswith("Erreur : ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("bogus",), "« bogus » n'est pas une commande."),
        (("procedur",), "Peut-être : procedure ?"),
        (("procedure", "add"), "Il manque --title."),
        (("backup",), "Il manque FICHIER."),
        (("procedure", "add", "--titel", "x"), "L'option --titel n'existe pas. Peut-être : --title"),
        (("procedure", "add", "--title", "x", "--slug", "É"), "--slug : minuscules sans accent"),
        (("procedure", "add", "--title", "x", "--slug", "editions"), "--slug : c'est le nom d'une page"),
        (("serve", "--port", "99999"), "--port : attendu, un nombre d'au moins 1 et d'au plus 65535."),
        (("backup", "x", "--rate", "0"), "--rate : attendu, un nombre d'au moins 0.1."),
        (("demo", "--seed", "x"), "--seed : attendu, un nombre entier."),
        (("serve", "--port"), "L'option --port : une valeur manque"),
        (("link", "create", "--content", "x"), "--content : au choix reviews, malfunctions, indicators."),
        (("link", "create", "--content", "reviews", "--format", "csv"), "Donnez --procedure"),
        (("placement", "add", "--procedure", "x", "--contact"), "--contact ne va qu'avec --form malfunction."),
        (("placement", "close", "a", "b"), "De trop : b."),
        (("journal", "--from", "x"), "--from : « x » n'est pas une date."),
        (("backup", "."), "FICHIER : attendu, un fichier."),
        (("pull", "x", "--into", "copy", "--key", "x"), "--key : « x » n'est pas une empreinte de clé"),
    ],
)
def test_a_command_that_is_not_understood_is_answered_in_french(
    arguments: tuple[str, ...], said: str, avis_says: AvisSays, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    told = avis_says(*arguments)
    assert (told.code, told.out) == (2, "")
    assert said in told.err
    assert "--help »" in told.err


def test_words_after_two_dashes_ask_for_no_json(avis_says: AvisSays) -> None:
    assert avis_says("placement", "close", "--", "--json").err.startswith("Erreur : ")


def test_no_command_at_all_shows_the_commands(avis_says: AvisSays) -> None:
    told = avis_says("link")
    assert told.code == 2
    assert "Signer un lien" in told.err
    assert avis_says("--help").code == 0


def test_a_port_that_is_taken_stops_the_start_with_a_port_to_try(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = subprocess.run(
            [AVIS, "serve", "--port", f"{port}"],
            check=False,
            capture_output=True,
            text=True,
            env={**without_settings(), **environment(tmp_path / "data")},
        )
    assert (done.returncode, done.stdout) == (1, "")
    (said,) = done.stderr.splitlines()
    assert said.startswith("Erreur : Le service ne peut pas écouter à cette adresse.")
    assert f"tient déjà 127.0.0.1:{port}" in said
    command = said.rpartition("Essayez : ")[2].split()
    assert command[:3] == [f"{AVIS}", "serve", "--port"]
    assert int(command[3]) > port
    check_free("127.0.0.1", int(command[3]))
    assert not (tmp_path / "data" / "avis.db").exists()


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("203.0.113.9", "203.0.113.9 n'est pas une adresse de cette machine. .* --host 0.0.0.0 --port"),
        ("nowhere.invalid", "« nowhere.invalid » n'est le nom d'aucune machine connue ici. .* serve --port"),
        # Link-local, and no link is named.
        ("fe80::1", "Le système refuse fe80::1:.* serve --port"),
    ],
)
def test_a_host_that_is_not_here_is_told_with_one_that_is(host: str, said: str) -> None:
    with pytest.raises(CannotListen, match=said):
        check_free(host, free_port())


def test_a_port_of_the_administrators_is_told() -> None:
    # Tests may run as root, whom the system refuses no port.
    told = _remedy("127.0.0.1", 80, PermissionError(errno.EACCES, "Permission denied"))
    assert "Le port 80 est réservé à l'administrateur" in told

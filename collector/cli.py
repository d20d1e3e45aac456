"""The `avis` command. Each group of commands is a file in `collector/commands`, loaded when it is asked for.

The service is one of them, and what the others need must not lie in its memory.
"""

import sys
from importlib import import_module
from typing import cast

import click
from typing_extensions import override

from collector.commands.mistakes import tell, wants_json
from collector.errors import AvisError
from collector.openapi import VERSION

COMMANDS = {
    "serve": "service.serve",
    "migrate": "service.migrate_command",
    "demo": "service.demo",
    "procedure": "catalogue.procedure",
    "placement": "catalogue.placement",
    "import-jdma": "jdma.import_jdma",
    "import-operations": "operations.import_operations",
    "edition": "editions.edition",
    "user": "users.user",
    "link": "links.link",
    "pull": "pull.pull_command",
    "journal": "journal.journal",
    "masked-report": "journal.masked_report",
    "purge": "retention.purge",
    "remask": "remask.remask",
    "backup": "housing.backup_command",
    "restore": "housing.restore_command",
    "move": "housing.move_command",
    "doctor": "doctor.doctor",
}
"""Where each command is: a file of `collector/commands`, and a name in it."""


class _Commands(click.Group):
    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        file, name = COMMANDS[cmd_name].split(".")
        return cast("click.Command", getattr(import_module(f"collector.commands.{file}"), name))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, prog_name="avis")
def avis() -> None:
    """Avis : le bouton « Je donne mon avis » et son collecteur.

    Les réglages sont des variables d'environnement AVIS_* (voir docs/operators.md).
    """


def main() -> None:
    """A mistake is told in one place, by `collector.commands.mistakes`, and never as a stack trace."""
    try:
        sys.exit(avis(prog_name="avis", standalone_mode=False))
    except (AvisError, click.ClickException, click.Abort) as error:
        sys.exit(tell(error, as_json=wants_json(sys.argv[1:])))

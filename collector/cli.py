"""The `avis` command. Each group of commands is a file in `collector/commands`."""

import sys

import click

from collector.commands.catalogue import placement, procedure
from collector.commands.doctor import doctor
from collector.commands.housing import backup_command, move_command, restore_command
from collector.commands.journal import journal, masked_report
from collector.commands.links import link, pull_command
from collector.commands.remask import remask
from collector.commands.retention import purge
from collector.commands.service import demo, migrate_command, serve
from collector.commands.users import user
from collector.errors import AvisError
from collector.openapi import VERSION


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, prog_name="avis")
def avis() -> None:
    """Avis : le bouton « Je donne mon avis » et son collecteur.

    Les réglages sont des variables d'environnement AVIS_* (voir docs/operators.md).
    """


COMMANDS = (
    serve,
    migrate_command,
    demo,
    procedure,
    placement,
    user,
    link,
    pull_command,
    journal,
    masked_report,
    purge,
    remask,
    backup_command,
    restore_command,
    move_command,
    doctor,
)
for command in COMMANDS:
    avis.add_command(command)


def main() -> None:
    """Errors of ours are one sentence on standard error, never a stack trace."""
    try:
        avis()
    except AvisError as error:
        click.echo(f"Erreur : {error.title}. {error.message}", err=True)
        for field in error.errors:
            click.echo(f"  {field.path} : {field.message}", err=True)
        sys.exit(1)

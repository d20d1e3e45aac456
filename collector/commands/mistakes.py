"""What a command says when it does not do what was asked: sentences for people, one JSON object for programs.

Both go to standard error, where they are in no answer's way; the exit code is the same.
"""

import re
from collections.abc import Sequence
from difflib import get_close_matches

import click
import msgspec
from click.exceptions import NoArgsIsHelpError, NoSuchCommand

from collector.errors import AvisError, members


class Misused(AvisError):
    exit_code = 2
    code, title = "usage", "Cette commande ne se lance pas ainsi"


class Interrupted(AvisError):
    code, title = "interrupted", "La commande a été interrompue"
    detail = "Ce qui était déjà fait le reste ; la même commande peut être relancée."


def wants_json(arguments: Sequence[str]) -> bool:
    """Before anything is understood of them: the mistake may be in the arguments themselves."""
    before = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--json" in before


def tell(error: AvisError | click.ClickException | click.Abort, *, as_json: bool) -> int:
    """Say what is wrong; gives the exit code."""
    if isinstance(error, NoArgsIsHelpError) and not as_json:
        error.show()
        return error.exit_code
    mistake = error if isinstance(error, AvisError) else _understood(error)
    if as_json:
        click.echo(msgspec.json.encode(members(mistake)), err=True)
    else:
        click.echo(f"Erreur : {mistake.title}. {mistake.message}", err=True)
        for field in mistake.errors:
            click.echo(f"  {field.path} : {field.message}", err=True)
    return mistake.exit_code


def _understood(error: click.ClickException | click.Abort) -> AvisError:
    """In French what click says in English only."""
    if isinstance(error, click.Abort):
        return Interrupted()
    if not isinstance(error, click.UsageError):
        return AvisError(error.format_message())
    command = error.ctx.command_path if error.ctx else "avis"
    return Misused(f"{_sentence(error)} « {command} --help » l'explique.")


def _sentence(error: click.UsageError) -> str:
    match error:
        case NoArgsIsHelpError():
            return "Il manque la commande."
        case NoSuchCommand():
            known = error.cmd.list_commands(error.ctx) if isinstance(error.cmd, click.Group) and error.ctx else []
            near = get_close_matches(error.command_name, known)
            return f"« {error.command_name} » n'est pas une commande.{_perhaps(near)}"
        case click.NoSuchOption():
            return f"L'option {error.option_name} n'existe pas.{_perhaps(error.possibilities)}"
        case click.BadOptionUsage():
            return f"L'option {error.option_name} : une valeur manque, ou est de trop."
        case click.MissingParameter():
            return f"Il manque {_named(error)}."
        case click.BadParameter() if error.param:
            return f"{_named(error)} : {_expected(error.param.type) or error.message}"
        case _:
            extra = re.fullmatch(r"Got unexpected extra arguments? \((.*)\)", error.message)
            return f"De trop : {extra[1]}." if extra else error.message


def _perhaps(possibilities: Sequence[str] | None) -> str:
    return f" Peut-être : {', '.join(possibilities)} ?" if possibilities else ""


def _named(error: click.BadParameter) -> str:
    return str(error.param.get_error_hint(error.ctx)).replace("'", "") if error.param else "une valeur"


def _expected(kind: click.ParamType[object]) -> str:
    """What click's own types take; ours say it themselves."""
    match kind:
        case click.Choice():
            return f"au choix {', '.join(map(str, kind.choices))}."
        case click.IntRange() | click.FloatRange():
            most = "" if kind.max is None else f" et d'au plus {kind.max}"
            return f"attendu, un nombre d'au moins {kind.min}{most}."
        case click.Path():
            return "attendu, un fichier."
        case _:
            return "attendu, un nombre entier." if kind is click.INT else ""

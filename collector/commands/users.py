"""`avis user …`."""

import click
import msgspec

from admin.accounts import create_user, hash_password, one_time_password
from collector.commands import answer, answers, json_option, now, with_storage
from collector.errors import Conflict, NotFound
from collector.schema import Organisation, Procedure, Role, User
from collector.storage import Storage

# As `avis procedure add` names it, so that both mean the same organisation.
NO_MINISTRY = "Non renseigné"


@click.group()
def user() -> None:
    """Comptes de l'administration."""


@user.command("add")
@click.argument("email")
@click.option("--name", default="", help="Nom affiché.")
@click.option("--role", type=click.Choice(["administrator", "manager", "reader"]), default="manager", show_default=True)
@click.option("--procedure", "slugs", multiple=True, help="Démarche confiée à ce compte ; l'option se répète.")
@click.option(
    "--organisation",
    "organisations",
    multiple=True,
    help="Administration confiée à ce compte, avec toutes ses démarches ; créée si elle manque ; l'option se répète.",
)
@json_option
def add(
    email: str, name: str, role: Role, slugs: tuple[str, ...], organisations: tuple[str, ...], as_json: bool
) -> None:
    """Créer un compte et afficher son mot de passe à usage unique."""

    async def work(storage: Storage) -> tuple[User, str]:
        places: list[Organisation | Procedure] = [await _procedure(storage, slug) for slug in slugs]
        places += [await _organisation(storage, name) for name in organisations]
        administrator = role == "administrator"
        made, password = await create_user(
            storage, email=email, name=name or email, administrator=administrator, now=now()
        )
        for place in places:
            if role != "administrator":
                await storage.accounts.grant(made, place, role)
        return made, password

    made, password = with_storage(work)
    answer(
        {**msgspec.to_builtins(made), "role": role, "one_time_password": password},
        f"Compte créé : {made.email}\nMot de passe à usage unique, à changer à la première connexion : {password}",
        as_json,
    )


async def _procedure(storage: Storage, slug: str) -> Procedure:
    found = await storage.catalogue.procedure(slug)
    if found is None:
        raise NotFound(f"La démarche « {slug} » n'existe pas.")
    return found


async def _organisation(storage: Storage, name: str) -> Organisation:
    """By its name where that is enough, made where there is none."""
    found = [one for one in await storage.catalogue.organisations() if one.name == name]
    if len(found) > 1:
        ministries = ", ".join(one.ministry for one in found)
        raise Conflict(
            f"Plusieurs administrations s'appellent « {name} » ({ministries}) : donnez ce droit sur le site."
        )
    return found[0] if found else await storage.catalogue.organisation(name, NO_MINISTRY)


@user.command("list")
@json_option
def list_users(as_json: bool) -> None:
    """Lister les comptes."""

    async def work(storage: Storage) -> list[User]:
        return await storage.accounts.all()

    answers(
        ((each, f"{each.email:<36} {_standing(each)}") for each in with_storage(work)),
        as_json,
        "Aucun compte. Créez le premier avec « avis user add vous@exemple.fr --role administrator ».",
    )


def _standing(user: User) -> str:
    return " ".join([*(["administrateur"] if user.administrator else []), "désactivé" if user.disabled_at else "actif"])


@user.command("disable")
@click.argument("email")
@json_option
def disable(email: str, as_json: bool) -> None:
    """Désactiver un compte et fermer ses sessions."""

    async def work(storage: Storage) -> None:
        if await storage.accounts.find(email) is None:
            raise NotFound(f"Aucun compte pour {email}.")
        await storage.accounts.disable(email, now())

    with_storage(work)
    answer({"email": email, "state": "disabled"}, f"Compte {email} désactivé.", as_json)


@user.command("reset")
@click.argument("email")
@json_option
def reset(email: str, as_json: bool) -> None:
    """Donner un nouveau mot de passe à usage unique à un compte."""

    async def work(storage: Storage) -> str:
        found = await storage.accounts.find(email)
        if found is None:
            raise NotFound(f"Aucun compte pour {email}.")
        password = one_time_password()
        await storage.accounts.set_password(found[0], hash_password(password), must_change=True)
        return password

    password = with_storage(work)
    answer(
        {"email": email, "one_time_password": password}, f"Mot de passe à usage unique de {email} : {password}", as_json
    )

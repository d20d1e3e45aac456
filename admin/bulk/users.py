"""Accounts as rows of a table, one for each right, and what a table of them would add. Pure. Nothing is taken away."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from admin import words
from admin.accounts import InvalidEmail, plain_email
from admin.bulk.cells import code_of
from admin.bulk.files import Row
from admin.bulk.plans import Change, Line, Plan, refused
from admin.posted import Posted, filled
from collector.schema import ROLES, Organisation, Procedure, Right, Role, User
from collector.storage.bulk import Place, Registered, WantedRight

COLUMNS = {
    "email": "Adresse électronique",
    "name": "Nom",
    "role": "Rôle",
    "organisation": "Administration",
    "ministry": "Ministère",
    "procedure": "Démarche",
}
LONGEST_NAME = 80
_ALREADY = "Ce droit est déjà à la ligne {number}. Gardez une seule de ces lignes."
_NO_PLACE = "Donnez une administration ou l'identifiant d'une démarche."
_TWO_PLACES = "Donnez une administration ou une démarche, pas les deux : faites deux lignes."
_NEEDS_NONE = "Un administrateur peut déjà tout : laissez vides Administration et Démarche."
_DISABLED = "Ce compte est désactivé : retirez cette ligne."


class _Known(Struct, frozen=True):
    users: Mapping[str, User]
    roles: Mapping[tuple[str, Place], Role]
    procedures: Mapping[str, Procedure]
    organisations: Sequence[Organisation]


def cells_of(there: Registered) -> list[dict[str, str]]:
    """Everybody who may sign in, a row for each right; somebody without any has a row too."""
    organisations = {one.id: one for one in there.organisations}
    slugs = {one.id: one.slug for one in there.procedures}
    rows = []
    for user in there.users:
        if user.disabled_at:
            continue
        who = {"email": user.email, "name": user.name}
        rights = [{**who, **_right(one, organisations, slugs)} for one in there.rights.get(user.id, [])]
        if user.administrator:
            rights.insert(0, {**who, "role": words.label("roles", "administrator")})
        rows += rights or [who]
    return rows


def _right(one: Right, organisations: Mapping[int, Organisation], slugs: Mapping[int, str]) -> dict[str, str]:
    role = words.label("roles", one.role)
    if one.kind == "procedure":
        return {"role": role, "procedure": slugs[one.id]}
    return {"role": role, "organisation": organisations[one.id].name, "ministry": organisations[one.id].ministry}


def plan(rows: Sequence[Row], there: Registered) -> Plan:
    emails = {user.id: user.email for user in there.users}
    roles: dict[tuple[str, Place], Role] = {
        (emails[user], Place(one.kind, one.id)): one.role for user, rights in there.rights.items() for one in rights
    }
    roles |= {(user.email, Place("", 0)): "administrator" for user in there.users if user.administrator}
    known = _Known({u.email: u for u in there.users}, roles, {p.slug: p for p in there.procedures}, there.organisations)
    met: dict[tuple[str, Place | None], int] = {}
    return Plan([_line(row, known, met) for row in rows])


def _line(row: Row, known: _Known, met: dict[tuple[str, Place | None], int]) -> Line:
    form = filled(**{name: row.cells.get(name, "") for name in COLUMNS})
    email = _email(form)
    user = known.users.get(email)
    name = user.name if user else form.text("name", longest=LONGEST_NAME)
    if user and user.disabled_at:
        form.refuse("email", _DISABLED)
    place = Place("", 0) if user and not form["role"] else _place(form, known)
    role = code_of(form, "role", "roles", ROLES) if form["role"] or not user else None
    if (number := met.setdefault((email, place), row.number)) != row.number:
        form.refuse("email", _ALREADY, number=number)
    if form.errors or place is None:
        return refused(row.number, email or form["email"], form)
    held = known.roles.get((email, place))
    if user and role in {None, held}:
        return Line(number=row.number, name=email, deed="leave")
    wanted = WantedRight(email, name, role, place) if role else None
    return Line(
        number=row.number,
        name=email,
        deed="change" if user else "create",
        changes=_changes(form, name, held, role, is_new=user is None),
        wanted=wanted,
    )


def _changes(form: Posted, name: str, held: Role | None, role: Role | None, *, is_new: bool) -> tuple[Change, ...]:
    over = form["procedure"] or form["organisation"]
    said = [Change("role", words.label("roles", held) if held else "", words.label("roles", role) if role else "")]
    if over:
        said.append(Change("procedure" if form["procedure"] else "organisation", over if held else "", over))
    return (*([Change("name", "", name)] if is_new else []), *said)


def _email(form: Posted) -> str:
    try:
        return plain_email(form["email"])
    except InvalidEmail as error:
        form.refuse("email", error.message)
        return form["email"]


def _place(form: Posted, known: _Known) -> Place | None:
    """Over what the right is: nothing for an administrator."""
    if code_of(form, "role", "roles", ROLES) == "administrator":
        if form["organisation"] or form["procedure"]:
            form.refuse("role", _NEEDS_NONE)
        return Place("", 0)
    if form["organisation"] and form["procedure"]:
        form.refuse("procedure", _TWO_PLACES)
    elif form["procedure"]:
        found = known.procedures.get(form["procedure"])
        if found:
            return Place("procedure", found.id)
        slug = form["procedure"][:80]
        form.refuse("procedure", "Aucune démarche n'a l'identifiant « {slug} ». Créez-la d'abord.", slug=slug)
    elif form["organisation"]:
        return _organisation(form, known.organisations)
    else:
        form.refuse("organisation", _NO_PLACE)
    return None


def _organisation(form: Posted, known: Sequence[Organisation]) -> Place | None:
    found = [one for one in known if one.name == form["organisation"]]
    found = [one for one in found if form["ministry"] in {"", one.ministry}]
    if len(found) == 1:
        return Place("organisation", found[0].id)
    if found:
        names = ", ".join(one.ministry for one in found)
        form.refuse("ministry", "Donnez le ministère : {names}.", names=names)
    else:
        form.refuse(
            "organisation",
            "« {name} » n'est pas connue. Écrivez-la comme dans l'export.",
            name=form["organisation"][:80],
        )
    return None

"""The columns of every export, said once: names, types, words and codes.

From here come the head of a CSV file, the types of Parquet and of spreadsheets' cells, the dictionary that goes with a
link, and the tables of docs/exports.md, which a test holds in step.
"""

from collections.abc import Mapping
from typing import Literal, get_args

from msgspec import Struct

from collector.schema import (
    AUDIENCES,
    CHANNELS,
    MEANS,
    OWN_NAMES,
    Browser,
    By,
    Content,
    Desk,
    Device,
    FormName,
    Interval,
    Kind,
)
from collector.storage.problems import Status

Type = Literal["text", "integer", "number", "boolean", "day", "moment", "list"]
"""`day` is a calendar day in Paris, `moment` a minute in UTC, `list` several codes."""

VERSION = "1.1"
"""Of the columns. The second figure grows with a new column at the end, the first when one changes or goes."""


class Column(Struct, frozen=True):
    """`codes` are all values that may be met, where they can be counted. `least` and `most` bound a number."""

    name: str
    type: Type
    fr: str
    en: str
    codes: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None


_DESKS: Mapping[Desk, tuple[str, str]] = {
    "counter": ("au guichet", "at the counter"),
    "phone": ("par téléphone", "by telephone"),
    "email": ("par e-mail", "by e-mail"),
    "chat": ("par chat", "by chat"),
}
_PROCEDURE = Column("procedure", "text", "Identifiant de la démarche", "Slug of the procedure")
_FORMS, _KINDS, _DEVICES, _BROWSERS = map(get_args, (FormName, Kind, Device, Browser))

REVIEWS: tuple[Column, ...] = (
    Column("id", "text", "Identifiant public de l'avis, aléatoire", "Public identifier of the review, random"),
    _PROCEDURE,
    Column("placement", "text", "Clé publique de l'emplacement", "Public key of the placement"),
    Column("channel", "text", "Canal de l'emplacement", "Channel of the placement", CHANNELS),
    Column("form", "text", "Formulaire", "Form", _FORMS),
    Column(
        "form_version",
        "integer",
        "Version du formulaire ; 1 est le questionnaire national, les autres sont celles de la démarche",
        "Version of the form; 1 is the national questionnaire, others are the procedure's own",
        least=1,
    ),
    Column("lang", "text", "Langue affichée", "Language shown"),
    Column("given_at", "moment", "Minute de l'avis, en UTC", "Minute of the review, in UTC"),
    Column("day", "day", "Jour de l'avis, à Paris", "Day of the review, in Paris"),
    Column(
        "page", "text", "Chemin de la page, sans sa requête, masqué", "Path of the host page, without its query, masked"
    ),
    Column("satisfaction", "text", "Comment ça s'est passé", "How it went", ("bad", "medium", "good")),
    Column(
        "comprehension",
        "integer",
        "Clarté des informations et des instructions",
        "Clarity of information and instructions",
        least=1,
        most=5,
    ),
    Column("contact_tried", "list", "Aides cherchées", "Help that was sought", MEANS),
    Column("contact_tried_other", "text", "Autre aide cherchée, masqué", "Other help that was sought, masked"),
    *(
        Column(
            f"contact_reached_{desk}",
            "boolean",
            f"Administration jointe {fr}",
            f"Whether the administration was reached {en}",
        )
        for desk, (fr, en) in _DESKS.items()
    ),
    *(
        Column(
            f"contact_satisfaction_{desk}",
            "integer",
            f"Qualité de l'aide obtenue {fr}",
            f"Quality of the help {en}",
            least=1,
            most=5,
        )
        for desk, (fr, en) in _DESKS.items()
    ),
    Column("kind", "text", "Nature du dysfonctionnement signalé", "Kind of a reported malfunction", _KINDS),
    Column("device", "text", "Type d'appareil", "Coarse class of the device", _DEVICES),
    Column("browser", "text", "Famille de navigateur", "Family of the browser", _BROWSERS),
    Column("verbatim", "text", "Commentaire, masqué", "Comment, masked"),
    Column(
        "context",
        "text",
        "Étape du parcours, parmi celles que le porteur permet",
        "Where in the journey, among the labels that the owner allows",
    ),
    *(
        Column(
            name,
            "text",
            f"Réponse à la question {name[-1]} du porteur dans form_version : codes, note ou texte masqué",
            f"Answer to the owner's question {name[-1]} in form_version: codes, mark or masked text",
        )
        for name in OWN_NAMES
    ),
)

MALFUNCTIONS: tuple[Column, ...] = (
    _PROCEDURE,
    Column("problem", "integer", "Numéro du problème", "Number of the problem", least=1),
    Column("kind", "text", "Nature", "Kind", _KINDS),
    Column("status", "text", "Suivi", "Follow-up", get_args(Status)),
    Column("returned", "boolean", "Revenu après avoir été corrigé", "Whether it came back after it was fixed"),
    Column("reports", "integer", "Nombre de signalements", "Number of reports", least=1),
    Column("first_at", "moment", "Premier signalement, minute en UTC", "First report, minute in UTC"),
    Column("last_at", "moment", "Dernier signalement, minute en UTC", "Last report, minute in UTC"),
    Column("fixed_at", "moment", "Correction, minute en UTC", "When it was fixed, minute in UTC"),
    Column(
        "hours_to_fix",
        "number",
        "Heures du premier signalement à la correction",
        "Hours from the first report until it was fixed",
        least=0,
    ),
    Column("page", "text", "Page du premier signalement, masquée", "Path of the first report's page, masked"),
    Column("browser", "text", "Navigateur du premier signalement", "Browser of the first report", _BROWSERS),
    Column("lang", "text", "Langue du premier signalement", "Language of the first report"),
    Column("verbatim", "text", "Texte du premier signalement, masqué", "Text of the first report, masked"),
)

_INDICATORS: tuple[Column, ...] = (
    Column("from_day", "day", "Premier jour", "First day"),
    Column("to_day", "day", "Dernier jour", "Last day"),
    Column("reviews", "integer", "Nombre d'avis", "Number of reviews", least=0),
    Column(
        "indicator",
        "text",
        "Indicateur",
        "Indicator",
        ("satisfaction", "comprehension", "contact_reachability", "contact_satisfaction", "contact", "autonomy"),
    ),
    Column("scale", "integer", "Valeur la plus haute possible", "Highest possible value", least=1, most=10),
    Column("count", "integer", "Nombre de réponses", "Number of answers", least=0),
    Column("value", "number", "Valeur ; vide sans réponse", "Value; empty without answers", least=0, most=10),
    Column("low", "number", "Bas de l'intervalle à 95 %", "Low end of the 95 % interval", least=0, most=10),
    Column("high", "number", "Haut de l'intervalle à 95 %", "High end of the 95 % interval", least=0, most=10),
    Column("level", "text", "Niveau de l'observatoire", "Level of the observatory", ("green", "yellow", "red")),
)


_PLACEMENT, _CHANNEL = REVIEWS[2:4]
_ORGANISATION = Column("organisation", "text", "Administration", "Organisation")
_MINISTRY = Column("ministry", "text", "Ministère", "Ministry")
_PARTS: Mapping[By, tuple[Column, ...]] = {
    "procedure": (_PROCEDURE,),
    "placement": (_PROCEDURE, _PLACEMENT, _CHANNEL),
    "channel": (_PROCEDURE, _CHANNEL),
    "audience": (Column("audience", "text", "Public des démarches", "Audience of the procedures", AUDIENCES),),
    "organisation": (_ORGANISATION, _MINISTRY),
    "ministry": (_MINISTRY,),
}
PERIOD = Column(
    "period",
    "text",
    "Pas de temps : 2026-03-12, 2026-W11 (semaine ISO), 2026-03 ou 2026-Q1",
    "Step of time: 2026-03-12, 2026-W11 (ISO week), 2026-03 or 2026-Q1",
)


def columns_of(content: Content, interval: Interval = "whole", by: By = "procedure") -> tuple[Column, ...]:
    """The columns of an export, in their order; those of indicators begin with what they are cut by."""
    if content == "reviews":
        return REVIEWS
    if content == "malfunctions":
        return MALFUNCTIONS
    return (*_PARTS[by], *((PERIOD,) if interval != "whole" else ()), *_INDICATORS)


def documented() -> str:
    """The tables of docs/exports.md."""
    tables = {
        "Reviews": REVIEWS,
        "Malfunctions": MALFUNCTIONS,
        "Indicators": (*_PARTS["procedure"], *_INDICATORS),
        "Indicators that are cut begin with some of": (
            *_PARTS["placement"][1:],
            *_PARTS["audience"],
            *_PARTS["organisation"],
            PERIOD,
        ),
    }
    return "\n\n".join(f"### {title}\n\n{_table(columns)}" for title, columns in tables.items())


def _table(columns: tuple[Column, ...]) -> str:
    rows = [f"| `{each.name}` | {each.type} | {each.en}{_values(each)} |" for each in columns]
    return "\n".join(("| column | type | what |\n|---|---|---|", *rows))


def _values(column: Column) -> str:
    if column.codes:
        return ": " + " ".join(f"`{code}`" for code in column.codes)
    bounds = (column.least, column.most)
    return f", {bounds[0]} to {bounds[1]}" if None not in bounds else ""


if __name__ == "__main__":
    print(documented())  # noqa: T201 - what it is run for

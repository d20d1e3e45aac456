"""The national questionnaire as its exports write it: questions and answers in French, and our codes of them.

Everything is looked up without accents, capitals or signs: the same question was written with two kinds of apostrophe.
"""

import re
from collections.abc import Mapping
from typing import TypeVar

from collector.plain import bare
from collector.schema import DESKS as ALL_DESKS
from collector.schema import Desk, Kind, Means, Satisfaction

Code = TypeVar("Code")

DATE = "date"
ID = "id"
FORM = "form"
PLACEMENT = "placement"
EMAIL = "contact_email"

_QUESTIONS: Mapping[str, tuple[str, ...]] = {
    DATE: ("Date de l'avis", "Review Created At"),
    ID: ("Identifiant Avis", "Review ID"),
    FORM: ("Nom du formulaire",),
    PLACEMENT: ("Lien d'intégration",),
    "satisfaction": (
        "De façon générale, comment ça s'est passé ?",
        "Comment s'est passée cette démarche pour vous ?",
        "satisfaction",
    ),
    "comprehension": (
        "Qu'avez-vous pensé des informations et des instructions fournies ?",
        "Clarté des informations",
        "comprehension",
    ),
    "contact_tried": (
        "Durant votre parcours, avez-vous tenté d’obtenir de l’aide par l’un des moyens suivants ?",
        "contact_tried",
    ),
    "contact_tried_other": ("Quels autres types d'aide avez-vous utilisés ?", "contact_tried_verbatim"),
    "contact_reached": (
        "Quand vous avez cherché de l'aide, avez-vous réussi à joindre l'administration ?",
        "contact_reached",
    ),
    "contact_satisfaction": (
        "Comment évaluez-vous la qualité de l'aide que vous avez obtenue de la part de l'administration ?",
        "contact_satisfaction",
    ),
    "kind": ("Quel type de retour souhaitez-vous nous faire ?", "Type de retour", "bug_kind"),
    "verbatim": ("Souhaitez-vous nous en dire plus ?", "Pouvez-vous nous en dire plus ?", "verbatim"),
    EMAIL: ("Adresse mail", "contact_email"),
}
FIELD_OF: Mapping[str, str] = {bare(question): field for field, asked in _QUESTIONS.items() for question in asked}

SATISFACTION: Mapping[Satisfaction, str] = {"bad": "Pas bien", "medium": "Moyen", "good": "Très bien"}
REACHED: Mapping[bool, str] = {True: "Oui", False: "Non"}
HELP: Mapping[int, str] = {1: "Très mauvaise", 2: "Mauvaise", 3: "Ni bonne, ni mauvaise", 4: "Bonne", 5: "Excellente"}
MARKS: Mapping[int, str] = {mark: str(mark) for mark in range(1, 6)}
MEANS: Mapping[Means, str] = {
    "counter": "Au guichet avec l’administration",
    "phone": "Par téléphone avec l’administration",
    "email": "Par e-mail avec l’administration",
    "chat": "Par chat avec l’administration",
    "relative": "Une personne proche",
    "association": "Une association",
    "website": "Des sites internet",
    "other": "Autres, précisez",
    "none": "Je n'ai pas eu besoin d'aide",
}
DESKS: Mapping[Desk, str] = {desk: MEANS[desk] for desk in ALL_DESKS}
KINDS: Mapping[Kind, str] = {
    "technical": "J'ai un problème technique avec le site",
    "situation": "J'ai un problème avec ma situation, mes informations ou le résultat de ma démarche",
    "suggestion": "J'ai une suggestion d'amélioration pour le site",
}
_SHORT_KINDS: Mapping[Kind, str] = {"technical": "BUG", "situation": "SITUATION", "suggestion": "AMÉLIORATION"}
"""As its lists call them, and some of its exports."""


def codes(*labels: Mapping[Code, str]) -> dict[str, Code]:
    """The other way round: our codes by what an export writes."""
    return {answer(label): code for each in labels for code, label in each.items()}


def question(field: str) -> str:
    """As the national form asks it."""
    return _QUESTIONS[field][0]


def answer(text: str) -> str:
    """An answer as it is looked up: in some years a desk's name ends with « avec l'administration »."""
    return bare(text).removesuffix(" avec l administration")


def several(cell: str) -> list[str]:
    """The answers of a cell: joined by « / » in a CSV file, on lines of their own in a workbook."""
    parts = re.split(r"\s+/\s+|\n", cell)
    return [part.strip().removeprefix("- ").strip() for part in parts if part.strip(" -")]


SATISFACTION_OF = codes(SATISFACTION)
REACHED_OF = codes(REACHED)
HELP_OF = codes(HELP)
MARK_OF = codes(MARKS)
MEANS_OF = codes(MEANS)
DESK_OF = codes(DESKS)
KIND_OF = codes(KINDS, _SHORT_KINDS)

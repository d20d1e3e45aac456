"""The national questionnaire as its exports write it: questions and answers in French, and our codes of them.

Everything is looked up without accents, capitals or signs: the same question was written with two kinds of apostrophe.
"""

import re
from collections.abc import Mapping

from collector.plain import bare
from collector.schema import Desk, Kind, Means, Satisfaction

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

SATISFACTION: Mapping[str, Satisfaction] = {"pas bien": "bad", "moyen": "medium", "tres bien": "good"}
REACHED: Mapping[str, bool] = {"oui": True, "non": False}
HELP: Mapping[str, int] = {
    "tres mauvaise": 1,
    "mauvaise": 2,
    "ni bonne ni mauvaise": 3,
    "bonne": 4,
    "excellente": 5,
}
DESK: Mapping[str, Desk] = {
    "au guichet": "counter",
    "par telephone": "phone",
    "par e mail": "email",
    "par chat": "chat",
}
MEANS: Mapping[str, Means] = {
    **DESK,
    "une personne proche": "relative",
    "une association": "association",
    "des sites internet": "website",
    "autres precisez": "other",
    "je n ai pas eu besoin d aide": "none",
}
KIND: Mapping[str, Kind] = {
    "j ai un probleme technique avec le site": "technical",
    "bug": "technical",
    "j ai un probleme avec ma situation mes informations ou le resultat de ma demarche": "situation",
    "situation": "situation",
    "j ai une suggestion d amelioration pour le site": "suggestion",
    "amelioration": "suggestion",
}


def question(field: str) -> str:
    """As the national form asks it."""
    return _QUESTIONS[field][0]


def answer(text: str) -> str:
    """An answer as the tables above have it: in some years a desk's name ends with « avec l'administration »."""
    return bare(text).removesuffix(" avec l administration")


def several(cell: str) -> list[str]:
    """The answers of a cell: joined by « / » in a CSV file, on lines of their own in a workbook."""
    parts = re.split(r"\s+/\s+|\n", cell)
    return [part.strip().removeprefix("- ").strip() for part in parts if part.strip(" -")]

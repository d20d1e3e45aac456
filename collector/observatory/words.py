"""The observatory's words, and how it writes dates and figures. It speaks French."""

from collections.abc import Iterable, Mapping
from datetime import date

from collector.editions import EditionIndicator
from collector.indicators import THRESHOLDS, Indicator, Level, shown, shown_high
from collector.schema import Audience

THIN = "\u202f"
INDICATORS: Mapping[str, str] = {
    "satisfaction": "Satisfaction",
    "comprehension": "Clarté",
    "contact_reachability": "Aide joignable",
    "contact_satisfaction": "Qualité de l’aide",
    "contact": "Aide, vue d’ensemble",
    "autonomy": "Autonomie",
}
EXPLAINED: Mapping[str, str] = {
    "satisfaction": "« De façon générale, comment ça s’est passé ? » Pas bien compte 0, moyen 5, très bien 10.",
    "comprehension": "Ce que les usagers ont pensé des informations et des instructions, de 1 à 5, ramené sur 10.",
    "contact_reachability": "Quand ils ont cherché l’aide de l’administration, la part des fois où ils l’ont jointe.",
    "contact_satisfaction": "La qualité de l’aide reçue de l’administration, de très mauvaise (0) à excellente (10).",
    "contact": "La qualité de l’aide reçue, où n’avoir joint personne compte 0, sur 10.",
    "autonomy": "La part des usagers qui n’ont pas eu besoin d’aide, sur 10. Elle n’a pas de niveau.",
}
LEVELS: Mapping[Level, str] = {"green": "Bon", "yellow": "Moyen", "red": "Insuffisant"}
AUDIENCES: Mapping[Audience, str] = {
    "individuals": "Particuliers",
    "businesses": "Entreprises",
    "local_authorities": "Collectivités",
    "agents": "Agents publics",
}
_CODES: Mapping[str, str] = {
    "yes": "Oui", "partly": "En partie", "no": "Non",
    "counter": "Guichet", "phone": "Téléphone", "chat": "Chat avec un agent", "callback": "Rappel", "email": "Courriel",
    "form": "Formulaire de contact", "mail": "Courrier", "robot": "Robot de conversation", "none": "Aucun",
}  # fmt: skip
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def rule(name: str) -> str:
    """From where on a figure is called good, and from where on middling; nothing of one without levels."""
    if name not in THRESHOLDS:
        return ""
    scale = 1 if name == "contact_reachability" else 10
    green, yellow = ((shown(one, scale) or "").removesuffix(",0") for one in THRESHOLDS[name])
    return f"bon à partir de {green}, moyen à partir de {yellow}"


def value(figure: Indicator) -> str:
    return figure.shown or "–"


def between(figure: Indicator) -> str:
    """The interval: `7,6 à 8,1`."""
    return f"{shown(figure.low, figure.scale)} à {shown_high(figure.high, figure.scale)}"


def declared(shown: str) -> str:
    """A declared value: a number as it is, codes in words."""
    codes = shown.split(",")
    return ", ".join(_CODES[code] for code in codes) if all(code in _CODES for code in codes) else shown


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}{THIN}%"


def by_name(figures: Iterable[EditionIndicator]) -> dict[str, EditionIndicator]:
    return {one.name: one for one in figures}


def quarter(name: str) -> str:
    """`3e trimestre 2026` of `2026Q3`."""
    year, _, number = name.partition("Q")
    return f"{'1er' if number == '1' else f'{number}e'} trimestre {year}"


def signed(difference: float, scale: int) -> str:
    """`+0,4`, `−5 points`: a difference that can be called a change, never 0."""
    sign = "+" if difference > 0 else "\N{MINUS SIGN}"
    if scale == 1:
        points = max(1, round(abs(difference) * 100))
        return f"{sign}{points} point{'s' if points > 1 else ''}"
    return f"{sign}{max(0.1, abs(difference)):.1f}".replace(".", ",")


def number(count: int) -> str:
    return f"{count:,}".replace(",", THIN)


def long_date(day: date) -> str:
    return f"{'1er' if day.day == 1 else day.day} {month(day)}"


def written_day(day: str) -> str:
    """`2026-11-23` as it is read."""
    return long_date(date.fromisoformat(day))


def month(day: date) -> str:
    """`novembre 2026`."""
    return f"{_MONTHS[day.month - 1]} {day.year}"

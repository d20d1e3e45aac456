"""What is declared of a procedure, as people type and read it: one set of rules for the page and for files.

Each criterion has fields of its own in a form, named after it: `online-said`, `online-day`.
"""

from datetime import date
from urllib.parse import urlsplit

from admin import words
from admin.posted import CHOOSE, Posted
from collector.criteria import (
    CONTACT_MEANS,
    LONGEST_EVIDENCE,
    NO_MEANS,
    STANDINGS,
    Criterion,
    Statement,
    number_of,
    shown,
)
from collector.fields import REQUIRED


def choices(criterion: Criterion) -> tuple[str, ...]:
    """What can be said of a criterion, before any number or list."""
    declared = tuple(criterion.choices) or STANDINGS[:1]
    return (*declared, *STANDINGS[1:])


def statement_of(form: Posted, criterion: Criterion, today: date) -> Statement:
    """What was typed: what is `said`, and of what is declared its `value` or `means`, `day` and `evidence`."""
    said, day_field = form[f"{criterion.name}-said"], f"{criterion.name}-day"
    if said not in choices(criterion):
        form.refuse(f"{criterion.name}-said", CHOOSE)
    if said not in choices(criterion) or said == "not_declared":
        return Statement()
    value = None if said == "not_applicable" else _value(form, criterion, said)
    day = form.day(day_field, required=True)
    if day and day > today:
        form.refuse(day_field, "Choisissez un jour passé : on ne déclare que ce qui est déjà vrai.")
    return Statement(
        standing="not_applicable" if said == "not_applicable" else "declared",
        value=value,
        evidence=_evidence(form, f"{criterion.name}-evidence"),
        day=day.isoformat() if day else None,
    )


def typed(criterion: Criterion, statement: Statement, today: date) -> dict[str, list[str]]:
    """A criterion's fields as they are first shown: with what holds now, or ready for a number or a list."""
    value = statement.value or ""
    is_known = statement.standing != "not_declared"
    said = statement.standing if is_known or criterion.kind == "choice" else "declared"
    fields = {
        "said": [value if criterion.kind == "choice" and value else said],
        "value": [shown(criterion.name, value).removesuffix(criterion.unit).strip()] if value else [],
        "means": value.split(","),
        "day": [statement.day or today.isoformat()],
        "evidence": [statement.evidence or ""],
    }
    return {f"{criterion.name}-{name}": typed for name, typed in fields.items()}


def words_of(criterion: Criterion, statement: Statement) -> str:
    """What is said, in words: « Oui », « 99,95 % », « Guichet, Téléphone », « Non déclaré »."""
    if statement.value is None:
        return words.label("declared", statement.standing)
    if criterion.kind == "number":
        return words.figure(shown(criterion.name, statement.value)) or ""
    if criterion.kind == "choice":
        return words.label("declared", statement.value)
    return ", ".join(words.label("contact_means", one) for one in statement.value.split(","))


def is_address(text: str) -> bool:
    """Whether this is the address of a page that anybody can be sent to."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    plain = not any(letter.isspace() or letter in '<>"\\|' for letter in text)
    return parts.scheme == "https" and "." in host.strip(".") and not parts.username and not parts.password and plain


def _value(form: Posted, criterion: Criterion, said: str) -> str | None:
    name = f"{criterion.name}-value"
    if criterion.kind == "choice":
        return said
    if criterion.kind == "means":
        return ",".join(form.choices(f"{criterion.name}-means", CONTACT_MEANS)) or NO_MEANS
    value = number_of(criterion, form[name].strip())
    if not form[name].strip():
        form.refuse(name, REQUIRED)
    elif value is None and criterion.decimals:
        form.refuse(
            name, "Écrivez un nombre de 0 à {n}, avec {d} décimale(s) au plus.", n=criterion.most, d=criterion.decimals
        )
    elif value is None:
        form.refuse(name, "Écrivez un nombre entier, de 0 à {n}.", n=criterion.most)
    return value


def _evidence(form: Posted, name: str) -> str | None:
    text = form.text(name, longest=LONGEST_EVIDENCE, required=False)
    if text and not is_address(text):
        form.refuse(name, "Collez l'adresse complète d'une page, par exemple https://www.exemple.fr/accessibilite")
    return text or None

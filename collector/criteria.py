"""The observatory's criteria that no review can tell: what is declared of a procedure, and its level. Pure.

A value is kept as the text that was declared, with no more decimals than its criterion shows: what is shown is what was
declared, so it never contradicts the level that is drawn from it. Thresholds: docs/methodology.md.
"""

from collections.abc import Mapping
from decimal import Decimal
from re import fullmatch
from typing import Literal

from msgspec import Struct

from collector.indicators import Level

Kind = Literal["choice", "means", "number"]
Standing = Literal["declared", "not_applicable", "not_declared"]
STANDINGS: tuple[Standing, ...] = ("declared", "not_applicable", "not_declared")
"""What does not concern a procedure is one thing, what nobody has said of it another."""

ContactMeans = Literal["counter", "phone", "chat", "callback", "email", "form", "mail", "robot"]
CONTACT_MEANS: tuple[ContactMeans, ...] = ("counter", "phone", "chat", "callback", "email", "form", "mail", "robot")
IN_PERSON: frozenset[str] = frozenset({"counter", "phone", "chat", "callback"})
"""Human and personal: somebody of the administration speaks with this person, about their case."""
ENOUGH_MEANS = 2
NO_MEANS = "none"
"""The value where no means is offered."""

LONGEST_EVIDENCE = 500


class Criterion(Struct, frozen=True, kw_only=True):
    """`title` is what people read, in French. `choices` are a choice's values with their levels. `most` is a number's.

    It is green `from` a number, `below` it or `up_to` it, as `compare` says, and yellow likewise; else it is red.
    """

    name: str
    title: str
    kind: Kind
    choices: Mapping[str, Level] = {}
    unit: str = ""
    decimals: int = 0
    most: int = 100
    green: Decimal | None = None
    yellow: Decimal | None = None
    compare: Literal["from", "below", "up_to"] = "from"


_DEGREES: Mapping[str, Level] = {"yes": "green", "partly": "yellow", "no": "red"}
_YES_NO: Mapping[str, Level] = {"yes": "green", "no": "red"}

CRITERIA: tuple[Criterion, ...] = (
    Criterion(name="online", title="En ligne de bout en bout", kind="choice", choices=_DEGREES),
    Criterion(name="support", title="Aide proposée", kind="means"),
    Criterion(name="franceconnect", title="FranceConnect", kind="choice", choices=_YES_NO),
    Criterion(name="smartphone", title="Utilisable sur téléphone", kind="choice", choices=_YES_NO),
    Criterion(
        name="availability",
        title="Disponibilité",
        kind="number",
        unit="%",
        decimals=2,
        green=Decimal("99.9"),
        yellow=Decimal("98.5"),
    ),
    Criterion(
        name="response_time",
        title="Temps de réponse",
        kind="number",
        unit="ms",
        most=600_000,
        green=Decimal(400),
        yellow=Decimal(800),
        compare="below",
    ),
    Criterion(
        name="accessibility",
        title="Accessibilité (RGAA)",
        kind="number",
        unit="%",
        decimals=2,
        green=Decimal(100),
        yellow=Decimal(50),
    ),
    Criterion(
        name="once",
        title="Dites-le-nous une fois",
        kind="number",
        most=999,
        green=Decimal(1),
        yellow=Decimal(4),
        compare="up_to",
    ),
    Criterion(name="online_share", title="Part d'usage en ligne", kind="number", unit="%", decimals=1),
)
"""In the order in which people read them."""
BY_NAME: Mapping[str, Criterion] = {one.name: one for one in CRITERIA}


class Statement(Struct, frozen=True):
    """What is said of one criterion, of which `day`; `evidence` is an address where it can be checked."""

    standing: Standing = "not_declared"
    value: str | None = None
    evidence: str | None = None
    day: str | None = None


UNSAID = Statement()


def level(name: str, statement: Statement) -> Level | None:
    """None where nothing is declared, and for the share of use online, which has no thresholds."""
    if statement.value is None:
        return None
    criterion = BY_NAME[name]
    if criterion.kind == "choice":
        return criterion.choices[statement.value]
    if criterion.kind == "means":
        return _support(frozenset(statement.value.split(",")) - {NO_MEANS})
    return _of_number(criterion, Decimal(statement.value))


def number_of(criterion: Criterion, text: str) -> str | None:
    """A number as it is kept ("99.9"), from one as people write it ("99,90 %"); None if out of bounds, or none."""
    bare = text.replace("\u202f", "").replace("\xa0", "").replace(" ", "").removesuffix(criterion.unit)
    decimals = rf"(?:[.,][0-9]{{1,{criterion.decimals}}})?" if criterion.decimals else ""
    if not fullmatch(rf"[0-9]{{1,6}}{decimals}", bare):
        return None
    number = Decimal(bare.replace(",", "."))
    return _written(number) if number <= criterion.most else None


def shown(name: str, value: str) -> str:
    """A number in French figures; codes as they are, for whoever has the words."""
    criterion = BY_NAME[name]
    if criterion.kind != "number":
        return value
    return f"{value.replace('.', ',')} {criterion.unit}".rstrip()


def share_text(share: float) -> str:
    """A share (0 to 1) as a value of `online_share`: cut and never rounded up, as indicators are."""
    return _written(Decimal(int(min(share, 1.0) * 1000 + 1e-9)) / 10)


def _of_number(criterion: Criterion, number: Decimal) -> Level | None:
    if criterion.green is None or criterion.yellow is None:
        return None
    for name, end in (("green", criterion.green), ("yellow", criterion.yellow)):
        reached = {"from": number >= end, "below": number < end, "up_to": number <= end}[criterion.compare]
        if reached:
            return name  # type: ignore[return-value]  # the two levels named above
    return "red"


def _support(means: frozenset[str]) -> Level:
    if len(means) >= ENOUGH_MEANS and means & IN_PERSON:
        return "green"
    return "yellow" if means else "red"


def _written(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

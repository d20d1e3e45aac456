"""From a line of an export to what a citizen said: our codes, the moment, and all that could not be read. Pure.

Answers are taken as they stand there, even where our form would not let them go together: the figures must be those of
the same lines at the national service. A cell that says nothing known is left out and told; only a line without its
date, its identifier or its first answer is refused whole.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import TypeVar

from msgspec import Struct

from collector.forms import form
from collector.forms.texts import CONTROL
from collector.national import words
from collector.national.file import Line
from collector.schema import Answers, Desk, FormName, MalfunctionAnswers, Means, SatisfactionAnswers

Code = TypeVar("Code")

DEFAULT_PLACEMENT = "Je donne mon avis"
_FIRST = datetime(2015, 1, 1, tzinfo=UTC)
# A workbook keeps a moment as a fraction of days: what was a whole second may lie a hair before it.
_HAIR = timedelta(microseconds=500)


class Told(Struct, frozen=True):
    """What could not be read, where, and what became of it."""

    sheet: str
    row: int
    column: str
    message: str


class Opinion(Struct, frozen=True):
    """`capability` finds the same review again when the file is imported again; no browser's `id` leads to it."""

    form: FormName
    answers: Answers
    at: datetime
    placement: str
    identity: str

    def capability(self, slug: str) -> str:
        text = f"{slug}\n{self.form}\n{self.at:%Y-%m-%dT%H:%M:%S}\n{self.identity}"
        return blake2b(text.encode(), digest_size=16, person=b"avis-national").hexdigest()


class Understood(Struct, frozen=True):
    """None as `opinion`: the line is refused, and `told` says why."""

    opinion: Opinion | None
    told: tuple[Told, ...]


def understood(line: Line, now: datetime) -> Understood:
    reading = _Reading(line)
    at = reading.moment(now)
    identity = line.cells.get(words.ID, "")
    if not identity:
        reading.tell(words.ID, "Il manque l'identifiant de l'avis : ligne refusée.")
    answers = reading.answers()
    opinion = None
    if at and identity and answers:
        name: FormName = "satisfaction" if isinstance(answers, SatisfactionAnswers) else "malfunction"
        opinion = Opinion(name, answers, at, line.cells.get(words.PLACEMENT, DEFAULT_PLACEMENT)[:80], identity)
    return Understood(opinion, tuple(reading.told))


class _Reading:
    """One line; what is wrong in it is collected on the way."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.told: list[Told] = []

    def tell(self, column: str, message: str) -> None:
        self.told.append(Told(self._line.sheet, self._line.number, column, message))

    def moment(self, now: datetime) -> datetime | None:
        """The exports write UTC, without saying so."""
        text = self._line.cells.get(words.DATE, "")
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            self.tell(words.DATE, f"« {text[:40]} » n'est pas une date : ligne refusée.")
            return None
        at = ((at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC) + _HAIR).replace(microsecond=0)
        if not _FIRST <= at <= now:
            self.tell(words.DATE, f"Le {at:%d/%m/%Y} n'est pas possible : ligne refusée.")
            return None
        return at

    def answers(self) -> Answers | None:
        kind = self._one("kind", words.KIND_OF)
        if kind:
            return MalfunctionAnswers(kind=kind, verbatim=self._text("malfunction", "verbatim") or "")
        satisfaction = self._one("satisfaction", words.SATISFACTION_OF)
        if not satisfaction:
            self.tell("satisfaction", "Il manque la première réponse, celle qui compte l'avis : ligne refusée.")
            return None
        mark = self._one("comprehension", words.MARK_OF)
        return SatisfactionAnswers(
            satisfaction=satisfaction,
            comprehension=mark,
            contact_tried=self._tried() or None,
            contact_tried_other=self._text("satisfaction", "contact_tried_other"),
            contact_reached=self._by_desk("contact_reached", words.REACHED_OF) or None,
            contact_satisfaction=self._by_desk("contact_satisfaction", words.HELP_OF) or None,
            verbatim=self._text("satisfaction", "verbatim"),
        )

    def _one(self, field: str, codes: Mapping[str, Code]) -> Code | None:
        cell = self._line.cells.get(field)
        return self._code(field, cell, codes) if cell else None

    def _tried(self) -> list[Means]:
        found = [self._code("contact_tried", part, words.MEANS_OF) for part in self._parts("contact_tried")]
        return list(dict.fromkeys(means for means in found if means))

    def _by_desk(self, field: str, codes: Mapping[str, Code]) -> dict[Desk, Code]:
        """`Au guichet : Oui / Par chat : Non`, by desk."""
        found: dict[Desk, Code] = {}
        for part in self._parts(field):
            name, _, said = part.partition(" : ")
            desk, code = self._code(field, name, words.DESK_OF), self._code(field, said, codes)
            if desk and code is not None:
                found[desk] = code
        return found

    def _parts(self, field: str) -> list[str]:
        return words.several(self._line.cells.get(field, ""))

    def _code(self, field: str, text: str, codes: Mapping[str, Code]) -> Code | None:
        code = codes.get(words.answer(text))
        if code is None:
            self.tell(field, f"« {text[:40]} » n'est pas une réponse de cette question : laissée de côté.")
        return code

    def _text(self, name: FormName, field: str) -> str | None:
        text = CONTROL.sub("", self._line.cells.get(field, ""))
        longest = form(name).field(field).longest
        if len(text) > longest:
            self.tell(field, f"Ce texte a {len(text)} caractères : coupé après {longest}.")
        return text[:longest] or None

"""The tables of the indicators page as rows of a file: the figures that are shown, written as they are shown. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal, get_args

from msgspec import Struct

from admin.figures import distributions, helps
from admin.language import translated
from admin.views import View
from admin.words import high_end, label, percent, short_date, signed, worded
from collector.exports.formats import guarded
from collector.indicators import Indicator, shown

Table = Literal["indicateurs", "evolution", "reponses", "aide", "parties"]
TABLES: tuple[Table, ...] = get_args(Table)
Row = Sequence[str | int]
_NUMBER = re.compile(r"[+-]?[0-9]+(?:,[0-9]+)?%?")
ANSWERS = ("good", "medium", "bad")


class Sheet(Struct, frozen=True):
    name: str
    head: Row
    rows: list[Row]


def safe(one: str | int) -> str | int:
    """A text that no spreadsheet runs as a formula; a number with its sign is none."""
    return one if isinstance(one, int) or _NUMBER.fullmatch(one) else guarded(one)


def sheet_of(view: View, table: Table) -> Sheet:
    """A table of the page. Where something is filtered, each row says so: a file is read without its page."""
    head, rows = _SHEETS[table]
    said = view.parts.sentence
    name = f"{view.procedure.slug}-{table}-{view.period.first}-{view.period.last}"
    more: Row = ("Filtres",) if said else ()
    filled = [(*row, *((said,) if said else ())) for row in rows(view)]
    return Sheet(name, (*head(view), *more), [tuple(map(safe, row)) for row in filled])


def _figure(one: Indicator) -> Row:
    """Value, interval, count. Without blanks a spreadsheet takes `71%` for a number."""
    ends = (one.shown, shown(one.low, one.scale) if one.low is not None else None, high_end(one.high, one.scale))
    return (*(_plain(end or "") for end in ends), one.count)


def _plain(text: str) -> str:
    """As a spreadsheet reads numbers: points of percent are the difference of two percentages."""
    return "".join(text.replace("\N{MINUS SIGN}", "-").replace("pts", "%").split())


def _compared_head(view: View) -> Row:
    ministry, period = _heads("Cette démarche, douze mois", "Ministère"), _heads("Cette période", "Période comparée")
    sides = ministry if view.ministry else period
    places = _heads("Rang", "Sur", "Au-dessus de", "En dessous de") if view.ministry else ()
    ends = _heads("Écart", "Écart, bas", "Écart, haut", "Conclusion")
    return (*_heads("Indicateur"), *(name for side in sides for name in _with_ends(side)), *ends, *places)


def _places(view: View, name: str) -> Row:
    if not view.ministry:
        return ()
    place = view.ministry.places.get(name)
    return (place.rank, place.among, place.above, place.below) if place else ("", "", "", "")


def _compared(view: View) -> Iterator[Row]:
    for one in view.compared.values():
        d = one.difference
        ends = [_plain(signed(end, d.after.scale)) for end in (d.value, d.low, d.high)] if d else ["", "", ""]
        told = label("verdicts_of_ministry" if view.ministry else "verdicts_of_change", one.verdict)
        yield (
            label("indicators", one.name),
            *_figure(one.after),
            *_figure(one.before),
            *ends,
            told,
            *_places(view, one.name),
        )


def _evolution(view: View) -> Iterator[Row]:
    for point in view.points:
        noted = " ; ".join(
            f"{short_date(one.day)} : {one.words}" for one in view.improvements if point.first <= one.day <= point.last
        )
        answers = [point.answers[code] for code in ANSWERS]
        days = (point.first.isoformat(), point.last.isoformat())
        yield (*days, *_figure(point.indicators[view.charted.name]), point.reviews, *answers, noted)


def _answers(view: View) -> Iterator[Row]:
    for one in [*distributions(view.counts), *view.own]:
        for name, number in one.rows:
            yield one.title, name, number, _plain(percent(number, one.whole)) if one.whole else ""


def _help(view: View) -> Iterator[Row]:
    for one in helps(view.counts):
        yield one.name, one.tried, *_figure(one.reached), *_figure(one.quality)


def _parts(view: View) -> Iterator[Row]:
    for kind, rows in view.slices.items():
        for value, one in rows.items():
            told = label("verdicts_of_part", one.verdict)
            yield label("parts", kind), view.parts.text(kind, value), *_figure(one.after), told


def _with_ends(name: str) -> tuple[str, ...]:
    return name, *(f"{name}, {end}" for end in _heads("bas", "haut", "réponses"))


def _heads(*names: str) -> tuple[str, ...]:
    """Of columns, in the language spoken."""
    return tuple(map(translated, names))


_SHEETS: Mapping[Table, tuple[Callable[[View], Row], Callable[[View], Iterator[Row]]]] = {
    "indicateurs": (_compared_head, _compared),
    "evolution": (
        lambda view: (
            *_heads("Du", "Au"),
            *_with_ends(label("indicators", view.charted.name)),
            *_heads("Avis"),
            *(text for _, text in worded("satisfaction", ANSWERS)),
            *_heads("Améliorations"),
        ),
        _evolution,
    ),
    "reponses": (lambda _: _heads("Question", "Réponse", "Nombre", "Part"), _answers),
    "aide": (
        lambda _: (
            *_heads("Moyen", "Essayé par"),
            *(end for name in _heads("Jointe", "Qualité") for end in _with_ends(name)),
        ),
        _help,
    ),
    "parties": (
        lambda view: (
            *_heads("Selon", "Valeur"),
            *_with_ends(label("indicators", view.charted.name)),
            *_heads("Face au reste"),
        ),
        _parts,
    ),
}

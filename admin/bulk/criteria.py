"""A declared criterion as a cell: « 99,95 % | 2026-03-01 | https://suivi.exemple.fr ». Pure."""

from collections.abc import Mapping
from datetime import date

from admin import words
from admin.bulk.cells import code_of, codes_of
from admin.criteria import choices, statement_of, typed, words_of
from admin.language import translated
from admin.posted import Posted
from collector.criteria import BY_NAME, CONTACT_MEANS, CRITERIA, NO_MEANS, UNSAID, Criterion, Statement
from collector.plain import plain

COLUMNS = {one.name: one.title for one in CRITERIA}
SEPARATOR = " | "


def cell_of(criterion: Criterion, said: Statement) -> str:
    """Empty where nothing is declared."""
    if said.standing == "not_declared":
        return ""
    return SEPARATOR.join(part for part in (words_of(criterion, said), said.day, said.evidence) if part)


def statements_of(form: Posted, today: date) -> dict[str, Statement]:
    """What the cells of a row say, but for empty ones; what is wrong is told by column."""
    return {one.name: _statement(form, one, today) for one in CRITERIA if form[one.name].strip()}


def after(held: Statement, said: Statement) -> Statement:
    """What to write. What is taken back is taken back for the day that it was said of."""
    return Statement(day=held.day) if said.standing == "not_declared" and held != UNSAID else said


def _statement(form: Posted, criterion: Criterion, today: date) -> Statement:
    value, *rest = (part.strip() for part in form[criterion.name].split("|"))
    fields = {name.partition("-")[2]: [""] for name in typed(criterion, UNSAID, today)}
    fields["said"], fields["value"], fields["means"] = _said(form, criterion, value)
    for part in filter(None, rest):
        fields["evidence" if "://" in part else "day"] = [part]
    cell = Posted({f"{criterion.name}-{name}": typed for name, typed in fields.items()})
    said = statement_of(cell, criterion, today)
    _pass_on(cell, form, criterion, _example())
    return said


def _said(form: Posted, criterion: Criterion, value: str) -> tuple[list[str], list[str], list[str]]:
    """The fields `said`, `value` and `means` for the first part of a cell."""
    known = {plain(name): code for code in choices(criterion) for name in (code, words.label("declared", code))}
    said = known.get(plain(value))
    if said and said != "declared":
        return [said], [""], []
    if criterion.kind == "number":
        return ["declared"], [value], []
    if criterion.kind == "choice":
        one = Posted({"declared": [value]})
        code_of(one, "declared", "declared", choices(criterion))
        _pass_on(one, form, criterion)
        return ["not_declared"], [""], []
    several = Posted({"contact_means": [part.strip() for part in value.split(",")]})
    means = codes_of(several, "contact_means", (*CONTACT_MEANS, NO_MEANS))
    _pass_on(several, form, criterion)
    return ["declared"], [""], [*means]


def _pass_on(part: Posted, form: Posted, criterion: Criterion, more: str = "") -> None:
    """What is wrong with a part is wrong with its cell."""
    for message in part.errors.values():
        form.errors.setdefault(criterion.name, f"{message} {more}".rstrip())


def _example() -> str:
    return translated("Exemple d'une cellule : 99,95 | 2026-03-01 | https://suivi.exemple.fr")


def cells_of(said: Mapping[str, Statement]) -> dict[str, str]:
    return {name: cell_of(BY_NAME[name], said.get(name, UNSAID)) for name in COLUMNS}

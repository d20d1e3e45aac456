"""An owner's own questions in the editor of the form: what was typed, and what each button does to it.

The page is the only memory until the draft is saved: a button posts everything that was typed and the same page comes
back, changed. Nothing needs a script. Questions and answers keep numbers and codes that are ours: wording may be
corrected and order changed, and no answer ever changes its meaning.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from string import ascii_lowercase
from typing import Any

from msgspec import Struct

from admin.posted import Posted
from collector.schema import OWN_KINDS, OWN_NAMES, FormVersion, OwnKind, OwnOption, OwnQuestion

MOST = len(OWN_NAMES)
FEWEST_OPTIONS, MOST_OPTIONS = 2, 10
LONGEST_WORDING, LONGEST_LABEL = 200, 80
ENDS = ("1", "5")
CODES = (*ascii_lowercase, *(first + second for first in ascii_lowercase for second in ascii_lowercase))
"""In the order in which they are given; none is ever given to two answers of a question."""

_MOVE = re.compile(r"(add|up|down|remove|option|option-up|option-down)/(\w+)(?:/([0-9]{1,2}))?")
_CHOICES = ("single", "multiple")


class Row(Struct):
    """One answer as it was typed. An empty code: it has none yet."""

    code: str
    label: str


class Block(Struct):
    """One question as it was typed. `number` is "" for one that was never saved."""

    number: str
    kind: OwnKind
    wording: str
    rows: list[Row]

    @property
    def has_choices(self) -> bool:
        return self.kind in _CHOICES


Used = Mapping[int, tuple[OwnKind, frozenset[str]]]
"""Of each question that any version asks: its kind, and the codes that were given to its answers."""


def used_in(versions: Sequence[FormVersion]) -> Used:
    found: dict[int, tuple[OwnKind, frozenset[str]]] = {}
    for question in (asked for one in versions for asked in one.adjustments.questions):
        _, before = found.get(question.number, (question.kind, frozenset[str]()))
        found[question.number] = (question.kind, before | set(question.codes))
    return found


def typed(questions: Sequence[OwnQuestion]) -> list[Block]:
    return [
        Block(
            str(asked.number), asked.kind, asked.wording, [Row(option.code, option.label) for option in asked.options]
        )
        for asked in questions
    ]


def written(blocks: Sequence[Block]) -> dict[str, list[str]]:
    """The same as the page posts it."""
    found: dict[str, list[str]] = {}
    for n, block in enumerate(blocks, 1):
        found |= {f"q{n}-number": [block.number], f"q{n}-kind": [block.kind], f"q{n}-wording": [block.wording]}
        for m, row in enumerate(block.rows, 1):
            found |= {f"q{n}-code-{m}": [row.code], f"q{n}-label-{m}": [row.label]}
    return found


def after_move(form: Posted) -> Posted:
    """Everything that was typed, and what the button did to the questions."""
    rest = {name: values for name, values in form.values.items() if not re.match(r"q\d-|move$", name)}
    return Posted({**rest, **written(moved(blocks_of(form), form["move"]))})


def blocks_of(form: Posted) -> list[Block]:
    """As they stand in the page that was posted."""
    return list(_blocks(form))


def _blocks(form: Posted) -> Iterator[Block]:
    for n in range(1, MOST + 1):
        kind = next((one for one in OWN_KINDS if one == form[f"q{n}-kind"]), None)
        if kind:
            rows = [
                Row(form[f"q{n}-code-{m}"], form[f"q{n}-label-{m}"])
                for m in range(1, MOST_OPTIONS + 1)
                if f"q{n}-label-{m}" in form.values
            ]
            yield Block(form[f"q{n}-number"], kind, form[f"q{n}-wording"], rows)


def moved(blocks: list[Block], move: str) -> list[Block]:
    """What a button does; nothing where it makes no sense (any more)."""
    found = _MOVE.fullmatch(move)
    if found is None:
        return blocks
    act, what, row = found[1], found[2], int(found[3] or 0)
    if act == "add":
        kind = next((one for one in OWN_KINDS if one == what), None)
        return [*blocks, _empty(kind)] if kind and len(blocks) < MOST else blocks
    at = int(what) - 1 if what.isdecimal() else -1
    if not 0 <= at < len(blocks):
        return blocks
    if act == "remove":
        return blocks[:at] + blocks[at + 1 :]
    if act in {"up", "down"}:
        return _swapped(blocks, at, at + (1 if act == "down" else -1))
    block = blocks[at]
    if act == "option" and block.has_choices and len(block.rows) < MOST_OPTIONS:
        block.rows.append(Row("", ""))
    elif act != "option" and 0 < row <= len(block.rows):
        block.rows = _swapped(block.rows, row - 1, row - 1 + (1 if act == "option-down" else -1))
    return blocks


def _empty(kind: OwnKind) -> Block:
    if kind == "scale":
        return Block("", kind, "", [Row(end, "") for end in ENDS])
    return Block("", kind, "", [Row("", "") for _ in range(FEWEST_OPTIONS if kind in _CHOICES else 0)])


def _swapped(items: list[Any], first: int, second: int) -> list[Any]:
    items = list(items)
    if 0 <= first < len(items) and 0 <= second < len(items):
        items[first], items[second] = items[second], items[first]
    return items


def questions_of(form: Posted, used: Used) -> tuple[OwnQuestion, ...]:
    """What shall be saved; the form remembers what is wrong with it."""
    found: list[OwnQuestion] = []
    numbers = _numbers(blocks_of(form), used)
    for n, (block, number) in enumerate(zip(blocks_of(form), numbers, strict=True), 1):
        wording = form.text(f"q{n}-wording", longest=LONGEST_WORDING)
        labels = [
            form.text(f"q{n}-label-{m}", longest=LONGEST_LABEL, required=block.kind == "scale")
            for m in range(1, len(block.rows) + 1)
        ]
        rows = [Row(row.code, label) for row, label in zip(block.rows, labels, strict=True) if label]
        if block.kind == "scale":
            options = tuple(OwnOption(end, label) for end, label in zip(ENDS, labels, strict=False))
        else:
            _check(form, n, block, rows)
            options = _coded(rows, used[number][1] if number in used else frozenset())
        found.append(OwnQuestion(number, block.kind, wording, options))
    return tuple(found)


def _check(form: Posted, n: int, block: Block, rows: list[Row]) -> None:
    labels = [row.label.casefold() for row in rows]
    if block.has_choices and len(rows) < FEWEST_OPTIONS:
        form.refuse(f"q{n}-label-1", "Donnez au moins deux réponses à choisir, ou retirez la question.")
    for m, row in enumerate(block.rows, 1):
        label = " ".join(row.label.split()).casefold()
        if label and labels.count(label) > 1:
            form.refuse(f"q{n}-label-{m}", "Deux réponses disent la même chose : changez-en une, ou videz-la.")


def _numbers(blocks: Sequence[Block], used: Used) -> list[int]:
    """A question keeps its number; one that no version knows, or of another kind, gets one that none ever had."""
    numbers: list[int] = []
    for block in blocks:
        number = int(block.number) if re.fullmatch(r"[0-9]{1,4}", block.number) else 0
        if number in numbers or number not in used or used[number][0] != block.kind:
            number = max([0, *used, *numbers]) + 1
        numbers.append(number)
    return numbers


def _coded(rows: Sequence[Row], given: frozenset[str]) -> tuple[OwnOption, ...]:
    """An answer keeps its code; a new one gets the first that comes after all that were ever given."""
    fresh = iter(CODES[max((CODES.index(code) + 1 for code in given), default=0) :])
    kept: set[str] = set()
    options = []
    for row in rows:
        code = row.code if row.code in given and row.code not in kept else next(fresh)
        kept.add(code)
        options.append(OwnOption(code, row.label))
    return tuple(options)

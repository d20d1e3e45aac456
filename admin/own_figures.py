"""How the answers to an owner's own questions spread. Pure.

A question that several versions ask in the same words is one question: its answers have the codes that they always had,
and the labels of the latest version. Asked in other words it is another one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from admin.figures import Distribution
from admin.language import translated
from collector.forms.own import ANSWERED
from collector.indicators import MARKS
from collector.schema import OWN_NAMES, OwnName, OwnQuestion

Asked = Mapping[int, Sequence[OwnQuestion]]
"""The own questions of each version."""
Sums = Iterable[tuple[int, Mapping[tuple[OwnName, str], int]]]
"""Of each version, how often each answer was given to each question."""
Same = tuple[int, str, str]
"""What makes two questions one: number, kind and wording."""


def own_distributions(sums: Sums, asked: Asked) -> list[Distribution]:
    """The questions of the latest version come first."""
    same: dict[tuple[int, str], Same] = {}
    latest: dict[Same, OwnQuestion] = {}
    labels: dict[Same, dict[str, str]] = {}
    for version in sorted(asked, reverse=True):
        for name, question in zip(OWN_NAMES, asked[version], strict=False):
            one = same[version, name] = (question.number, question.kind, question.wording)
            latest.setdefault(one, question)
            for option in question.options:
                labels.setdefault(one, {}).setdefault(option.code, option.label)
    numbers: dict[Same, Counter[str]] = {one: Counter() for one in latest}
    for version, row in sums:
        for (name, answer), number in row.items():
            numbers[same[version, name]][answer] += number
    return [_spread(latest[one], labels.get(one, {}), of) for one, of in numbers.items() if of[ANSWERED]]


def _spread(question: OwnQuestion, labels: Mapping[str, str], sums: Mapping[str, int]) -> Distribution:
    whole, head = sums[ANSWERED], translated("Réponse")
    if question.kind == "text":
        rows = [(translated("Textes, à lire dans les avis"), whole)]
    elif question.kind == "scale":
        rows = [(f"{mark} {labels.get(str(mark), '')}".strip(), sums.get(str(mark), 0)) for mark in MARKS]
    else:
        rows = [(label, sums.get(code, 0)) for code, label in labels.items()]
    return Distribution(question.wording, head, tuple(rows), whole, multiple=question.kind == "multiple")

"""What a change of the form does to the figures, by the keys of the sentences that say so: pure.

The questions keep their words, so an answer always means the same. What is not asked any more has no figure, and who
answers what is left may be other people.
"""

from collections.abc import Iterator

from collector.schema import DESKS, Adjustments


def effects(adjustments: Adjustments) -> tuple[str, ...]:
    """Against the national questionnaire; none for it."""
    return tuple(_effects(adjustments))


def _effects(adjustments: Adjustments) -> Iterator[str]:
    if adjustments.introduction:
        yield "introduction"
    if adjustments.questions:
        yield "questions"
    if "comprehension" in adjustments.hidden_steps:
        yield "comprehension"
    if "contact" in adjustments.hidden_steps:
        yield "contact"
        return
    hidden = set(adjustments.hidden_means)
    if hidden.issuperset(DESKS):
        yield "no-desk"
    elif hidden.intersection(DESKS):
        yield "desk"
    if "none" in hidden:
        yield "none"
    if hidden - {*DESKS, "none"}:
        yield "means"

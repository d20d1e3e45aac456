"""What a trial shows instead of storing it: question by question, as an owner would read it."""

from collections.abc import Iterator, Sequence

from collector.schema import OWN_NAMES, OwnName, OwnQuestion, Review
from embed.language import DEFAULT, languages

Line = tuple[str, str]
"""A question and what is kept of its answer."""


def kept(review: Review, questions: Sequence[OwnQuestion] = ()) -> list[Line]:
    """In French, whatever the form's language: trials are for owners and their developers."""
    return list(_lines(review, questions))


def own_lines(review: Review, questions: Sequence[OwnQuestion]) -> Iterator[Line]:
    """What a review answers to the own questions of its version, in the owner's words."""
    for name, asked in zip(OWN_NAMES, questions, strict=False):
        if said := _said(name, asked, review):
            yield asked.wording, said


def _said(name: OwnName, asked: OwnQuestion, review: Review) -> str | None:
    answer = review.own_answers.get(name)
    if answer is None:
        return review.own_texts.get(name)
    if isinstance(answer, int):
        return f"{answer} / 5"
    labels = {option.code: option.label for option in asked.options}
    return ", ".join(labels.get(code, code) for code in ([answer] if isinstance(answer, str) else answer))


def _lines(review: Review, own: Sequence[OwnQuestion]) -> Iterator[Line]:
    words = languages()[DEFAULT]
    questions, codes = words.questions, words.codes
    if review.satisfaction:
        yield questions.satisfaction, codes.satisfaction[review.satisfaction]
    if review.comprehension:
        yield questions.comprehension, f"{review.comprehension} / 5"
    if review.contact_tried:
        yield questions.contact_tried, ", ".join(codes.contact_tried[means] for means in review.contact_tried)
    if review.contact_tried_other:
        yield questions.contact_tried_other, review.contact_tried_other
    for desk, reached in review.contact_reached.items():
        yield questions.contact_reached, f"{codes.desks[desk]} : {codes.contact_reached[str(reached).lower()]}"
    for desk, mark in review.contact_satisfaction.items():
        yield questions.contact_satisfaction, f"{codes.desks[desk]} : {codes.contact_satisfaction[str(mark)]}"
    yield from own_lines(review, own)
    if review.kind:
        yield questions.kind, codes.kind[review.kind]
    if review.verbatim:
        yield questions.verbatim if review.form == "satisfaction" else questions.description, review.verbatim
    if review.device:
        yield questions.device, codes.device[review.device]
    if review.browser:
        yield questions.browser, codes.browser[review.browser]
    yield "Page", review.page or "–"
    if review.context:
        yield "Contexte", review.context
    yield "Langue", review.lang
    yield "Jour", review.day
    yield "Version du formulaire", str(review.form_version)

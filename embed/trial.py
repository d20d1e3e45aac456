"""What a trial shows instead of storing it: question by question, as an owner would read it."""

from collections.abc import Iterator

from collector.schema import Review
from embed.language import DEFAULT, languages

Line = tuple[str, str]
"""A question and what is kept of its answer."""


def kept(review: Review) -> list[Line]:
    """In French, whatever the form's language: trials are for owners and their developers."""
    return list(_lines(review))


def _lines(review: Review) -> Iterator[Line]:
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

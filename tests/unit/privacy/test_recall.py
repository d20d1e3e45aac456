"""How much of our own labelled comments is masked: the thresholds only ever go up."""

import collections

import pytest

from collector.privacy import find
from tests.unit.privacy.comments import Comment, halves

STRUCTURED = ("EMAIL", "PHONE", "NIR", "IBAN", "CARD", "PLATE", "IP", "URL")


def caught(comment: Comment, found: list[tuple[int, int, str]]) -> list[tuple[str, bool]]:
    """Each span that must be hidden and whether all its letters and figures are."""
    hidden = {i for start, end, _ in found for i in range(start, end)}
    return [
        (kind, all(i in hidden for i in range(start, end) if comment.text[i].isalnum()))
        for start, end, kind, optional in comment.spans
        if not optional
    ]


def excess(comment: Comment, found: list[tuple[int, int, str]]) -> int:
    """Letters and figures masked that belong to no labelled span."""
    labelled = {i for start, end, _, _ in comment.spans for i in range(start, end)}
    return sum(comment.text[i].isalnum() and i not in labelled for start, end, _ in found for i in range(start, end))


@pytest.fixture(scope="module", params=["tuning", "validation"])
def measured(request: pytest.FixtureRequest) -> dict[str, float]:
    chosen = dict(zip(("tuning", "validation"), halves(), strict=True))[request.param]
    total, hit = collections.Counter[str](), collections.Counter[str]()
    over = outside = negatives = touched = 0
    for comment in chosen:
        found = find(comment.text)
        for kind, whole in caught(comment, found):
            total[kind] += 1
            hit[kind] += whole
        wrong = excess(comment, found)
        over += wrong
        outside += len(comment.text) - sum(end - start for start, end, _, _ in comment.spans)
        if comment.note.startswith("hard"):
            negatives += 1
            touched += wrong > 0
    structured = sum(hit[k] for k in STRUCTURED) / sum(total[k] for k in STRUCTURED)
    rest = sum(hit[k] for k in total if k not in (*STRUCTURED, "NAME")) / sum(
        total[k] for k in total if k not in (*STRUCTURED, "NAME")
    )
    return {
        "structured": structured,
        "rest": rest,
        "name": hit["NAME"] / total["NAME"],
        "over": over / outside,
        "touched": touched / negatives,
    }


def test_structured_identifiers_are_masked(measured: dict[str, float]) -> None:
    assert measured["structured"] >= 0.99


def test_numbers_addresses_births_and_secrets_are_masked(measured: dict[str, float]) -> None:
    assert measured["rest"] >= 0.97


def test_names_are_masked(measured: dict[str, float]) -> None:
    assert measured["name"] >= 0.97


def test_the_rest_of_a_comment_stays_readable(measured: dict[str, float]) -> None:
    assert measured["over"] <= 0.003


def test_comments_about_nobody_are_left_alone(measured: dict[str, float]) -> None:
    assert measured["touched"] <= 0.02

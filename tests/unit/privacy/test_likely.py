"""What the form points out while somebody types, against what the masking hides: both on our labelled comments."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from collector.privacy import find
from collector.privacy.likely import LIKELY
from tests.services import absent
from tests.unit.privacy.comments import Comment, load

NODE = Path(__file__).parents[3] / ".venv" / "node-bin" / "node"
SEARCH = """
const { pattern, texts } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const search = (text) => [...text.matchAll(new RegExp(pattern, "gi"))].map(([found]) => found);
console.log(JSON.stringify(texts.map(search)));
"""

Pointed = list[tuple[Comment, list[str]]]


@pytest.fixture(scope="module")
def pointed() -> Pointed:
    """Every comment with what a browser's engine finds likely in it."""
    if not NODE.exists():
        absent("Node", "make setup brings it")
    comments = load()
    given = json.dumps({"pattern": LIKELY, "texts": [comment.text for comment in comments]})
    done = subprocess.run([NODE, "-e", SEARCH], input=given, capture_output=True, check=True, text=True)
    return list(zip(comments, json.loads(done.stdout), strict=True))


def hidden(comment: Comment) -> str:
    """The comment with a blank for each character that the masking hides."""
    covered = {place for start, end, _ in find(comment.text) for place in range(start, end)}
    return "".join(" " if place in covered else character for place, character in enumerate(comment.text))


def test_browsers_and_python_read_the_table_alike(pointed: Pointed) -> None:
    for comment, found in pointed:
        plain = comment.text.translate({ord(figure): "x" for figure in comment.text if not figure.isascii()})
        again = [match.group() for match in re.finditer(LIKELY, plain, re.IGNORECASE | re.ASCII)]
        assert len(again) == len(found), comment.text


def test_nine_of_ten_things_pointed_out_are_things_that_the_masking_hides(pointed: Pointed) -> None:
    found = [(comment, likely) for comment, every in pointed for likely in every]
    kept = [likely for comment, likely in found if likely in hidden(comment)]
    assert len(found) > 150
    assert len(kept) <= len(found) / 10, kept


@pytest.mark.parametrize(("kind", "least"), [("CARD", 1.0), ("IBAN", 0.9), ("PHONE", 0.8), ("NIR", 0.8)])
def test_most_plain_numbers_of_people_are_pointed_out(pointed: Pointed, kind: str, least: float) -> None:
    spans = [
        any(likely in comment.text[max(0, start - 1) : end + 1] for likely in found)
        for comment, found in pointed
        for start, end, given, optional in comment.spans
        if given == kind and not optional
    ]
    assert sum(spans) >= least * len(spans)


def test_a_comment_about_nobody_is_seldom_pointed_at(pointed: Pointed) -> None:
    negatives = [bool(found) for comment, found in pointed if comment.note.startswith("hard")]
    assert len(negatives) > 300
    assert sum(negatives) <= 0.06 * len(negatives)

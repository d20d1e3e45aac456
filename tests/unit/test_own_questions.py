"""An owner's own questions: what may be answered to them, how that is counted, and where they stand in the form."""

from typing import Any

import pytest

from collector.errors import InvalidAnswers
from collector.forms import adjusted, form
from collector.forms.answers import decode
from collector.forms.own import check, counts_of_own, own_answers
from collector.schema import Adjustments, OwnOption, OwnQuestion, SatisfactionAnswers
from tests.unit.test_batch import review

DESKS = (OwnOption("a", "Mairie"), OwnOption("c", "Préfecture"), OwnOption("d", "Poste"))
QUESTIONS = (
    OwnQuestion(4, "single", "Où l'avez-vous retiré ?", DESKS),
    OwnQuestion(2, "multiple", "Quels documents avez-vous joints ?", DESKS),
    OwnQuestion(7, "scale", "Le délai vous convient-il ?"),
)
SHORT = (OwnQuestion(1, "text", "Que manque-t-il ?"),)


def refused(questions: tuple[OwnQuestion, ...], **said: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidAnswers) as refusal:
        check(questions, own_answers(SatisfactionAnswers(satisfaction="good", **said)))
    assert all(field.message.endswith(".") for field in refusal.value.errors)
    return [(field.path, field.code) for field in refusal.value.errors]


def test_answers_of_every_kind_are_taken() -> None:
    answers = decode("satisfaction", b'{"satisfaction":"good","question_1":"c","question_2":["a","d"],"question_3":5}')
    said = own_answers(answers)
    assert said == {"question_1": "c", "question_2": ["a", "d"], "question_3": 5}
    check(QUESTIONS, said)
    check(SHORT, {"question_1": "é" * 250})


def test_nothing_chosen_is_no_answer() -> None:
    assert own_answers(SatisfactionAnswers("good", question_1="", question_2=[], question_3=None)) == {}
    check((), {})


@pytest.mark.parametrize(
    ("said", "path", "code"),
    [
        ({"question_1": "b"}, ".question_1", "unknown-code"),
        ({"question_1": "Mairie"}, ".question_1", "unknown-code"),
        ({"question_1": ["a"]}, ".question_1", "wrong-type"),
        ({"question_1": 1}, ".question_1", "wrong-type"),
        ({"question_2": "a"}, ".question_2", "wrong-type"),
        ({"question_2": ["a", "z"]}, ".question_2[1]", "unknown-code"),
        ({"question_2": ["a", "a"]}, ".question_2", "duplicate"),
        ({"question_3": "4"}, ".question_3", "wrong-type"),
    ],
)
def test_what_the_version_does_not_offer_is_refused_by_its_path(said: dict[str, Any], path: str, code: str) -> None:
    assert refused(QUESTIONS, **said) == [(f"$.answers{path}", code)]


@pytest.mark.parametrize(
    ("text", "code"), [("é" * 251, "too-long"), ("a\0b", "control-characters"), (["a"], "wrong-type")]
)
def test_a_short_text_is_checked_like_any_text(text: Any, code: str) -> None:
    assert refused(SHORT, question_1=text) == [("$.answers.question_1", code)]


def test_a_question_that_the_version_does_not_ask_is_refused() -> None:
    assert refused(SHORT, question_2="a", question_3=3) == [
        ("$.answers.question_2", "not-asked"),
        ("$.answers.question_3", "not-asked"),
    ]


@pytest.mark.parametrize(
    ("raw", "code"), [(b"0", "out-of-range"), (b"6", "out-of-range"), (b"true", "wrong-type"), (b"[1]", "wrong-type")]
)
def test_shapes_that_no_question_has_are_refused_by_the_decoder(raw: bytes, code: str) -> None:
    with pytest.raises(InvalidAnswers) as refusal:
        decode("satisfaction", b'{"satisfaction":"good","question_1":' + raw + b"}")
    (field,) = refusal.value.errors
    assert (field.path.removesuffix("[0]"), field.code) == ("$.answers.question_1", code)


def test_each_answer_is_counted_and_each_question_answered_once() -> None:
    said: dict[Any, Any] = {"question_1": "c", "question_2": ["a", "d"], "question_3": 5}
    assert counts_of_own(review(satisfaction="good", own_answers=said)) == {
        "question_1:c": 1,
        "question_2:a": 1,
        "question_2:d": 1,
        "question_3:5": 1,
        "question_1:": 1,
        "question_2:": 1,
        "question_3:": 1,
    }
    assert counts_of_own(review(own_texts={"question_2": "Un banc"})) == {"question_2:": 1}
    assert counts_of_own(review(own_answers=said, aside="suspect")) == {}
    assert counts_of_own(review()) == {}


@pytest.mark.parametrize("hidden", [(), ("contact",), ("comprehension", "contact")])
def test_they_stand_before_the_comment_whatever_is_left_out(hidden: tuple[Any, ...]) -> None:
    standard = form("satisfaction")
    own = adjusted(standard, 2, Adjustments(hidden_steps=hidden, questions=QUESTIONS))
    assert [step.name for step in own.steps][-2:] == ["questions", "verbatim"]
    assert [(field.name, field.type, field.codes) for field in own.steps[-2].fields] == [
        ("question_1", "choice", ("a", "c", "d")),
        ("question_2", "choices", ("a", "c", "d")),
        ("question_3", "scale", ()),
    ]
    assert not any(field.required for field in own.steps[-2].fields)

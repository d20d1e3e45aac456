"""How answers to own questions spread: over versions where the words are the same, apart where they are not."""

from typing import Any

from admin.own_figures import own_distributions
from collector.schema import OwnOption, OwnQuestion

A, B, C = OwnOption("a", "Mairie"), OwnOption("b", "Poste"), OwnOption("c", "Autre")
WHERE = OwnQuestion(1, "single", "Où ?", (A, B))
MARK = OwnQuestion(2, "scale", "Le délai ?", (OwnOption("1", "Long"), OwnOption("5", "Court")))
JOINED = OwnQuestion(3, "multiple", "Quoi ?", (A, B))
TEXT = OwnQuestion(4, "text", "Que manque-t-il ?")


def row(question: str, **numbers: int) -> dict[Any, int]:
    """`n` is how many answered at all."""
    return {(question, {"n": ""}.get(code, code.lstrip("_"))): number for code, number in numbers.items()}


def test_each_kind_says_its_answers_and_how_many_answered() -> None:
    sums = {
        **row("question_1", n=3, a=3),
        **row("question_2", n=2, _1=1, _4=1),
        **row("question_3", n=4, a=4, b=2),
    }
    choice, scale, several = own_distributions([(2, sums)], {2: (WHERE, MARK, JOINED)})
    assert (choice.title, choice.rows, choice.whole) == ("Où ?", (("Mairie", 3), ("Poste", 0)), 3)
    assert scale.rows == (("1 Long", 1), ("2", 0), ("3", 0), ("4", 1), ("5 Court", 0))
    assert (several.rows, several.whole, several.multiple) == ((("Mairie", 4), ("Poste", 2)), 4, True)
    (texts,) = own_distributions([(2, row("question_1", n=7))], {2: (TEXT,)})
    assert (texts.rows, texts.whole) == ((("Textes, à lire dans les avis", 7),), 7)


def test_the_same_question_is_summed_over_versions_wherever_it_stood_with_the_latest_labels() -> None:
    later = OwnQuestion(1, "single", "Où ?", (C, OwnOption("b", "À la poste")))
    first, then = row("question_1", n=5, a=3, b=2), row("question_2", n=4, b=1, c=3)
    (one,) = own_distributions([(2, first), (3, then)], {2: (WHERE,), 3: (TEXT, later)})
    assert one.rows == (("Autre", 3), ("À la poste", 3), ("Mairie", 3))
    assert one.whole == 9


def test_in_other_words_it_is_another_question() -> None:
    reworded = OwnQuestion(1, "single", "Où donc ?", (A, B))
    sums = [(2, row("question_1", n=5, a=5)), (3, row("question_1", n=1, b=1))]
    found = own_distributions(sums, {2: (WHERE,), 3: (reworded,)})
    assert {one.title: one.whole for one in found} == {"Où donc ?": 1, "Où ?": 5}


def test_what_nobody_answered_or_took_back_is_not_shown() -> None:
    assert own_distributions([], {2: (WHERE,)}) == []
    assert own_distributions([(2, row("question_1", n=0, a=0))], {2: (WHERE,)}) == []

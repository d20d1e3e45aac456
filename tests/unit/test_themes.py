"""What a comment is about, by its words; and which words are named, and which never are."""

import random
from pathlib import Path

import pytest

from collector.fulltext import indexed, spelled, stem
from collector.recurring import SIDES, recurring
from collector.storage.said import LEAST, Sums, Told, spoken_in
from collector.themes import MOST, themes, themes_of

NOW, BEFORE = ["2026-03"], ["2026-02"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Impossible de me connecter à mon compte", ("account",)),
        ("Le PAIEMENT a été refusé", ("payment",)),
        ("Pièces justificatives trop lourdes, fichiers PDF refusés", ("documents",)),
        ("Trois mois d'attente", ("delay",)),
        ("Rien compris au vocabulaire", ("clarity",)),
        ("Personne ne répond au téléphone", ("help",)),
        ("Illisible sur mobile", ("access",)),
        ("Une erreur, puis ça plante", ("errors",)),
        ("Aucun rendez-vous", ("appointment",)),
        ("Une honte pour notre pays, il faut rendre service", ()),
        ("Merci beaucoup", ()),
        ("", ()),
    ],
)
def test_a_comment_has_the_themes_whose_words_it_has(text: str, expected: tuple[str, ...]) -> None:
    assert themes_of(indexed(text)) == expected


@pytest.mark.parametrize(("file", "precision", "recall"), [("seen", 0.84, 0.80), ("unseen", 0.75, 0.67)])
def test_themes_are_as_often_right_as_the_documentation_says(file: str, precision: float, recall: float) -> None:
    """Comments of our own, labelled by hand. The lists were mended by the first file alone."""
    right = found = wanted = 0
    for line in (Path(__file__).parent / "themes" / f"{file}.txt").read_text("utf-8").splitlines():
        labels, _, text = line.partition(" | ")
        given = set(themes_of(indexed(text)))
        right += len(given & set(labels.split()))
        found += len(given)
        wanted += len(set(labels.split()) - {"-"})
    assert right / found >= precision
    assert right / wanted >= recall


def test_a_comment_has_three_themes_at_most_those_with_most_words() -> None:
    text = "compte mobile paiement délai, paiement par virement bancaire, connexion à ma session, téléphone et tablette"
    assert themes_of(indexed(text)) == ("account", "payment", "access")
    assert MOST == 3


def test_every_theme_has_a_name_and_words_and_no_word_is_in_two() -> None:
    stems = [root for theme in themes().values() for root in theme.stems]
    assert len(themes()) >= 8
    assert all(theme.name and len(theme.stems) > 5 for theme in themes().values())
    assert sorted(stems) == sorted(set(stems))


def test_masks_and_numbers_are_no_words_of_a_citizen() -> None:
    said = {said for kind, said in spoken_in("[téléphone] ou 0612 au guichet A38") if kind == "word"}
    assert said == {stem("guichet")}


def test_a_word_is_written_as_its_text_writes_it() -> None:
    assert spelled("Des DÉLAIS trop longs", stem("delai")) == "délais"
    assert spelled("Rien de tel", stem("delai")) is None


def told(now: dict[str, int], before: dict[str, int], comments: int = 200) -> Told:
    found = {("word", word): {NOW[0]: Sums(now.get(word, 0)), BEFORE[0]: Sums(before.get(word, 0))} for word in now}
    return {("all", ""): {NOW[0]: Sums(comments), BEFORE[0]: Sums(comments)}, **found}


def test_what_is_said_more_or_less_than_before_is_named_and_what_chance_explains_is_not() -> None:
    found = recurring(told({"photo": 60, "delai": 5, "site": 21}, {"photo": 20, "delai": 50, "site": 20}), NOW, BEFORE)
    assert [one.stem for one in found.words["more"]] == ["photo"]
    assert [one.stem for one in found.words["less"]] == ["delai"]
    (photo,) = found.words["more"]
    assert (photo.reviews, photo.part.value, photo.other.value) == (60, 0.3, 0.1)


def test_the_displeased_and_the_pleased_have_words_of_their_own() -> None:
    sums = {
        ("all", ""): {NOW[0]: Sums(200, bad=80, good=100)},
        ("word", "panne"): {NOW[0]: Sums(45, bad=40, good=5)},
        ("word", "bravo"): {NOW[0]: Sums(50, bad=2, good=48)},
        ("word", "site"): {NOW[0]: Sums(36, bad=16, good=20)},
    }
    found = recurring(sums, NOW, BEFORE)
    assert [[one.stem for one in found.words[side]] for side in SIDES] == [[], [], ["panne"], ["bravo"]]


def test_a_word_of_fewer_than_three_comments_is_never_named_and_few_comments_are_not_compared() -> None:
    rare = recurring(told({"bidulotron": LEAST - 1}, {}, comments=40), NOW, BEFORE)
    assert rare.words["more"] == ()
    few = recurring(told({"photo": 20}, {}, comments=29), NOW, BEFORE)
    assert few.words["more"] == ()
    enough = recurring(told({"photo": 20}, {}, comments=30), NOW, BEFORE)
    assert [one.stem for one in enough.words["more"]] == ["photo"]


def test_of_months_in_which_nothing_changed_hardly_a_word_is_named() -> None:
    draw = random.Random(7)  # noqa: S311 - the same comments each time
    named = 0
    for _ in range(20):
        shares = {f"mot{n}": draw.uniform(0.01, 0.2) for n in range(60)}
        now, before = (
            {word: sum(draw.random() < share for _ in range(200)) for word, share in shares.items()} for _ in "12"
        )
        found = recurring(told(now, before), NOW, BEFORE)
        named += sum(len(found.words[side]) for side in SIDES)
    assert named <= 3, "of 1 200 words, one by one at 95 % some sixty would be"


def test_a_theme_has_its_share_its_satisfaction_and_a_change_only_where_there_is_one() -> None:
    sums = {
        ("all", ""): {NOW[0]: Sums(200, bad=100, good=100), BEFORE[0]: Sums(200)},
        ("theme", "payment"): {NOW[0]: Sums(80, bad=60, good=20), BEFORE[0]: Sums(20)},
        ("theme", "delay"): {NOW[0]: Sums(20, medium=20), BEFORE[0]: Sums(22)},
        ("word", stem("paiement")): {NOW[0]: Sums(70)},
    }
    payment, delay, *_ = recurring(sums, NOW, BEFORE).talked
    assert (payment.theme.code, payment.part.value, payment.before.value) == ("payment", 0.4, 0.1)
    assert payment.satisfaction.value == 2.5
    assert payment.words == ("paiement",)
    assert payment.change is not None
    assert (delay.theme.code, delay.change) == ("delay", None)

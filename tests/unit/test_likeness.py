"""Reports of the same problem come together, and those of different ones stay apart."""

import itertools

import pytest

from collector.likeness import closest, told

PAY, FILES = "/demarche/paiement", "/demarche/pieces"

SAME = {
    "blank": [
        (PAY, "firefox", "Page blanche après le paiement."),
        (PAY, "chrome", "Après avoir payé, j'ai une page blanche"),
        (PAY, "safari", "page BLANCHE quand je paye par carte"),
        (PAY, "firefox", "Tout est blanc après le paiement, plus rien sur la page"),
    ],
    "file": [
        (FILES, "chrome", "Impossible de joindre mon fichier PDF"),
        (FILES, "chrome", "Le fichier pdf ne se joint pas"),
        (FILES, "safari", "Je n'arrive pas à joindre le fichier, PDF de 2 Mo"),
    ],
    "towns": [
        ("/demarche/adresse", "edge", "La liste des communes ne s'affiche pas"),
        ("/demarche/adresse", "chrome", "liste des communes vide"),
    ],
}
ALL = [(name, told(*one)) for name, reports in SAME.items() for one in reports]


@pytest.mark.parametrize(("name", "reports"), list(SAME.items()))
def test_reports_of_one_problem_join_the_first_of_it(name: str, reports: list[tuple[str, str, str]]) -> None:
    firsts = [(other, told(*each[0])) for other, each in SAME.items()]
    assert [closest(told(*one), firsts) for one in reports] == [name] * len(reports)


def test_whatever_comes_first_different_problems_stay_apart() -> None:
    for order in itertools.islice(itertools.permutations(ALL), 0, 300_000, 20_011):
        leaders: list[tuple[str, object]] = []
        for name, report in order:
            found = closest(report, [(other, each) for other, each in leaders])  # type: ignore[misc]  # told, kept as is
            assert found in {None, name}
            if found is None:
                leaders.append((name, report))


def test_the_same_sentence_is_the_same_problem_on_another_page() -> None:
    one = told(PAY, "chrome", "Le bouton Envoyer ne fait rien sur mon téléphone")
    other = told(FILES, "safari", "Le bouton « envoyer » ne fait rien sur mon telephone !")
    assert closest(other, [("button", one)]) == "button"


def test_one_shared_word_is_not_enough_elsewhere() -> None:
    one = told(PAY, "chrome", "Le bouton Envoyer ne fait rien")
    other = told(FILES, "chrome", "Le bouton pour agrandir les lettres manque")
    assert closest(other, [("button", one)]) is None


def test_without_a_word_only_the_place_can_tell() -> None:
    nothing = told(PAY, "chrome", "ce n'est pas du tout cela")
    assert closest(told(PAY, "chrome", None), [("place", nothing)]) == "place"
    assert closest(told(PAY, "firefox", None), [("place", nothing)]) is None
    assert closest(told(None, None, None), [("place", told(None, None, None))]) is None


def test_the_closest_wins_and_the_first_of_equals() -> None:
    report = told(PAY, "chrome", "page blanche après paiement")
    near, far = told(PAY, "edge", "page blanche paiement"), told(PAY, "chrome", "page grise paiement")
    assert closest(report, [("far", far), ("near", near), ("again", near)]) == "near"

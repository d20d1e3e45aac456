"""What words have in common, and what a search may look like."""

import pytest

from collector.fulltext import COMMON, LONGEST_WORD, BadSearch, Query, indexed, parse, says, stem, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("démarche", "Demarches"),
        ("demander", "demandée"),
        ("DEMANDÉ", "demande"),
        ("réglées", "reglee"),
        ("payer", "payé"),
        ("chevaux", "cheval"),
        ("cœur", "coeurs"),
        ("identité", "identites"),
        ("ça", "ca"),
    ],
)
def test_accents_capitals_and_inflections_do_not_matter(one: str, other: str) -> None:
    assert [stem(word) for word in words(one)] == [stem(word) for word in words(other)]


@pytest.mark.parametrize(("one", "other"), [("carte", "carton"), ("photo", "photocopie"), ("non", "nom")])
def test_other_words_stay_others(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("L'identité, c'est n° 12 !", ["l", "identite", "c", "est", "n", "12"]),
        ("snake_case et e-mail", ["snake", "case", "et", "e", "mail"]),
        ("بطاقة الهوية", ["بطاقة", "الهوية"]),
        ("x" * 60, ["x" * LONGEST_WORD]),
        (" \n…", []),
    ],
)
def test_words_of_a_text(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_common_words_are_written_as_they_are_compared() -> None:
    assert {folded for word in COMMON for folded in words(word)} == COMMON
    assert indexed("Le site est très lent, et moi aussi") == {"site", "lent"}
    assert indexed(None) == set()


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Démarches lentes", Query(stems=("demarch", "lent"))),
        ("lent LENT", Query(stems=("lent",))),
        ("rembours*", Query(starts=("rembours",))),
        ("Créd*", Query(starts=("cred",))),
        ("« carte grise »", Query(stems=("cart", "gris"), phrases=(("cart", "gris"),))),
        ('"carte d’identité"', Query(stems=("cart", "identit"), phrases=(("cart", "d", "identit"),))),
        ('le site "ne marche pas" mobil*', Query(("sit", "march"), ("mobil",), (("ne", "march", "pas"),))),
        ("l'attest*", Query(starts=("attest",))),
    ],
)
def test_a_search_is_words_phrases_and_beginnings(text: str, query: Query) -> None:
    assert parse(text) == query


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("le la les", "au moins un mot"),
        ("  ", "au moins un mot"),
        ("*", "au moins un mot"),
        ('"ne pas"', "au moins un mot"),
        ("ab*", "3 lettres"),
        ('"carte', "guillemets"),
        ("un deux trois quatre cinq six sept huit neuf dix onze douze treize", "8 mots au plus"),
        ("a" * 201, "200 caractères"),
    ],
)
def test_a_search_that_cannot_be_says_what_to_change(text: str, said: str) -> None:
    with pytest.raises(BadSearch) as refused:
        parse(text)
    assert said in refused.value.message


def test_a_phrase_is_words_in_a_row() -> None:
    phrase = parse('"carte d\'identité"').phrases[0]
    assert says("Mes cartes d’identités sont perdues", phrase)
    assert not says("Ma carte, mon identité", phrase)
    assert not says(None, phrase)

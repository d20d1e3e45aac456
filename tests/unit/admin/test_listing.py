"""Which procedures the list shows and in which order, by what its address says."""

from datetime import UTC, datetime
from typing import Any

import pytest

from admin.listing import COLUMNS, Listing
from admin.posted import filled
from collector.schema import Procedure


def procedure(id: int, title: str, **other: Any) -> Procedure:
    known: dict[str, Any] = {
        "slug": f"demarche-{id}",
        "organisation_id": 1,
        "organisation": "Mairie d'Exemple",
        "ministry": "Intérieur",
        "audiences": ("individuals",),
        "origins": (),
        "state": "open",
        "created_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return Procedure(id=id, title=title, **(known | other))


ETAT_CIVIL = procedure(1, "État civil", audiences=("individuals", "businesses"))
PECHE = procedure(2, "Carte de pêche", organisation_id=2, organisation="Office des eaux", ministry="Écologie")
RUCHES = procedure(3, "Ruches", organisation_id=2, organisation="Office des eaux", ministry="Écologie", state="closed")
ALL = [RUCHES, ETAT_CIVIL, PECHE]


def listing(**said: str) -> Listing:
    return Listing(filled(**said), ALL)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({}, {1, 2, 3}),
        ({"q": "ETAT"}, {1}),
        ({"q": "peche"}, {2}),
        ({"q": "demarche-3"}, {3}),
        ({"q": "office"}, {2, 3}),
        ({"ministere": "Écologie"}, {2, 3}),
        ({"administration": "1"}, {1}),
        ({"public": "businesses"}, {1}),
        ({"etat": "closed"}, {3}),
        ({"attention": "1"}, {2}),
        ({"ministere": "Écologie", "etat": "open"}, {2}),
        ({"ministere": "Écologie", "administration": "1"}, set()),
    ],
)
def test_filters_hold_together(said: dict[str, str], kept: set[int]) -> None:
    assert {one.id for one in listing(**said).kept(ALL, {2: 1})} == kept


def test_titles_are_sorted_as_people_do_whatever_their_accents() -> None:
    assert [one.id for one in listing().ordered(ALL, {})] == [2, 1, 3]
    assert [one.id for one in listing(ordre="decroissant").ordered(ALL, {})] == [3, 1, 2]


def test_who_has_no_value_comes_last_either_way_and_alike_ones_stay_by_title() -> None:
    values = {1: 5.0, 2: None, 3: 5.0}
    for order in ("croissant", "decroissant"):
        found = listing(tri="satisfaction", ordre=order).ordered(ALL, values)
        assert [one.id for one in found] == [1, 3, 2]
    assert [one.id for one in listing(tri="avis").ordered(ALL, {1: 1, 2: 9, 3: 4})] == [2, 3, 1], "the most first"
    assert [one.id for one in listing(tri="evolution").ordered(ALL, {1: 0.0, 2: -1.0, 3: 2.0})] == [2, 1, 3]


def test_each_head_says_how_the_list_is_sorted_and_turns_it_round() -> None:
    heads = {one.column: one for one in listing(q="a b", tri="avis", page="3").heads}
    assert list(heads) == list(COLUMNS)
    assert {one.column: one.sorted for one in heads.values() if one.sorted} == {"avis": "descending"}
    assert heads["avis"].address == "/admin?q=a+b&tri=avis&ordre=croissant"
    assert heads["titre"].address == "/admin?q=a+b&tri=titre&ordre=croissant"
    assert heads["satisfaction"].address == "/admin?q=a+b&tri=satisfaction&ordre=decroissant"


def test_an_address_keeps_what_was_chosen_and_begins_again_from_the_first_page() -> None:
    asked = listing(etat="open", tri="dernier", page="4")
    assert asked.address() == "/admin?etat=open&tri=dernier"
    assert asked.address(page=5) == "/admin?etat=open&tri=dernier&page=5"
    assert listing().address() == "/admin"


@pytest.mark.parametrize("said", [{"etat": "perdu"}, {"ministere": "Défense"}, {"administration": "9"}, {"tri": "x"}])
def test_what_cannot_be_asked_for_is_said_and_hides_nothing(said: dict[str, str]) -> None:
    wrong = listing(**said)
    assert list(wrong.form.errors) == list(said)
    assert len(wrong.ordered(wrong.kept(ALL, {}), {})) == 3


def test_the_first_page_without_filters_is_the_one_that_says_what_to_look_at() -> None:
    assert listing().is_as_first_shown
    assert listing(tri="avis").is_as_first_shown
    assert not listing(q="x").is_as_first_shown
    assert not listing(page="2").is_as_first_shown
    assert listing(q="x").is_filtered
    assert not listing(q="x").is_narrowed, "the filters stay folded"
    assert listing(attention="1").is_narrowed


def test_choices_are_what_there_is_in_the_order_of_words() -> None:
    assert listing().ministries == [("Écologie", "Écologie"), ("Intérieur", "Intérieur")]
    assert listing().organisations == [("1", "Mairie d'Exemple"), ("2", "Office des eaux")]

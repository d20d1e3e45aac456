"""Which placement a link of the national service leads to."""

import pytest

from collector.old_links import OldLink, Parameter, chosen, links_in

BUTTON = OldLink(1234, "button", "567")
OTHER = OldLink(1234, "button", "568")
MAIL = OldLink(890, "nd_source", "courriel")
PLAIN = OldLink(890, "nd_source", "button")
KEY = OldLink(890, "key", "a1b2c3")


@pytest.mark.parametrize(
    ("pasted", "links"),
    [
        ("https://exemple.fr/Demarches/1234?button=567", [BUTTON]),
        ("https://exemple.fr/Demarches/avis/1234?button=567&x=1", [BUTTON]),
        ("  https://exemple.fr/demarches/1234/?button=567#haut ", [BUTTON]),
        (
            "https://exemple.fr/Demarches/890?&view-mode=formulaire-avis&nd_mode=en-ligne&nd_source=button&key=a1b2c3",
            [PLAIN, KEY],
        ),
        (
            '<a href="https://exemple.fr/Demarches/890?nd_source=courriel&amp;key=a1b2c3"><img alt=""></a>',
            [MAIL, KEY],
        ),
        ("https://exemple.fr/Demarches/1234?button=567&key=a1b2c3", [BUTTON]),
        ("https://exemple.fr/Demarches/1234", []),
        ("https://exemple.fr/Demarches/passeport?button=567", []),
        ("https://exemple.fr/avis/1234?button=567", []),
        ("n'importe quoi", []),
        ("", []),
    ],
)
def test_a_pasted_address_or_button_is_read(pasted: str, links: list[OldLink]) -> None:
    assert links_in(pasted) == links


@pytest.mark.parametrize(
    ("asked", "known", "place"),
    [
        ({"button": "567"}, [(BUTTON, "end"), (OTHER, "mail")], "end"),
        ({"button": "568"}, [(BUTTON, "end"), (OTHER, "mail")], "mail"),
        ({"button": "999"}, [(BUTTON, "end"), (OTHER, "mail")], "end"),
        ({"nd_source": "courriel"}, [(PLAIN, "end"), (MAIL, "mail")], "mail"),
        ({"nd_source": "inconnu", "key": "a1b2c3"}, [(PLAIN, "end"), (KEY, "key")], "key"),
        ({"nd_source": "inconnu"}, [(MAIL, "mail"), (PLAIN, "end")], "end"),
        ({}, [(MAIL, "mail"), (PLAIN, "end")], "end"),
        ({}, [(MAIL, "mail")], "mail"),
        ({"button": "567"}, [(PLAIN, "end")], "end"),
        ({"button": "567"}, [], None),
    ],
)
def test_a_link_leads_exactly_or_to_the_first_of_its_number(
    asked: dict[Parameter, str], known: list[tuple[OldLink, str]], place: str | None
) -> None:
    assert chosen(asked, known) == place


def test_the_two_platforms_numbers_do_not_meet() -> None:
    """`/Demarches/12?button=3` and `/Demarches/12?nd_source=x` may be two procedures."""
    known = [(OldLink(12, "button", "3"), "new"), (OldLink(12, "nd_source", "x"), "old")]
    assert chosen({"button": "4"}, known) == "new"
    assert chosen({"nd_source": "y"}, known) == "old"

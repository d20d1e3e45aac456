"""Forms as browsers send them."""

import pytest

from admin.posted import Posted, filled


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://demarche.exemple.fr", ["https://demarche.exemple.fr"]),
        ("demarche.exemple.fr", ["https://demarche.exemple.fr"]),
        ("https://Demarche.Exemple.fr/page?x=1", ["https://demarche.exemple.fr"]),
        ("https://exemple.fr:443\nhttps://exemple.fr", ["https://exemple.fr"]),
        ("http://localhost:8080", ["http://localhost:8080"]),
        ("https://[2001:db8::1]:8443", ["https://[2001:db8::1]:8443"]),
        ("  \n\n ", []),
    ],
)
def test_a_site_is_kept_as_browsers_name_it(typed: str, kept: list[str]) -> None:
    form = filled(origins=typed)
    assert form.origins("origins") == kept
    assert not form.errors


@pytest.mark.parametrize(
    "typed",
    [
        "https://",
        "pas un site",
        "site",
        "https://un.exemple.fr https://deux.exemple.fr",
        "ftp://exemple.fr",
        "https://user@exemple.fr",
        "https://exemple.fr:port",
        "https://*.exemple.fr",
        "https://exemple.fr;script-src",
        "javascript://alert",
        "https://exemple.fr'",
        "https://\u0435xemple.fr",
    ],
)
def test_what_is_no_site_is_refused_beside_its_field(typed: str) -> None:
    form = filled(origins=typed)
    assert form.origins("origins") == []
    assert "n'est pas l'adresse d'un site" in form.errors["origins"]


def test_one_ticked_box_and_several_read_alike() -> None:
    assert filled(audiences="agents").choices("audiences", ("individuals", "agents")) == ["agents"]
    assert filled(audiences=["agents", "individuals", "else"]).choices("audiences", ("individuals", "agents")) == [
        "individuals",
        "agents",
    ]


@pytest.mark.parametrize(
    ("typed", "says"),
    [("", "à remplir"), ("   ", "à remplir"), ("x" * 11, "10 caractères au plus"), ("a\x00b", "invisibles")],
)
def test_a_line_that_cannot_be_kept_says_why(typed: str, says: str) -> None:
    form = filled(title=typed)
    form.text("title", longest=10)
    assert says in form.errors["title"]


def test_a_period_ends_after_it_begins() -> None:
    form = filled(**{"from": "2026-03-12", "to": "2026-03-11"})
    form.period()
    assert list(form.errors) == ["to"]


@pytest.mark.parametrize("typed", ["12/03/2026", "2026-02-30", "demain", "2026-3-1"])
def test_a_day_that_does_not_exist_is_refused(typed: str) -> None:
    form = filled(day=typed)
    assert form.day("day") is None
    assert "day" in form.errors


def test_a_field_that_was_not_sent_is_empty() -> None:
    assert Posted({})["anything"] == ""

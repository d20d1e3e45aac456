"""What a page posts without JavaScript, and the answers it amounts to."""

from uuid import UUID

import pytest

from collector.forms import form
from embed.posted import answers, clean, first, gather, host_path, identity
from embed.screens import after, before, fields, screen_of, screens

ID = "8b3a4e62-4f5c-4c6e-9f0a-0d8f0b1c2d3e"


def test_every_step_becomes_the_answers_of_the_api() -> None:
    posted = gather(
        [
            ("satisfaction", "good"),
            ("comprehension", "4"),
            ("contact_tried", "phone"),
            ("contact_tried", "counter"),
            ("contact_tried", "other"),
            ("contact_tried_other", "Mon voisin"),
            ("contact_reached.phone", "true"),
            ("contact_reached.counter", "false"),
            ("contact_satisfaction.phone", "5"),
            ("verbatim", "Merci\r\nbien"),
            ("id", ID),
            ("next", "verbatim"),
        ]
    )
    assert answers(fields(form("satisfaction")), posted) == {
        "satisfaction": "good",
        "comprehension": 4,
        "contact_tried": ["phone", "counter", "other"],
        "contact_tried_other": "Mon voisin",
        "contact_reached": {"counter": False, "phone": True},
        "contact_satisfaction": {"phone": 5},
        "verbatim": "Merci\nbien",
    }


def test_answers_to_questions_that_no_longer_make_sense_stay_in_the_page() -> None:
    posted = gather(
        [
            ("satisfaction", "bad"),
            ("contact_tried", "association"),
            ("contact_tried_other", "tapé puis décoché"),
            ("contact_reached.phone", "true"),
            ("contact_satisfaction.phone", "1"),
        ]
    )
    assert answers(fields(form("satisfaction")), posted) == {"satisfaction": "bad", "contact_tried": ["association"]}


def test_empty_and_blank_fields_are_no_answers() -> None:
    assert answers(fields(form("satisfaction")), gather([("satisfaction", "good"), ("verbatim", " \r\n ")])) == {
        "satisfaction": "good"
    }


def test_what_nobody_can_see_is_taken_out_and_line_ends_count_once() -> None:
    assert clean("a\x00b\x7fc\ud800d\r\ne\rf\tg") == "abcd\ne\nf\tg"


def test_the_identity_is_the_pages_or_a_new_one() -> None:
    assert identity(gather([("id", ID)])) == UUID(ID)
    assert identity(gather([("id", UUID(ID).hex)])) == UUID(ID)
    assert identity(gather([("id", "nobody")])) != identity(gather([]))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("/fin/etape", "/fin/etape"),
        ("/fin?nom=Alice#haut", "/fin"),
        ("https://ailleurs.exemple/", None),
        ("//ailleurs.exemple/", None),
        ("", None),
        (None, None),
        ("/" + "a" * 3000, None),
    ],
)
def test_of_the_hosts_page_only_a_path_is_kept(said: str | None, kept: str | None) -> None:
    assert host_path(said) == kept


def test_screens_come_in_the_order_of_the_questionnaire() -> None:
    assert [(screen.name, screen.step) for screen in screens(form("satisfaction"))] == [
        ("satisfaction", 1),
        ("comprehension", 2),
        ("contact_tried", 3),
        ("contact_reached", 3),
        ("contact_satisfaction", 3),
        ("verbatim", 4),
    ]
    assert [screen.name for screen in screens(form("malfunction"))] == ["kind"]


@pytest.mark.parametrize(
    ("here", "pairs", "expected"),
    [
        ("contact_tried", [], "verbatim"),
        ("contact_tried", [("contact_tried", "none")], "verbatim"),
        ("contact_tried", [("contact_tried", "phone")], "contact_reached"),
        ("contact_reached", [("contact_tried", "phone"), ("contact_reached.phone", "false")], "verbatim"),
        ("contact_reached", [("contact_tried", "phone"), ("contact_reached.phone", "true")], "contact_satisfaction"),
        ("verbatim", [], "thanks"),
    ],
)
def test_only_what_makes_sense_is_asked_next(here: str, pairs: list[tuple[str, str]], expected: str) -> None:
    assert after(form("satisfaction"), screen_of(form("satisfaction"), here), gather(pairs)) == expected


def test_going_back_skips_what_was_not_asked() -> None:
    assert before(form("satisfaction"), screen_of(form("satisfaction"), "verbatim"), gather([])) == "contact_tried"
    assert before(form("satisfaction"), screen_of(form("satisfaction"), "satisfaction"), gather([])) == "satisfaction"


def test_an_unknown_screen_is_the_first() -> None:
    assert screen_of(form("satisfaction"), "nowhere").name == "satisfaction"
    assert first(gather([]), "next") == ""

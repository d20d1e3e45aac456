"""Which reviews have to wait for a person, as tables: counts in, a reason or nothing out."""

from collections.abc import Iterator
from itertools import count as numbers
from typing import Any

import pytest

from collector.schema import Reason, Review
from collector.suspicion import (
    BURST,
    BURST_OF_DAY,
    CALM,
    LEAST_USUAL,
    MOST_HASTE,
    ROOM,
    TEN_MINUTES,
    USUAL_WHEN_NEW,
    Watch,
    haste,
    judge,
    judge_haste,
    keeps_its_pace,
    most_same_texts,
    of_the_burst,
    text_name,
    usual_of,
)
from collector.windows import Used, Uses, count, counted

# The start of a window of ten minutes, so that tests can say how far they are in it.
NOON = 1_773_313_200
KEY = b"a key of the day"
USUAL = 20
LONG = "Le site a planté au moment d'envoyer la photo, j'ai tout recommencé."


def watch(source: str = "mairie", **more: object) -> Watch:
    return Watch("passeport", source, usual=USUAL, **more)  # type: ignore[arg-type]  # whatever a test asks for


def sends(uses: Uses, number: int, source: str = "mairie", now: int = NOON, **more: object) -> list[Reason | None]:
    return [judge(watch(source, **more), uses, now) for _ in range(number)]


def in_burst(now: int = NOON) -> Uses:
    """Strangers, one from each connection, until nothing of it counts any more."""
    uses: Uses = {}
    robots = fresh()
    while judge(watch(next(robots)), uses, now) is None:
        pass
    return uses


def fresh() -> Iterator[str]:
    return (f"robot-{n}" for n in numbers())


# ---- Windows


def test_a_window_begins_at_a_round_time_whoever_comes_first() -> None:
    uses: Uses = {}
    assert [count(uses, "x", 600, NOON + 599 - n) for n in range(3)] == [1, 2, 3]
    assert uses["x"] == Used(3, NOON + 600)
    assert counted(uses, "x", NOON + 600) == 0
    assert count(uses, "x", 600, NOON + 600) == 1
    assert uses["x"] == Used(1, NOON + 1200)


# ---- Volume


def test_a_town_hall_is_never_suspected_for_being_one_connection() -> None:
    assert set(sends({}, BURST * USUAL)) == {None}


def test_far_more_than_ever_is_a_burst_and_strangers_wait_in_it() -> None:
    uses: Uses = {}
    robots = fresh()
    assert [judge(watch(next(robots)), uses, NOON) for _ in range(BURST * USUAL)] == [None] * BURST * USUAL
    assert [judge(watch(next(robots)), uses, NOON) for _ in range(50)] == ["stranger"] * 50


def test_a_whole_day_of_a_little_too_much_is_a_burst_too() -> None:
    uses: Uses = {"day/passeport": Used(BURST_OF_DAY * USUAL - 1, NOON + 9999)}
    assert sends(uses, 1) == [None]
    assert sends(uses, 1, "robot") == ["stranger"]


def test_a_robot_that_was_set_aside_does_not_make_the_rest_of_the_day_suspect() -> None:
    uses = in_burst()
    for robot, _ in zip(fresh(), range(BURST_OF_DAY * USUAL), strict=False):
        sends(uses, 1, robot)
    assert sends(uses, 1, "stranger", now=NOON + TEN_MINUTES + CALM) == [None]


def test_a_burst_lasts_until_it_has_been_calm_for_a_while() -> None:
    uses = in_burst()
    assert sends(uses, 1, now=NOON + CALM - 1) == ["stranger"], "no new window lets it breathe"
    assert sends(uses, 1, now=NOON + CALM) == [None]


def test_a_connection_that_was_there_before_goes_on_counting_at_its_pace() -> None:
    uses = in_burst()
    uses["mairie"] = Used(20, NOON + 9999)
    assert sends(uses, 10) == [None] * 10
    assert sends(uses, 2) == ["crowd"] * 2, "more than half of what it had sent before"
    assert sends(uses, 10, now=NOON + TEN_MINUTES) == [None] * 10, "the next ten minutes are its own again"


def test_known_connections_together_get_no_more_than_a_little_above_the_usual() -> None:
    uses = in_burst()
    uses |= {f"bot-{n}": Used(2, NOON + 9999) for n in range(100)}
    seen = [reason for n in range(100) for reason in sends(uses, 1, f"bot-{n}")]
    assert seen == [None] * ROOM * USUAL + ["volume"] * (100 - ROOM * USUAL)


@pytest.mark.parametrize(("lately", "trust", "keeps"), [(1, 0, False), (1, 1, False), (1, 2, True), (8, 15, False)])
def test_a_pace_is_half_of_what_was_sent_before(lately: int, trust: int, keeps: bool) -> None:
    assert keeps_its_pace(lately, trust) == keeps


def test_what_lacks_every_sign_of_a_browser_waits_in_a_burst_only() -> None:
    assert sends({}, 5, scripted=True) == [None] * 5
    uses = in_burst()
    uses["mairie"] = Used(2, NOON + 9999)
    assert sends(uses, 1, scripted=True) == ["program"]
    assert sends(uses, 1) == [None]


def test_one_procedure_in_a_burst_is_no_other() -> None:
    uses = in_burst()
    assert judge(Watch("permis", "robot", usual=USUAL), uses, NOON) is None


# ---- What was written


def test_the_same_text_many_times_an_hour_is_nobodys_own_words() -> None:
    most = most_same_texts(USUAL)
    uses: Uses = {}
    reasons = [judge(watch(f"robot-{n}", text="digest"), uses, NOON) for n in range(most + 2)]
    assert reasons == [None] * most + ["text"] * 2
    assert sends(uses, 1, text="another") == [None]
    assert sends(uses, 1, now=NOON + 3600, text="digest") == [None], "another hour"


def test_a_text_is_the_same_whatever_its_case_digits_and_signs() -> None:
    name = text_name(LONG, "passeport", KEY)
    assert name
    assert text_name("  " + LONG.upper() + " !!! 4217", "passeport", KEY) == name
    assert text_name(LONG, "permis", KEY) != name, "a procedure of its own"
    assert text_name(LONG, "passeport", b"tomorrow") != name, "a name for one day"
    assert text_name(LONG + " Vraiment.", "passeport", KEY) != name
    assert text_name(LONG.replace("'", "’") + " 🙂 …", "passeport", KEY) == name, "nor of how a phone writes them"
    russian = "Сайт не принял фотографию, пришлось начинать заново."
    assert text_name(russian, "passeport", KEY) == text_name(russian.upper() + " !!", "passeport", KEY)
    assert text_name(russian, "passeport", KEY), "letters of other scripts are letters"


@pytest.mark.parametrize("text", [None, "", "Merci", "très bien, rien à signaler", "1 2 3 " * 40, "🙂" * 50])
def test_what_many_people_write_in_the_same_words_has_no_name(text: str | None) -> None:
    assert text_name(text, "passeport", KEY) is None


def test_a_field_that_nobody_sees_gives_a_program_away() -> None:
    assert sends({}, 1, trapped=True) == ["trap"]


# ---- What is usual


@pytest.mark.parametrize(
    ("days", "usual"),
    [
        ([], USUAL_WHEN_NEW),
        ([3, 2], USUAL_WHEN_NEW),
        ([40_000], 1000),
        ([5] * 7, LEAST_USUAL),
        ([1000] * 6 + [1600], 40),
    ],
)
def test_what_is_usual_is_learnt_from_busy_days(days: list[int], usual: int) -> None:
    assert usual_of(days) == usual


# ---- Too fast


def step(**answers: Any) -> Review:
    return Review(
        capability="c",
        public_id="p",
        procedure_id=1,
        placement_id=1,
        form="satisfaction",
        form_version=1,
        lang="fr",
        minute=NOON // 60,
        day="2026-03-12",
        satisfaction="bad",
        **answers,
    )


@pytest.mark.parametrize(
    ("answers", "seconds", "points"),
    [
        ({"comprehension": 2}, 0.3, 2),
        ({"comprehension": 2}, 0.5, 0),
        ({"comprehension": 2, "contact_tried": ("none",), "verbatim": "Bien"}, 1.1, 2),
        ({"comprehension": 2, "contact_tried": ("none",), "verbatim": "Bien"}, 1.3, 0),
        ({"verbatim": "x" * 300}, 0.2, 2),
        ({"verbatim": "x" * 300}, 2, 1),
        ({"verbatim": "x" * 300}, 20, 0),
        ({}, 0, 0),
    ],
)
def test_what_no_hand_does_so_soon_after_the_first_answer(answers: dict[str, Any], seconds: float, points: int) -> None:
    assert haste(step(), step(**answers), seconds) == points


def test_only_what_is_new_counts_as_done_in_that_time() -> None:
    whole = {"comprehension": 2, "contact_tried": ("none",), "verbatim": "x" * 300}
    assert haste(step(**whole), step(**whole), 0) == 0
    assert haste(step(**whole), step(**{**whole, "comprehension": 3}), 0.5) == 0


def test_haste_is_no_evidence_until_it_is_a_habit_and_for_an_hour_after() -> None:
    uses: Uses = {}
    most = MOST_HASTE // 2
    assert [judge_haste(2, watch(), uses, NOON) for _ in range(most + 2)] == [None] * most + ["haste"] * 2
    assert judge_haste(0, watch(), uses, NOON) is None
    assert judge_haste(1, watch(), uses, NOON + 1800) == "haste", "and from then on for another hour"
    assert judge_haste(1, watch(), uses, NOON + 5399) == "haste"
    assert judge_haste(1, watch(), uses, NOON + 5400) is None
    assert judge_haste(2, Watch("permis", "robot", usual=USUAL), uses, NOON) is None


def test_of_a_connection_that_was_there_before_one_review_in_ten_may_be_hasty() -> None:
    uses: Uses = {"hasty/passeport": Used(1, NOON + 3600), "mairie": Used(25, NOON + 9999)}
    assert [judge_haste(2, watch(), uses, NOON) for _ in range(4)] == [None, None, "haste", "haste"]
    assert judge_haste(2, watch("stranger"), uses, NOON) == "haste"


def test_where_more_people_come_more_of_them_have_a_bad_network() -> None:
    uses: Uses = {}
    busy = Watch("passeport", "mairie", usual=400)
    assert [judge_haste(2, busy, uses, NOON) for _ in range(101)] == [None] * 100 + ["haste"]


# ---- Where a burst begins and ends


def test_what_is_usual_does_not_prolong_a_burst() -> None:
    uses = in_burst()
    for n in range(USUAL - 2):
        assert sends(uses, 1, f"late-{n}", now=NOON + CALM - 1) == ["stranger"]
    assert sends(uses, 1, "later", now=NOON + CALM) == [None], "the same ten minutes, but the flood is over"
    assert sends(uses, 1, "again", now=NOON + CALM) == ["stranger"], "as much as usual in ten minutes came once more"


def test_a_burst_is_made_of_its_busy_minutes_whatever_part_of_them_one_sees() -> None:
    calm, busy = [60 * minute for minute in range(8) for _ in range(3)], [480 + n / 4 for n in range(160)]
    assert of_the_burst(calm + busy) == {8}
    assert of_the_burst((calm + busy)[::2]) == {8}
    assert of_the_burst([60 * minute for minute in range(10) for _ in range(18)]) == set(range(10))
    assert of_the_burst([]) == set()

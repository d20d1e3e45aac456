"""What one group commit decides, as tables: no database is needed to know what becomes of an opinion."""

from typing import Any

import msgspec
import pytest

from collector.errors import AvisError, ReviewClosed, TooMany
from collector.schema import Contact, FormName, Review
from collector.storage.batch import LONGEST_EDIT, MOST_REVISIONS, Charge, Key, OverLimit, Plan, Stored, Write, plan
from collector.suspicion import Watch, release, set_aside, withdraw
from collector.windows import Used

NOW = 1_773_313_200
MINUTE = NOW // 60
DIRECTORY = 7
ALICE: Key = (1, "alice")
WATCH = Watch("passeport", "mairie", usual=50)
TRAPPED = Watch("passeport", "mairie", usual=50, trapped=True)
TOLD = Watch("passeport", "mairie", usual=50, text="digest")
PER_MINUTE = Charge("alice/passeport", 2, 60, "Trop d'avis.", "visitor-procedure")
PER_HOUR = Charge("alice", 3, 3600, "Trop d'avis cette heure.", "visitor")


def review(
    capability: str = "alice", *, minute: int = MINUTE, form: FormName = "satisfaction", **answers: Any
) -> Review:
    answers = answers or {"satisfaction": "good"}
    return Review(
        capability=capability,
        public_id=f"public-{capability}-{minute}",
        procedure_id=1,
        placement_id=1,
        form=form,
        form_version=1,
        lang=answers.pop("lang", "fr"),
        minute=minute,
        day="2026-03-12",
        **answers,
    )


def write(of: Review, directory: int = DIRECTORY, **more: Any) -> Write:
    return Write(of, directory, **more)


def decide(
    *writes: Write, existing: dict[Key, Stored] | None = None, used: dict[str, Used] | None = None, now: int = NOW
) -> Plan:
    return plan(writes, DIRECTORY, existing or {}, used or {}, now)


def outcomes(decided: Plan) -> list[str]:
    return [outcome.code if isinstance(outcome, AvisError) else outcome for outcome in decided.outcomes]


def stored(of: Review, revision: int = 1) -> dict[Key, Stored]:
    return {(of.procedure_id, of.capability): Stored(of, revision)}


def test_a_new_opinion_is_created_and_counted() -> None:
    decided = decide(write(review(satisfaction="good", contact_tried=("phone",))))
    assert outcomes(decided) == ["created"]
    assert [each.revision for each in decided.inserts] == [1]
    assert decided.updates == ()
    assert decided.counts == {
        (1, "2026-03-12", 1, 1, "fr"): {"reviews": 1, "satisfaction_good": 1, "tried": 1, "tried_phone": 1}
    }


def test_a_later_step_replaces_the_answers_and_keeps_when_where_and_the_public_name() -> None:
    first = review(satisfaction="good", comprehension=2)
    later = review(minute=MINUTE + 5, satisfaction="bad", verbatim="Trop long")
    decided = decide(write(later), existing=stored(first), now=NOW + 300)
    assert outcomes(decided) == ["enriched"]
    assert decided.inserts == ()
    (update,) = decided.updates
    assert update.revision == 2
    assert (update.review.minute, update.review.day, update.review.public_id) == (
        first.minute,
        first.day,
        first.public_id,
    )
    assert (update.review.satisfaction, update.review.comprehension, update.review.verbatim) == (
        "bad",
        None,
        "Trop long",
    )
    assert decided.counts == {
        (1, "2026-03-12", 1, 1, "fr"): {
            "satisfaction_good": -1,
            "satisfaction_bad": 1,
            "comprehension_2": -1,
            "verbatims": 1,
        }
    }


def test_the_same_answers_again_change_nothing_at_all() -> None:
    decided = decide(write(review(minute=MINUTE + 1)), existing=stored(review()), now=NOW + 60)
    assert outcomes(decided) == ["enriched"]
    assert (decided.inserts, decided.updates, decided.counts, decided.used) == ((), (), {}, {})


def test_another_language_moves_the_opinion_between_two_rows_of_counts() -> None:
    decided = decide(write(review(lang="en", satisfaction="good")), existing=stored(review()))
    assert decided.counts == {
        (1, "2026-03-12", 1, 1, "fr"): {"reviews": -1, "satisfaction_good": -1},
        (1, "2026-03-12", 1, 1, "en"): {"reviews": 1, "satisfaction_good": 1},
    }


def test_twice_in_one_batch_is_one_opinion_with_the_last_answers() -> None:
    decided = decide(
        write(review(satisfaction="good"), charges=(PER_MINUTE,)),
        write(review(satisfaction="medium", comprehension=3), charges=(PER_MINUTE,)),
        write(review(satisfaction="medium", comprehension=3), charges=(PER_MINUTE,)),
    )
    assert outcomes(decided) == ["created", "enriched", "enriched"]
    (insert,) = decided.inserts
    assert (insert.review.satisfaction, insert.review.comprehension, insert.revision) == ("medium", 3, 2)
    assert decided.counts == {
        (1, "2026-03-12", 1, 1, "fr"): {"reviews": 1, "satisfaction_medium": 1, "comprehension_3": 1}
    }
    assert decided.used[PER_MINUTE.name].used == 1


def test_two_people_with_the_same_answers_are_two_opinions() -> None:
    decided = decide(write(review("alice")), write(review("bruno")))
    assert outcomes(decided) == ["created", "created"]
    assert decided.counts == {(1, "2026-03-12", 1, 1, "fr"): {"reviews": 2, "satisfaction_good": 2}}


@pytest.mark.parametrize(
    ("minutes", "outcome"),
    [(0, "enriched"), (59, "enriched"), (60, "enriched"), (61, "review-closed"), (10_000, "review-closed")],
)
def test_an_opinion_can_be_completed_for_sixty_minutes(minutes: int, outcome: str) -> None:
    later = review(minute=MINUTE + minutes, satisfaction="bad")
    decided = decide(write(later), existing=stored(review()), now=NOW + minutes * 60)
    assert outcomes(decided) == [outcome]
    assert bool(decided.updates) == (outcome == "enriched")
    assert LONGEST_EDIT == 60


def test_the_id_of_one_form_opens_no_review_of_another() -> None:
    malfunction = review(form="malfunction", kind="technical", verbatim="Page blanche")
    decided = decide(write(malfunction), existing=stored(review()))
    assert isinstance(decided.outcomes[0], ReviewClosed)
    assert decided.updates == ()


def test_a_review_is_not_rewritten_for_ever() -> None:
    last = decide(write(review(satisfaction="bad")), existing=stored(review(), MOST_REVISIONS - 1))
    assert outcomes(last) == ["enriched"]
    one_more = decide(write(review(satisfaction="bad")), existing=stored(review(), MOST_REVISIONS))
    assert outcomes(one_more) == ["too-many"]
    assert one_more.updates == ()


def test_what_was_checked_against_an_earlier_directory_is_checked_again() -> None:
    decided = decide(write(review("alice"), DIRECTORY - 1, charges=(PER_MINUTE,)), write(review("bruno")))
    assert outcomes(decided) == ["stale", "created"]
    assert [each.review.capability for each in decided.inserts] == ["bruno"]
    assert decided.used == {}


@pytest.mark.parametrize(
    ("used", "outcome", "charged"),
    [
        (None, "created", Used(1, NOW + 60)),
        (Used(0, NOW + 10), "created", Used(1, NOW + 10)),
        (Used(1, NOW + 10), "created", Used(2, NOW + 10)),
        (Used(2, NOW + 10), "too-many", None),
        (Used(2, NOW + 1), "too-many", None),
        # the window ends at this very second: a new one begins
        (Used(2, NOW), "created", Used(1, NOW + 60)),
    ],
)
def test_a_limit_holds_exactly_at_its_edge(used: Used | None, outcome: str, charged: Used | None) -> None:
    decided = decide(write(review(), charges=(PER_MINUTE,)), used={PER_MINUTE.name: used} if used else {})
    assert outcomes(decided) == [outcome]
    assert decided.used.get(PER_MINUTE.name) == charged


def test_a_refusal_says_when_to_come_back() -> None:
    decided = decide(write(review(), charges=(PER_MINUTE,)), used={PER_MINUTE.name: Used(2, NOW + 42)})
    (outcome,) = decided.outcomes
    assert isinstance(outcome, TooMany)
    assert (outcome.retry_after, outcome.message) == (42, "Trop d'avis.")


def test_a_limit_is_shared_by_the_whole_batch() -> None:
    batch = [write(review(f"alice-{n}"), charges=(PER_MINUTE,)) for n in range(4)]
    decided = decide(*batch)
    assert outcomes(decided) == ["created", "created", "too-many", "too-many"]
    assert decided.used == {PER_MINUTE.name: Used(2, NOW + 60)}
    assert decided.counts == {(1, "2026-03-12", 1, 1, "fr"): {"reviews": 2, "satisfaction_good": 2}}


def test_what_one_limit_refuses_is_charged_to_no_other() -> None:
    decided = decide(
        write(review(), charges=(PER_HOUR, PER_MINUTE)),
        used={PER_HOUR.name: Used(1, NOW + 9), PER_MINUTE.name: Used(2, NOW + 9)},
    )
    assert outcomes(decided) == ["too-many"]
    assert decided.used == {}


def test_completing_a_review_costs_nothing_even_at_the_limit() -> None:
    decided = decide(
        write(review(satisfaction="bad"), charges=(PER_MINUTE,)),
        existing=stored(review()),
        used={PER_MINUTE.name: Used(2, NOW + 9)},
    )
    assert outcomes(decided) == ["enriched"]
    assert decided.used == {}


def test_the_refusal_of_an_outside_limiter_counts_only_for_a_new_review() -> None:
    refused = OverLimit(PER_MINUTE, 9)
    again = write(review(satisfaction="bad"), refusal=refused)
    assert outcomes(decide(again)) == ["too-many"]
    assert outcomes(decide(again, existing=stored(review()))) == ["enriched"]


def test_an_email_is_kept_only_with_a_review_that_is() -> None:
    contact = Contact(b"sealed", "2026-05-11")
    kept = write(review("alice"), contact=contact)
    refused = write(review("bruno"), contact=contact, refusal=OverLimit(PER_MINUTE, 9))
    assert decide(kept, refused).contacts == ((ALICE, contact),)


def test_a_suspect_is_stored_and_counts_nothing() -> None:
    decided = decide(write(review(), watch=TRAPPED))
    assert outcomes(decided) == ["created"], "its sender is told the same as everybody else"
    (insert,) = decided.inserts
    assert (insert.review.suspicion, insert.review.aside, insert.review.withdrawn) == ("trap", "suspect", False)
    assert decided.counts == {}


def test_what_a_refused_submission_looks_like_is_not_counted() -> None:
    decided = decide(write(review(), watch=WATCH, refusal=OverLimit(PER_MINUTE, 9)))
    assert decided.used == {}


def test_a_suspect_that_is_completed_waits_on_and_counts_nothing() -> None:
    waiting = set_aside(review(), "volume")
    decided = decide(write(review(satisfaction="bad", verbatim="Merci"), watch=WATCH), existing=stored(waiting))
    (update,) = decided.updates
    assert (update.review.satisfaction, update.review.aside) == ("bad", "suspect")
    assert decided.counts == {}


def test_a_text_that_comes_later_is_judged_and_takes_the_opinion_back() -> None:
    later = write(review(verbatim="Le même texte que tous les autres"), watch=TOLD)
    decided = decide(later, existing=stored(review(satisfaction="good")), used={"digest": Used(99, NOW + 60)})
    (update,) = decided.updates
    assert (update.review.suspicion, update.review.aside, update.review.withdrawn) == ("text", "suspect", True)
    assert decided.counts == {(1, "2026-03-12", 1, 1, "fr"): {"reviews": -1, "satisfaction_good": -1}}


def test_a_text_is_counted_once_however_often_it_is_sent_again() -> None:
    first = review(satisfaction="good", verbatim="Le même texte que tous les autres")
    again = review(satisfaction="bad", verbatim="Le même texte que tous les autres")
    assert decide(write(again, watch=TOLD), existing=stored(first)).used == {}


def test_what_somebody_has_released_stays_released_whatever_is_added() -> None:
    released = release(withdraw(review(satisfaction="good"), "text"))
    later = write(review(satisfaction="good", verbatim="Le même texte que tous les autres"), watch=TOLD)
    decided = decide(later, existing=stored(released), used={"digest": Used(99, NOW + 60)})
    assert decided.updates[0].review.aside is None
    assert decided.counts == {(1, "2026-03-12", 1, 1, "fr"): {"verbatims": 1}}


def test_changes_of_two_days_are_counted_apart() -> None:
    yesterday = msgspec.structs.replace(review("bruno"), day="2026-03-11")
    decided = decide(write(review("alice")), write(yesterday))
    assert {key[1]: row for key, row in decided.counts.items()} == {
        "2026-03-12": {"reviews": 1, "satisfaction_good": 1},
        "2026-03-11": {"reviews": 1, "satisfaction_good": 1},
    }

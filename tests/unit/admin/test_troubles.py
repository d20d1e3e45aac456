"""Which procedures are troubled, and which stand out from their own past."""

from datetime import UTC, date, datetime, timedelta

from admin.troubles import Known, Suspects, Trouble, oldest, troubled
from collector.schema import Procedure
from collector.storage.suspects import Suspected
from collector.storage.turned_away import Refusals

TODAY = date(2026, 3, 12)
WEEK = TODAY - timedelta(days=6)


def procedure(id: int, title: str, made: datetime = datetime(2020, 1, 1, tzinfo=UTC)) -> Procedure:
    return Procedure(
        id=id,
        slug=title.lower(),
        title=title,
        organisation_id=1,
        organisation="Mairie d'Exemple",
        ministry="Intérieur",
        audiences=(),
        origins=(),
        state="open",
        created_at=made,
    )


PASSEPORT, PERMIS, CHASSE = procedure(1, "Passeport"), procedure(2, "Permis"), procedure(3, "Chasse")


def ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


def seen(
    refused: Refusals | None = None,
    suspected: Suspects | None = None,
    *,
    waiting: dict[int, int] | None = None,
    accepted: dict[int, int] | None = None,
    first: date = WEEK,
) -> list[Trouble]:
    known = Known(refused or {}, suspected or {}, waiting or {}, accepted or {})
    return troubled([PASSEPORT, PERMIS, CHASSE], known, first, TODAY)


def test_a_procedure_without_any_trouble_is_not_there() -> None:
    assert seen(accepted={1: 500}) == []


def test_only_the_days_of_the_period_are_summed_by_reason_the_most_first() -> None:
    days = {ago(0): {"visitor": 2, "origin": 3}, ago(6): {"visitor": 4}, ago(7): {"procedure": 99}}
    (one,) = seen({1: days}, accepted={1: 50})  # type: ignore[dict-item]  # literals
    assert (one.procedure, one.accepted, list(one.refused.items())) == (PASSEPORT, 50, [("visitor", 6), ("origin", 3)])
    (one,) = seen({1: days}, first=TODAY - timedelta(days=29))  # type: ignore[dict-item]
    assert one.refusals == 108


def test_what_waits_is_there_however_old_and_what_was_judged_is_of_the_period() -> None:
    (one,) = seen(suspected={2: {ago(3): Suspected(9, 4, 2), ago(20): Suspected(5, 5, 0)}}, waiting={2: 3})
    assert (one.waiting, one.confirmed, one.released) == (3, 4, 2)


def test_the_most_troubled_stand_first_and_alike_ones_by_title() -> None:
    even = {number: {ago(3): {"visitor": 10}} for number in (1, 2)}
    found = seen({**even, 3: {ago(3): {"visitor": 30}}})  # type: ignore[dict-item]
    assert [one.procedure for one in found] == [CHASSE, PASSEPORT, PERMIS]
    found = seen({**even, 3: {ago(3): {"visitor": 9}}}, waiting={2: 1})  # type: ignore[dict-item]
    assert [one.procedure for one in found] == [PERMIS, PASSEPORT, CHASSE]


def test_what_is_usual_there_is_no_surge_and_what_is_not_stands_before_larger_numbers() -> None:
    always = {ago(n): {"visitor": 100} for n in range(61)}
    found = seen({1: always, 2: {ago(0): {"origin": 12}}})  # type: ignore[dict-item]
    assert [(one.procedure, one.surge is not None) for one in found] == [(PERMIS, True), (PASSEPORT, False)]
    surge = found[0].surge
    assert surge
    assert (surge.lately, round(surge.usual)) == (12, 0)


def test_suspects_make_a_surge_as_refusals_do_and_a_few_do_not() -> None:
    assert seen(suspected={1: {ago(1): Suspected(40, 0, 40)}})[0].surge is not None
    assert seen(suspected={1: {ago(1): Suspected(4, 4, 0)}})[0].surge is None
    assert seen(suspected={1: {ago(2): Suspected(40, 40, 0)}})[0].surge is None, "it is over"


def test_a_new_procedure_is_held_against_the_days_that_it_has() -> None:
    young = procedure(1, "Passeport", datetime(2026, 3, 3, tzinfo=UTC))
    days = {ago(n): {"visitor": 6} for n in range(10)}
    known = Known({1: days}, {}, {}, {})  # type: ignore[dict-item]
    assert troubled([young], known, WEEK, TODAY)[0].surge is None
    assert troubled([PASSEPORT], known, WEEK, TODAY)[0].surge is not None, "of an old one, these are all there were"


def test_what_is_younger_than_a_week_has_no_past_to_stand_out_from() -> None:
    known = Known({1: {ago(0): {"origin": 500}}}, {}, {}, {})
    for made, told in ((3, True), (5, False)):
        new = procedure(1, "Passeport", datetime(2026, 3, made, 12, tzinfo=UTC))
        assert (troubled([new], known, WEEK, TODAY)[0].surge is not None) is told


def test_the_past_that_is_looked_at_is_what_is_kept() -> None:
    assert oldest(TODAY) == date(2026, 1, 11)

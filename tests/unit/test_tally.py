"""What is known of limits ahead of their table: nothing is written twice, forgotten unwritten, or kept for ever."""

from collector.storage.tally import PART, Counts, Tally
from collector.windows import Used, Uses

NOW = 1_000


def uses(*names: str, used: int = 1, expires: int = NOW + 60) -> Uses:
    return {name: Used(used, expires) for name in names}


def charge(tally: Tally, changed: Uses, *, alone: bool = True, fails: bool = False) -> list[str]:
    """A batch that changes these counts; what it writes."""
    written = tally.due(changed, alone=alone)
    if not fails:
        tally.note(Counts({}, changed, written, alone))
    return list(written)


def numbers(*names: int) -> list[str]:
    return [f"{name:05}" for name in names]


def test_the_first_batch_after_a_pause_writes_what_it_changes() -> None:
    tally = Tally(every=0)
    assert charge(tally, uses("b", "a")) == ["a", "b"]
    assert charge(tally, uses("c")) == ["c"]
    assert tally.rest() == {}


def test_the_next_ones_write_nothing_and_are_known_all_the_same() -> None:
    tally = Tally(every=3600)
    charge(tally, uses("a"))
    assert charge(tally, uses("a", "b", used=2)) == []
    assert tally.known(["a", "b", "c"], alone=True) == uses("a", "b", used=2)
    assert tally.rest() == uses("a", "b", used=2)
    tally.note(Counts(written=tally.rest()))
    assert tally.rest() == {}


def test_a_round_goes_through_all_names_in_their_order_a_part_with_each_batch() -> None:
    tally = Tally(every=3600)
    tally.note(Counts(changed=uses(*numbers(*range(2 * PART)))))
    assert charge(tally, uses("00000", used=9)) == numbers(*range(PART))
    late = uses("00001", "01023", used=5)
    assert charge(tally, late) == numbers(*range(PART, 2 * PART))
    assert tally.rest() == uses("00001", used=5), "what has been written in its newest state is not due"


def test_a_batch_that_fails_charges_nobody_and_leaves_all_that_was_due_due() -> None:
    tally = Tally(every=3600)
    tally.note(Counts(changed=uses("a")))
    assert charge(tally, uses("a", "b", used=2), fails=True) == ["a", "b"]
    assert tally.rest() == tally.known(["a", "b"], alone=True) == uses("a")


def test_beside_others_all_is_written_and_nothing_remembered() -> None:
    tally = Tally(every=3600)
    charge(tally, uses("a"))
    charge(tally, uses("b"))
    assert tally.known(["a", "b"], alone=False) == uses("b"), "only what the table has not been told"
    assert charge(tally, uses("c"), alone=False) == ["b", "c"]
    assert len(tally) == 0


def test_what_was_read_is_not_read_again_nor_written() -> None:
    tally = Tally(every=0)
    tally.note(Counts(read=uses("a")))
    assert tally.known(["a"], alone=True) == uses("a")
    assert charge(tally, uses("b")) == ["b"]


def test_a_flood_of_names_takes_no_more_than_its_place_and_none_is_lost_unwritten() -> None:
    tally = Tally(every=0, most=100)
    charge(tally, uses("first"))
    tally.note(Counts(changed=uses("unwritten")))
    written = [name for n in range(1_000) for name in charge(tally, uses(f"{n}"))]
    assert sorted(written) == sorted(["unwritten", *(f"{n}" for n in range(1_000))])
    assert len(tally) <= 2 * 100 + 2
    assert tally.known(["first", "999"], alone=True) == uses("999")


def test_windows_that_have_ended_are_forgotten_and_never_written() -> None:
    tally = Tally(every=3600, most=0)
    charge(tally, uses("old", "open"))
    charge(tally, uses("old") | uses("open", expires=NOW + 120))
    tally.forget(NOW + 60)
    assert tally.rest() == tally.known(["old", "open"], alone=True) == uses("open", expires=NOW + 120)
    assert charge(tally, {}) == []

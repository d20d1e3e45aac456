"""The lexicon says of each word what the lists say, in a tenth of the room."""

from collections import Counter

from collector.privacy.lexicon import FIRST, LAST, PLACE, SOURCES, Lexicon, entries, flags


def test_every_word_of_every_list_keeps_its_flags() -> None:
    expected: Counter[str] = Counter()
    for name, flag in SOURCES.items():
        for word in set(entries(name)):
            expected[word] |= flag
    known = flags()
    assert {word: known[word] for word in expected} == expected


def test_a_word_of_no_list_is_nothing() -> None:
    lexicon = Lexicon([(FIRST, ["karim"]), (LAST, ["karim", "benali"]), (PLACE, ["zuydcoote"])])
    assert [lexicon[word] for word in ("karim", "benali", "zuydcoote")] == [FIRST | LAST, LAST, PLACE]
    assert [lexicon.get(word) for word in ("", "benal", "benalii", "Karim", "karim")] == [0, 0, 0, 0, FIRST | LAST]
    assert Lexicon([])["karim"] == 0


def test_words_that_somebody_makes_up_do_not_fill_the_memory() -> None:
    lexicon = Lexicon([(FIRST, ["karim"])])
    for number in range(3 * Lexicon.MOST):
        assert lexicon[f"mot{number}"] == 0
    assert len(lexicon) <= Lexicon.MOST
    assert lexicon["karim"] == FIRST

"""What somebody chooses to mask is masked: whole words, nothing else, whatever the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.privacy.by_hand import mask_words, pieces, seen, words_of
from collector.privacy.masking import LABELS, Finding

TEXT = "Vu M. Bidule-Truc à l'accueil,\nappelé [nom] deux fois au 06 12."
texts = st.lists(st.text(max_size=8) | st.sampled_from([" ", "'", "-", "\n", "nom", *LABELS.values()])).map("".join)


def word_list(text: str) -> list[str]:
    return [piece.text for piece in pieces(text) if piece.word is not None]


def test_words_are_what_can_be_chosen_and_a_mask_is_none() -> None:
    assert word_list(TEXT) == "Vu M Bidule Truc à l accueil appelé deux fois au 06 12".split()
    assert word_list("e\u0301te\u0301 Zoe\u0308") == ["e\u0301te\u0301", "Zoe\u0308"], "an accent written apart"
    assert word_list("[nom] … !") == []
    assert pieces("") == []


@given(texts)
def test_pieces_are_the_whole_text_and_number_its_words(text: str) -> None:
    assert "".join(piece.text for piece in pieces(text)) == text
    numbers = [piece.word for piece in pieces(text) if piece.word is not None]
    assert numbers == list(range(len(numbers)))


@pytest.mark.parametrize(
    ("chosen", "masked", "lengths"),
    [
        ({2}, "Vu M. [nom]-Truc à l'accueil,\nappelé [nom] deux fois au 06 12.", [6]),
        ({2, 3}, "Vu M. [nom] à l'accueil,\nappelé [nom] deux fois au 06 12.", [11]),
        ({2, 5}, "Vu M. [nom]-Truc à [nom]'accueil,\nappelé [nom] deux fois au 06 12.", [6, 1]),
        ({11, 12}, "Vu M. Bidule-Truc à l'accueil,\nappelé [nom] deux fois au [nom].", [5]),
        ({6, 7}, "Vu M. Bidule-Truc à l'[nom],\n[nom] [nom] deux fois au 06 12.", [7, 6]),
        ({7, 8}, "Vu M. Bidule-Truc à l'accueil,\n[nom] [nom] [nom] fois au 06 12.", [6, 4]),
        (set(), TEXT, []),
        ({99}, TEXT, []),
    ],
)
def test_chosen_words_become_one_mask_where_they_follow_each_other(
    chosen: set[int], masked: str, lengths: list[int]
) -> None:
    done = mask_words(TEXT, chosen, "NAME")
    assert done.text == masked
    assert done.findings == tuple(Finding("NAME", length) for length in lengths)


@pytest.mark.parametrize("kind", LABELS)
def test_the_mask_says_what_it_hides(kind: str) -> None:
    assert mask_words("Voir Truc.", {1}, kind).text == f"Voir {LABELS[kind]}."


@given(texts, st.sets(st.integers(0, 30)), st.sampled_from(list(LABELS)))
def test_nothing_but_the_chosen_words_and_what_joins_them_goes(text: str, chosen: set[int], kind: str) -> None:
    done = mask_words(text, chosen, kind)
    hidden = sum(finding.length for finding in done.findings)
    assert len(done.text) == len(text) - hidden + len(done.findings) * len(LABELS[kind])
    kept = [piece.text for piece in pieces(text) if piece.word is not None and piece.word not in chosen]
    assert word_list(done.text) == kept
    assert mask_words(done.text, set(), kind).text == done.text


@pytest.mark.parametrize(
    ("passage", "words"),
    [
        ("Bidule-Truc", ["Bidule", "Truc"]),
        (" BIDULE ", ["Bidule"]),
        ("idul", ["Bidule"]),
        ("appele", ["appelé"]),
        ("06 12", ["06", "12"]),
        ("l", ["Bidule", "l", "accueil", "appelé"]),
        ("Machin", []),
        ("[nom]", []),
        ("", []),
        (".*", []),
    ],
)
def test_a_passage_is_found_wherever_it_stands(passage: str, words: list[str]) -> None:
    found = words_of(TEXT, passage)
    assert [piece.text for piece in pieces(TEXT) if piece.word in found] == words


@given(texts, texts)
def test_any_passage_of_any_text_can_be_looked_for(text: str, passage: str) -> None:
    assert words_of(text, passage) <= set(range(len(word_list(text))))


def test_what_was_looked_at_is_known_by_all_its_texts() -> None:
    assert seen("a", None) == seen("a", "") != seen("", "a")
    assert seen("a", "b") != seen("a", "c")

"""How strongly a word announces that a name follows it."""

from collector.privacy import cues
from collector.privacy.reach import BOLD, TIMID
from collector.privacy.tokens import SMALL, Tokens

PHRASES = cues.table(cues.STRONG, BOLD)
for _word, _list in cues.table(cues.WEAK, TIMID).items():
    PHRASES.setdefault(_word, []).extend(_list)


def is_plain_of(t: Tokens, i: int) -> bool:
    """Whether word `i` ends no longer phrase: "le dépôt de Roye", and no "signature de Roye"."""
    return not any(
        len(phrase) > 1 and tuple(t.words[i + 1 - len(phrase) : i + 1]) == phrase
        for phrase, _ in PHRASES.get(t.words[i], ())
    )


def strength_of(t: Tokens, i: int) -> int:
    """How strongly the words ending at `i` announce a name."""
    word = t.words[i]
    if len(word) == 1 and t.starts[i] and t.page.text[t.starts[i] - 1].isdigit():
        return 0
    best = 0
    for phrase, strength in PHRASES.get(word, ()):
        n = len(phrase)
        if strength > best and (n == 1 or (i + 1 >= n and tuple(t.words[i + 1 - n : i + 1]) == phrase)):
            best = strength
    if word in cues.TITLE_WORDS and not (
        word in cues.SOFT_TITLES and t.shapes[i] == SMALL and word not in ("mr", "dr")
    ):
        best = BOLD
    if word in cues.KIN or word in cues.ROLES:
        best = max(best, TIMID)
    return best

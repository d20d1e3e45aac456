# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""How far a name goes, once one of its words is known.

Surnames before or after first names, initials, particles, hyphens, and what looks like a name without being one: streets,
towns, laws, cars, and people everybody knows.
"""

from collector.privacy import cues
from collector.privacy.lexicon import AMBIGUOUS, COMMON, FIRST, FOREIGN, LAST, OTHER, PLACE, RARE
from collector.privacy.page import Page
from collector.privacy.tokens import CAPITAL, CASELESS, INITIAL, SMALL, UPPER, Tokens

GIVEN = FIRST | RARE | AMBIGUOUS
WORDY = COMMON | FOREIGN | OTHER | PLACE
BOLD, TIMID = 2, 1
TIE = frozenset({" ", "-", "'", "’", "‑", " -", "- ", "  "})
# Letters that are also words, or that begin one cut by its apostrophe.
INITIAL_WORDS = frozenset("a c d j l m n o s t y".split())
# What a surname begins with, even at the head of a sentence.
LEADING = frozenset("van von der den el ben bin ait abd abdel ould dos di mac mc bou".split())
# Inside a hyphenated name these belong to towns: Villeneuve-sur-Lot, Val-d'Oise.
LINKS = frozenset("sur sous les en et la l d de du des aux au saint sainte st ste".split())


class Reach:
    """The words of one comment, and what each can be part of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.t = Tokens(page)

    def is_capital(self, i: int) -> bool:
        return self.t.shapes[i] in (CAPITAL, UPPER)

    def is_unknown(self, i: int) -> bool:
        return not self.t.flags[i] & (WORDY | GIVEN | LAST) and len(self.t.words[i]) > 2

    def may_be_name(self, i: int, strength: int) -> bool:
        """Whether word `i` can begin a name, given how strongly what precedes announces one."""
        t = self.t
        word, flag, shape = t.words[i], t.flags[i], t.shapes[i]
        if shape == INITIAL:
            return strength == BOLD and (
                t.gap(i)[:1] in (".", "-", "'", "’") or (i + 1 < len(t) and self.is_capital(i + 1) and t.gap(i) == " ")
            )
        if word in cues.STOP or word in cues.NOBODY:
            return False
        if shape == CASELESS:
            return strength == BOLD and word not in cues.ARABIC_STOP
        if shape != SMALL:
            if strength == BOLD:
                return not (shape == UPPER and flag & OTHER and not flag & GIVEN)
            return (bool(flag & GIVEN) and not flag & OTHER) or not flag & WORDY
        if flag & FIRST and not flag & (COMMON | OTHER):
            return True
        if strength == BOLD:
            return not flag & WORDY and len(word) > 2
        return False

    def follows(self, j: int, k: int, small: bool) -> bool:  # noqa: C901 - one rule after the other: their order is the rule.
        """Whether word `k` goes on with the name that `j` is part of."""
        t = self.t
        word, flag, shape = t.words[k], t.flags[k], t.shapes[k]
        gap = t.gap(k - 1)
        if gap in ("-", "‑"):
            return not (shape == SMALL and flag & COMMON and not flag & (LAST | GIVEN)) and word not in (
                "la",
                "ci",
                "il",
                "elle",
                "on",
                "ils",
                "elles",
                "t",
                "je",
                "tu",
                "vous",
                "nous",
                "ce",
                "le",
                "les",
                "moi",
                "y",
                "en",
            )
        if gap in ("'", "’"):
            return (
                word == "h"
                or (t.words[k - 1] in ("o", "d", "l", "n", "m", "k") and shape != SMALL)
                or (small and not flag & COMMON)
            )
        if shape == INITIAL:
            return t.gap(k)[:1] in (".", ",", ";", ")", "!", "\n", "-") or word not in INITIAL_WORDS
        if word in ("mai", "avril", "juin", "lan", "an", "do", "da") and shape == CAPITAL:
            return True  # months have no capital in French: "Tuyet Mai Pham"
        if word == "ou" and shape == CAPITAL and t.gap(k) == "-":
            return True  # "Mohand Ou-Idir"
        if word in cues.STOP or (word in cues.NOBODY and flag & COMMON):
            return False
        if shape in (CAPITAL, UPPER):
            if flag & OTHER:
                return False
            if flag & PLACE:
                return bool(flag & LAST) and bool(t.flags[j] & GIVEN)
            if flag & (COMMON | FOREIGN):
                return bool(flag & (LAST | GIVEN))
            return True
        if not small:
            return False
        if self.page.shouts and flag & LAST and t.flags[j] & GIVEN and not flag & (COMMON | OTHER):
            return True
        return (
            bool(
                flag & (LAST | GIVEN)
                or (self.page.shouts and self.is_unknown(k))
                or (self.is_unknown(k) and len(word) > 4)
            )
            and not flag & WORDY
        )

    def reach(self, i: int) -> int:
        """Index of the last word of the name that begins at `i`."""
        t = self.t
        if t.shapes[i] == CASELESS:
            return self.reach_caseless(i)
        last, count = i, 1
        small = t.shapes[i] == SMALL
        while last + 1 < len(t) and count < 6:
            gap = t.gap(last)
            k = last + 1
            if gap not in TIE and not (t.shapes[last] == INITIAL and gap in (".", ". ", ".-", ". -", " .")):
                break
            # particles tie what follows: "Ben Yousef", "de La Tour", "dos Santos"
            p = k
            while (
                p + 1 < len(t)
                and p - k < 3
                and t.words[p] in cues.PARTICLES
                and (t.shapes[p] != INITIAL or t.gap(p) in ("'", "’"))
                and t.gap(p) in TIE
            ):
                p += 1
            if (
                p > k
                and self.follows(p - 1, p, small)
                and (
                    t.shapes[p] != SMALL
                    or (
                        small
                        and t.words[k] not in ("de", "la", "le", "les", "du", "des", "l", "d", "n", "m", "o", "y", "e")
                    )
                )
            ):
                if t.words[k] in ("de", "du", "des", "d", "la", "le", "les", "l") and (
                    t.flags[p] & (PLACE | OTHER)
                    or (t.shapes[k] == SMALL and t.flags[p] & COMMON)
                    or (t.shapes[k] == SMALL and self.is_acronym(i, p))
                ):
                    break
                last, count = p, count + 1
                continue
            if small and self.is_small_initial(k):
                return k
            if not self.follows(last, k, small):
                break
            if (
                small
                and t.shapes[k] == SMALL
                and count >= 2
                and gap == " "
                and not self.page.shouts
                and not t.flags[k] & LAST
            ):
                break
            if small and count >= 3 and gap == " ":
                break
            last, count = k, count + 1
        return last

    def is_small_initial(self, k: int) -> bool:
        """An initial in small letters, with its dot: "nathalie v."."""
        t = self.t
        return len(t.words[k]) == 1 and t.gap(k - 1) == " " and t.page.text[t.ends[k] : t.ends[k] + 1] == "."

    def is_acronym(self, i: int, p: int) -> bool:
        """A service after a name that is not in capitals: "Yvonne du CCAS"."""
        t = self.t
        return t.shapes[p] == UPPER != t.shapes[i] and len(t.words[p]) <= 5 and not t.flags[p] & LAST

    def reach_caseless(self, i: int) -> int:
        """Arabic and other scripts without capitals: two words, and what a patronymic or an article ties to them."""
        t = self.t
        last, parts = i, 1
        while last + 1 < len(t) and t.gap(last) == " " and t.shapes[last + 1] == CASELESS:
            word = t.words[last + 1]
            tied = t.words[last] in cues.ARABIC_TIES
            if (
                word in cues.ARABIC_STOP
                or (not tied and word[0] == "و" and len(word) > 4)
                or (parts >= 2 and not (tied or word in cues.ARABIC_TIES))
            ):
                break
            parts += not tied and word not in cues.ARABIC_TIES
            last += 1
        return last

    def back(self, i: int) -> int:
        """Index of the first word: surnames written before a first name, initials, particles."""
        t = self.t
        first = i
        while first > 0 and i - first < 8:
            gap, p = t.gap(first - 1), first - 1
            if (
                gap == " "
                and t.words[p] in LEADING
                and (t.shapes[p] != SMALL or first < i or t.words[p] in ("der", "den"))
            ):
                first = p
                continue
            if gap in ("-", "‑") and t.shapes[p] != SMALL:
                first = p
                continue
            if (
                t.shapes[p] == INITIAL
                and gap in (". ", ".", " ", ".-")
                and (t.words[p] not in INITIAL_WORDS or ("." in gap and t.words[p] != "m"))
            ):
                first = p
                continue
            if (
                gap == " "
                and t.words[p] in ("le", "la", "de", "du", "da", "el", "ben", "dos")
                and (t.shapes[p] == UPPER or (t.shapes[p] == CAPITAL and not t.opens(p)))
            ):
                first = p
                continue
            if (
                gap != " "
                or t.shapes[p] not in (CAPITAL, UPPER)
                or t.words[p] in cues.STOP
                or t.words[p] in cues.NOBODY
                or t.words[p] in cues.TITLE_WORDS
                or t.words[p] in cues.HEADS
            ):
                break
            flag = t.flags[p]
            if (
                flag & (OTHER | PLACE)
                or (t.opens(p) and t.shapes[p] != UPPER and flag & COMMON and not (flag & LAST and self.heads_form(i)))
                or (flag & COMMON and not flag & LAST)
            ):
                break
            first = p
        return first

    def heads_form(self, i: int) -> bool:
        """A first name set off by a comma in a comment with figures: "Tison Marie-Noëlle, 8-6-1951, …"."""
        t = self.t
        while i + 1 < len(t) and t.gap(i) in ("-", "‑"):
            i += 1
        return self.page.digits and t.gap(i)[:1] in (",", "\n") and i + 1 < len(t)

    def is_thing(self, i: int) -> bool:
        """Whether this is the name of a street, a school, a law or a car rather than of a person."""
        t = self.t
        if i > 1 and t.words[i - 1] == "comme" and len(t.words[i - 2]) == 1:  # "D comme Denis" spells a letter
            return True
        for step in range(1, 5):
            p = i - step
            if p < 0 or t.gap(p) not in TIE | {". ", " « ", ' "'}:
                return False
            word = t.words[p]
            if word in cues.HEADS:
                return True
            if word not in cues.JOINERS and t.shapes[p] == SMALL:
                return False
        return False

    def is_town(self, i: int) -> bool:
        """Whether word `i` is part of a hyphenated town: Saint-Nazaire, Maine-et-Loire."""
        t = self.t
        low = high = i
        while low > 0 and t.gap(low - 1) in ("-", "'", "’") and i - low < 6:
            low -= 1
        while high + 1 < len(t) and t.gap(high) in ("-", "'", "’") and high - i < 6:
            high += 1
        if low == high:
            return False
        return any(
            (t.words[k] in LINKS and t.gap(k) in ("-", "'", "’") and "-" in (t.gap(k), t.gap(k - 1)))
            or (t.flags[k] & PLACE and not t.flags[k] & GIVEN)
            for k in range(low, high + 1)
        )

    def is_public(self, last: int) -> bool:
        """A first name before a name everybody knows: Simone Veil, Jean Moulin."""
        t = self.t
        k = last + 1
        return (
            k < len(t)
            and t.gap(last) == " "
            and t.shapes[k] in (CAPITAL, UPPER)
            and bool(t.flags[k] & OTHER)
            and not t.flags[k] & GIVEN
        )

    def is_surname(self, i: int, k: int) -> bool:
        """A surname in small letters after a title, though it is a town or a word: "mme roussillon", "mr petit"."""
        t = self.t
        word, flag = t.words[k], t.flags[k]
        if (
            not flag & LAST
            or (flag & OTHER and word not in cues.COMMON_SURNAMES)
            or word in cues.STOP
            or word in cues.NOBODY
            or word in cues.ROLES
            or word in cues.KIN
        ):
            return False
        return not flag & COMMON or (t.words[i] in ("mme", "mlle", "mr") and word in cues.COMMON_SURNAMES)

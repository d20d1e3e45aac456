"""How far a name goes, once one of its words is known.

Surnames before or after first names, initials, particles, hyphens.
"""

from collector.privacy import cues
from collector.privacy.lexicon import AMBIGUOUS, COMMON, FIRST, FOREIGN, LAST, OTHER, PLACE, RARE, TOWN, TRADE
from collector.privacy.things import GIVEN, TIE, WORDY, Things
from collector.privacy.tokens import CAPITAL, CASELESS, INITIAL, SMALL, UPPER

BOLD, TIMID = 2, 1
LATIN = "\u024f"
# Letters that are also words, or that begin one cut by its apostrophe.
INITIAL_WORDS = frozenset("a c d j l m n o s t y".split())
# Surnames of two letters that are also words.
SHORT = frozenset("ba sy ly wu xu".split())
# First names that seldom come alone: "jean pierre dubois".
COMPOUND = frozenset("jean marie anne paul pierre louis jose abdel".split())
INVERTED = frozenset("la ci il elle on ils elles t je tu vous nous ce le les moi y en".split())
# After "madame" in full these begin the sentence: "bonjour madame petit souci".
HUMBLE = frozenset("petit grand bon long gros beau joli court".split())
# What a surname begins with, even at the head of a sentence.
LEADING = frozenset("van von der den el ben bin ait abd abdel ould dos di mac mc bou".split())

CALLINGS = cues.HEADS | cues.ROLES | cues.KIN


class Reach(Things):
    """The words of one comment, and what each can be part of."""

    def may_be_name(self, i: int, strength: int) -> bool:
        """Whether word `i` can begin a name, given how strongly what precedes announces one."""
        t = self.t
        word, flag, shape = t.words[i], t.flags[i], t.shapes[i]
        if shape == INITIAL:
            return (
                strength == BOLD
                and not self.is_elision(i)
                and (
                    t.gap(i)[:1] in (".", "-", "'", "’")
                    or (i + 1 < len(t) and self.is_capital(i + 1) and t.gap(i) == " ")
                )
            )
        if word in cues.STOP or word in cues.NOBODY:
            return False
        if shape == CASELESS:
            return strength == BOLD and word not in cues.ARABIC_STOP
        if shape != SMALL:
            if strength == BOLD:
                return not (shape == UPPER and flag & OTHER and not flag & GIVEN)
            return (bool(flag & GIVEN) and not flag & OTHER) or not (flag & WORDY or flag & (TOWN | LAST) == TOWN)
        if word[0] > LATIN:
            return False  # Cyrillic has capitals for names
        if flag & FIRST and not flag & (COMMON | OTHER):
            return True
        if strength == BOLD:
            return not flag & WORDY and len(word) > 2
        return False

    def is_elision(self, i: int) -> bool:
        """An article before a word: "TITULAIRE D'UN COMPTE"; before a name it may be one: "D'Angelo"."""
        t = self.t
        return i + 1 < len(t) and t.gap(i) in ("'", "’") and t.flags[i + 1] & (COMMON | LAST) == COMMON

    def follows(self, j: int, k: int, small: bool) -> bool:  # noqa: C901 - one rule after the other: their order is the rule.
        """Whether word `k` goes on with the name that `j` is part of."""
        t = self.t
        word, flag, shape = t.words[k], t.flags[k], t.shapes[k]
        gap = t.gap(k - 1)
        if gap in ("-", "‑"):
            if t.words[j] in COMPOUND and j == k - 1 and t.flags[j] & FIRST and len(word) < 5 and word not in INVERTED:
                return True  # "jean-mi"
            return not (shape == SMALL and flag & COMMON and not flag & (LAST | GIVEN)) and word not in INVERTED
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
            if flag & OTHER and not (flag & TRADE and t.flags[j] & GIVEN):
                return False
            if flag & PLACE:
                return bool(flag & LAST) and bool(t.flags[j] & GIVEN)
            if flag & (COMMON | FOREIGN):
                return bool(flag & (LAST | GIVEN)) or self.vouches(j, k)
            return True
        if not small:
            return False
        if word in SHORT and t.flags[j] & (FIRST | RARE) and not t.flags[j] & COMMON:
            return True  # "ousmane ba"
        if self.page.shouts and flag & TRADE and t.flags[j] & FIRST and not t.flags[j] & COMMON:
            return True
        if flag & (LAST | WORDY) == LAST | FOREIGN and t.flags[j] & (FIRST | AMBIGUOUS) and len(word) > 3:
            return True  # "dominique weber": a word elsewhere
        if (
            t.flags[j] & (LAST | GIVEN | WORDY) == LAST
            and flag & FIRST
            and not flag & (PLACE | OTHER)
            and len(word) > 4
        ):
            return True  # "monsieur lefebvre benoit"
        if t.words[j] in COMPOUND and flag & GIVEN and not flag & (PLACE | OTHER):
            return True
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

    def vouches(self, j: int, k: int) -> bool:
        """A capital inside a sentence, after a first name that is nothing else: "Aminata Bah", "Prosper Content"."""
        t = self.t
        word = t.words[k]
        named = t.flags[j] & (FIRST | RARE) and not t.flags[j] & (COMMON | PLACE | OTHER)
        return bool(named) and t.shapes[k] == t.shapes[j] == CAPITAL and word not in CALLINGS

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
                        and (
                            t.words[k] not in ("de", "la", "le", "les", "du", "des", "l", "d", "n", "m", "o", "y", "e")
                            or (t.words[k] == "l" and t.gap(k) != " " and t.flags[p] & (LAST | WORDY) == LAST)
                        )
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
                or (parts >= (3 if word.startswith("ال") else 2) and not (tied or word in cues.ARABIC_TIES))
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

    def is_surname(self, i: int, k: int) -> bool:
        """A surname in small letters after a title, though it is a town or a word: "mme roussillon", "mr petit"."""
        t = self.t
        word, flag = t.words[k], t.flags[k]
        if (
            not flag & LAST
            or (flag & OTHER and not flag & TRADE)
            or word in cues.STOP
            or word in cues.NOBODY
            or word in cues.ROLES
            or word in cues.KIN
        ):
            return False
        if not flag & COMMON:
            return True
        return bool(flag & TRADE) and (t.words[i] in ("mme", "mlle", "mr") or word not in HUMBLE)

# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""First names and capitals that are nobody's: proverbs, brands, weddings, adjectives, initials of services."""

from collector.privacy import cues
from collector.privacy.announced import Announced
from collector.privacy.announcing import strength_of
from collector.privacy.lexicon import COMMON, FIRST, LAST, OTHER, PLACE, TOWN
from collector.privacy.things import GIVEN
from collector.privacy.tokens import SMALL

PREPOSITIONS = frozenset(
    "a en sur vers in em from at near bei nach di da aus no na de do dos del d du des depuis la le les l un une entre et ou avec chez par pour selon contre sauf dont que qu".split()
)
NAMING = frozenset({" ", " (", " « ", ' "', " “"})
ARTICLE = frozenset("le la les".split())
LITTLE = frozenset("d de la l".split())


class Nobody(Announced):
    """What looks like somebody and is not."""

    def after_preposition(self, i: int) -> bool:
        """What a sentence is about, more often than who: "facturé avec Vega", "embauché chez Elior"."""
        return i > 0 and self.t.words[i - 1] in PREPOSITIONS

    def is_fixed(self, i: int) -> bool:
        """Part of a pair that everybody knows, a little word between them or not: "fil d'Ariane", "Roland-Garros"."""
        words = self.t.words
        before = i - 2 if i > 1 and words[i - 1] in LITTLE else i - 1
        after = i + 2 if i + 2 < len(words) and words[i + 1] in LITTLE else i + 1
        return (before >= 0 and (words[before], words[i]) in cues.FIXED) or (
            after < len(words) and (words[i], words[after]) in cues.FIXED
        )

    def is_adjective(self, i: int) -> bool:
        """Right after a noun: "don manuel", "cousine germaine"."""
        t = self.t
        return t.words[i] in cues.ADJECTIVES and i > 0 and t.gap(i - 1) == " " and t.flags[i - 1] & COMMON != 0

    def is_wedding(self, i: int) -> bool:
        """Without its accent, the verb or the participle: "mon enfant se marie", "marie depuis 2012"."""
        t = self.t
        if t.words[i] != "marie":
            return False
        before, after = t.words[i - 1] if i else "", t.words[i + 1] if i + 1 < len(t) else ""
        return before in cues.WEDDING or after in ("depuis", "ou", "sous")

    def is_initialism(self, i: int) -> bool:
        """The initials of what stands before a bracket: "l'allocation pour demandeur d'asile (Ada)"."""
        t = self.t
        if i == 0 or t.gap(i - 1) != " (" or t.gap(i)[:1] != ")":
            return False
        initials = [word[0] for word in t.words[max(0, i - 12) : i]]
        letters = list(reversed(t.words[i]))
        for initial in initials:
            if letters and initial == letters[-1]:
                letters.pop()
        return not letters

    def is_whoever(self, i: int) -> bool:
        """Paul, undressed to dress Jacques: two of them without a surname, no word of kin, of a service or of thanks."""
        if self.t.words[i] not in cues.EVERYBODY:
            return False
        if self.reach(i) > i or self.back(i) < i:
            return False
        others = cues.EVERYBODY & self.page.words - {self.t.words[i]}
        return bool(others) and self.page.words.isdisjoint(cues.MEANT)

    def is_foreign(self) -> bool:
        """Fewer than a third of the longer words are French: a small word proves nothing by being a first name here."""
        longer = [flag for word, flag in zip(self.t.words, self.t.flags, strict=True) if len(word) > 2]
        return len(longer) > 4 and 3 * sum(flag & COMMON != 0 for flag in longer) < len(longer)

    def is_what_is_called(self, first: int) -> bool:
        """A noun right before that is nobody's: "un lave-linge Whirlpool", "l'attestation ENIC"."""
        t = self.t
        p = first - 1
        if p >= 0 and t.gap(p) == " " and t.shapes[p] != SMALL and t.flags[p] & (OTHER | GIVEN | LAST) == OTHER:
            return True  # a brand: "Atlantic Alféa"
        return (
            p >= 0
            and t.gap(p) in NAMING
            and t.shapes[p] == SMALL
            and t.flags[p] & COMMON != 0
            and t.words[p] not in cues.STOP
            and t.words[p] not in cues.PEOPLE
            and not strength_of(t, p)
        )

    def is_town_with_article(self, first: int, last: int) -> bool:
        """A town whose name begins so: "La Rochelle"."""
        t = self.t
        if t.words[first] not in ARTICLE or first == last:
            return False
        return bool(t.flags[first + 1] & (TOWN | PLACE)) and not t.flags[first + 1] & FIRST

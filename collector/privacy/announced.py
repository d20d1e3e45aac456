"""Names after what announces them."""

import re

from collector.privacy import cues
from collector.privacy.announcing import is_plain_of, strength_of
from collector.privacy.lexicon import AMBIGUOUS, COMMON, FIRST, LAST, OTHER, PLACE, RARE, TOWN, TRADE
from collector.privacy.reach import BOLD, SHORT, TIMID, Reach
from collector.privacy.things import GIVEN, TIE, WORDY
from collector.privacy.tokens import CAPITAL, SMALL

AFTER_CUE = re.compile(r"[ :=«\"“(,'’\-–>/.]{1,4}|\s?:?\s?\n?-?\s?")
# Titles nobody mistakes for a word, even in small letters: "mme le floch".
TITLES = frozenset("mme mlle mr monsieur madame mademoiselle docteur dr maitre me".split())
ASKED = frozenset("nom prenom mme mlle mr monsieur madame".split())
# What a sentence goes on with once the name is said: "je m'appelle vasco teles sou pedreiro".
ONWARD = frozenset("et je j jai ne nee sou soy i e y habite domicilie domiciliee".split())

# "avec Vega", "que Portalis rame", "un colis de Corée".
LOOSE = frozenset("avec chez par pour entre selon contre sauf dont de d a que qu et ou".split())
HOUSED = frozenset("sonner sonnez gauche droite habite heberge hebergee loge logee porte boite".split())


class Announced(Reach):
    """Where a cue and the name after it are."""

    def after_cue(self, k: int) -> tuple[int, int] | None:
        """A name that holds word `k` and follows a cue, particles between them: "Mme de La Tour"."""
        t = self.t
        for i in range(k - 1, max(-1, k - 5), -1):
            hit = self.announced(i)
            if hit is not None and hit[1] >= k:
                return hit
            if t.words[i] not in cues.PARTICLES:
                break
        return None

    def announced(self, i: int) -> tuple[int, int] | None:  # noqa: C901 - one rule after the other: their order is the rule.
        """A name right after word `i`, if that word ends a cue."""
        t = self.t
        strength = strength_of(t, i)
        k = i + 1
        if not strength or k >= len(t):
            return None
        gap = t.gap(i)
        single = AFTER_CUE.fullmatch(gap) is not None
        if not single or (
            "." in gap
            and t.words[i] not in ("m", "mr", "mme", "mlle", "dr", "me", "pr", "vve", "ep", "sr", "sra", "ms", "mrs")
        ):
            return None
        if gap in ("'", "’") and t.words[i] not in ("d", "l", "qu"):
            return None
        if "," in gap and strength == BOLD and t.words[i] in cues.TITLE_WORDS:
            return None
        # a small word may stand between: "je suis la maman …" never, "mon fils le petit Adam" seldom
        p = k
        while (
            p + 1 < len(t) and p - k < 2 and t.words[p] in cues.PARTICLES and t.shapes[p] != SMALL and t.gap(p) in TIE
        ):
            p += 1
        if strength == TIMID and (self.is_town(k) or t.words[k] in cues.HEADS):
            return None
        if p > k and self.may_be_name(p, strength):
            if strength == TIMID and t.flags[p] & (TOWN | PLACE) and not t.flags[p] & FIRST:
                return None  # "la DDTM de La Rochelle"
            return k, self.reach(p)
        if (
            strength == BOLD
            and t.words[k]
            in (
                "el",
                "al",
                "ben",
                "van",
                "von",
                "da",
                "dos",
                "di",
                "ait",
                "ould",
                "abd",
                "abdel",
                "bin",
                "de",
                "le",
                "la",
                "du",
                "des",
            )
            and k + 1 < len(t)
            and t.gap(k) in TIE
            and not (
                t.words[k] in ("de", "le", "la", "du", "des")
                and (
                    (t.shapes[k + 1] == SMALL and t.words[i] not in TITLES)
                    or (t.flags[k + 1] & WORDY and len(t.words[k + 1]) > 1)
                )
            )
            and self.may_be_name(k + 1, strength)
        ):
            tied = t.shapes[k] == SMALL and t.words[k] in ("de", "du", "des") and t.words[i] not in TITLES
            return (k + 1 if tied else k), self.reach(k + 1)
        married = t.shapes[k] == SMALL and t.words[i] in cues.TITLE_WORDS and strength == BOLD and self.is_surname(i, k)
        # "le notaire Charpentier"
        married = married or (
            t.shapes[k] == CAPITAL
            and (
                t.words[i] in cues.ROLES or t.words[i] in cues.KIN or (t.words[i] == "chez" and t.flags[k] & TRADE != 0)
            )
            and t.flags[k] & (TRADE | FIRST) != 0
            and not t.flags[k] & OTHER
            and not (
                t.flags[k] & TRADE and t.gap(k) == " " and t.flags[k + 1] & (PLACE | OTHER)
            )  # "Grand Lyon Habitat"
        )
        # "mon mari gheorghe": rare, but nothing else than a first name
        married = married or (
            (t.words[i] in cues.KIN or t.words[i] in ("soy", "sou", "certain", "certaine"))
            and t.shapes[k] == SMALL
            and t.flags[k] & RARE != 0
            and not t.flags[k] & WORDY
            and len(t.words[k]) > 3
        )
        # "prenom duc": the label vouches for a first name that is also a word
        married = married or (t.words[i] == "prenom" and t.flags[k] & FIRST != 0 and t.words[k] not in cues.STOP)
        # "nom ba": two letters that are a surname where a name is asked for; "NOM BERGER": capitals say nothing there
        asked = t.words[i] in ASKED and (
            t.words[k] in SHORT or (self.page.shouts and t.flags[k] & (TRADE | AMBIGUOUS) != 0)
        )
        married = married or asked
        if not married and (not self.may_be_name(k, strength) or self.is_thing(k)):
            return None
        if (
            strength == BOLD
            and t.words[i] in cues.LABELS
            and t.shapes[k] != SMALL
            and t.flags[k] & COMMON
            and not t.flags[k] & (LAST | GIVEN)
        ):
            return None
        last = self.reach(k)
        if strength == TIMID and self.is_proverbial(i, k, last):
            return None
        if "\n" in gap and t.gap(last).lstrip(" ").startswith(":"):
            return None  # the next label of an empty form
        if strength == TIMID and self.is_sigle(k, last):
            return None
        if strength == BOLD and last == k and t.shapes[k] == SMALL:
            last = self.with_surname(last)
        if strength == TIMID and (
            (k == last and t.flags[k] & PLACE and not (t.words[i] in cues.KIN and t.flags[k] & FIRST))
            or self.is_public(last)
        ):
            return None
        if i and t.words[i - 1] == "sou" and t.flags[k] & GIVEN:  # "sou a Deolinda": Portuguese says the article
            return k, last
        if strength == TIMID and k == last and self.is_loose(i, k):
            return None
        if strength == TIMID and k == last and t.words[i] == "a" and not t.flags[k] & (FIRST | AMBIGUOUS):
            return None
        if (
            strength == TIMID
            and k == last
            and t.words[i] in ("a", "de", "d", "que", "qu", "et", "ou", "entre", "pour", "par", "chez", "avec")
            and not t.flags[k] & (GIVEN | LAST)
        ):
            return None
        return k, last

    def is_loose(self, i: int, k: int) -> bool:
        """A preposition and a capital that is no first name: what a sentence is about, more often than who."""
        t = self.t
        if t.flags[k] & (FIRST | AMBIGUOUS) or t.words[k] in cues.TELLING:
            return False
        at_home = t.words[i] == "chez" and i > 0 and t.words[i - 1] in HOUSED
        return t.words[i] in LOOSE and is_plain_of(t, i) and not (at_home and t.flags[k] & LAST)

    def is_proverbial(self, i: int, k: int, last: int) -> bool:
        """Whom everybody knows: "comme à Roland-Garros", "le fil d'Ariane"."""
        words = self.t.words
        return (words[i - 1], words[k]) in cues.FIXED or any(
            (words[j], words[j + 1]) in cues.FIXED for j in range(k, last)
        )

    def with_surname(self, last: int) -> int:
        """A surname that is also a word, in small letters, where the sentence shows that the name ends there."""
        t = self.t
        k = last + 1
        if (
            k >= len(t)
            or t.shapes[k] != SMALL
            or not t.flags[last] & FIRST
            or t.gap(last) != " "
            or not t.flags[k] & LAST
            or t.flags[k] & OTHER
            or len(t.words[k]) < 4
            or t.words[k] in cues.STOP
            or t.words[k] in cues.NOBODY
        ):
            return last
        ends = t.gap(k) != " " or t.words[k + 1] in ONWARD
        return k if ends else last

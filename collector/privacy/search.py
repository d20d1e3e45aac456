"""Where the names of a comment are: after what announces them, beside one another, or on their own."""

from collections.abc import Iterator

from collector.privacy import cues
from collector.privacy.lexicon import AMBIGUOUS, COMMON, FIRST, LAST, OTHER, PLACE, RARE, TRADE
from collector.privacy.nobody import Nobody
from collector.privacy.reach import SHORT, TIMID
from collector.privacy.things import GIVEN, WORDY
from collector.privacy.tokens import CAPITAL, CASELESS, INITIAL, SMALL, UPPER

AND = frozenset("et ou and y e & und".split())
MONTHS = frozenset("may april june august july september".split())
TIMES = frozenset("in since by until till last next early late from of".split())
# "Mme Juillet", "Mr Avril": surnames that no list may hold, because of what else they say.
CALENDAR = frozenset(
    "janvier fevrier mars avril mai juin juillet aout septembre octobre "
    "lundi mardi jeudi vendredi samedi dimanche".split()
)
CALLED = LAST | FIRST
LABELS = frozenset({"nom", "prenom"})
OF = frozenset("le la l mon ma notre son sa un une".split())
# Words of English that are first names elsewhere.
ENGLISH = frozenset("said else will dean".split())
ARTICLES = frozenset("the they and is".split())


class Search(Nobody):
    """Where the names of one comment are."""

    def spans(self) -> Iterator[tuple[int, int]]:
        t = self.t
        done = -1
        # Ordinary small words are most of a comment and are never looked at.
        chosen = [i for i, (flag, shape) in enumerate(zip(t.flags, t.shapes, strict=True)) if shape or not flag & WORDY]
        if not self.page.words.isdisjoint(cues.SMALL_TITLES):
            chosen = sorted(
                {
                    *chosen,
                    *(i + 1 for i, w in enumerate(t.words[:-1]) if w in cues.SMALL_TITLES and t.flags[i + 1] & CALLED),
                }
            )
        if not self.page.words.isdisjoint(LABELS) and self.page.shouts:
            chosen = sorted(
                {*chosen, *(i + 1 for i, w in enumerate(t.words[:-1]) if w in LABELS and t.flags[i + 1] & CALLED)}
            )
        if not self.page.words.isdisjoint(SHORT):
            chosen = sorted({*chosen, *(i for i, w in enumerate(t.words) if w in SHORT)})
        for i in chosen:
            word = t.words[i]
            if word in CALENDAR and i > done and self.is_titled(i):
                yield i, i
                done = i
                continue
            if (
                i <= done
                or (t.shapes[i] == SMALL and word in cues.SMALL_WORDS)
                or (word in cues.STOP and t.shapes[i] != INITIAL and word not in cues.PARTICLES)
            ):
                continue
            if word in cues.PUZZLING and (self.is_whoever(i) or (t.shapes[i] == SMALL and self.is_adjective(i))):
                continue
            hit = self.after_cue(i) or self.bare(i)
            if hit is None:
                continue
            first, last = hit
            first = max(first, done + 1)
            if (
                first > done + 1
                and t.shapes[first] == SMALL
                and len(t.words[first - 1]) == 1
                and t.gap(first - 1) == ". "
            ):
                first -= 1  # "suivi par p. lemoine"
            if (before := self.before_and(first)) is not None and before > done:
                yield before, first - 2
            yield first, last
            done = last
            for first, last in self.others(done):
                yield first, last
                done = last

    def is_titled(self, i: int) -> bool:
        """Whether a capital word comes right after "Mme" or "Mr"."""
        t = self.t
        return (
            t.shapes[i] == CAPITAL
            and i > 0
            and t.words[i - 1] in cues.SMALL_TITLES | {"m", "mlle"}
            and t.gap(i - 1) in {" ", ". "}
        )

    def bare(self, i: int) -> tuple[int, int] | None:  # noqa: C901 - one rule after the other: their order is the rule.
        """A name that nothing announces."""
        t = self.t
        word, flag, shape = t.words[i], t.flags[i], t.shapes[i]
        if word in cues.STOP or word in cues.NOBODY or (word in cues.TITLE_WORDS and flag & COMMON):
            return None
        if shape == UPPER and i and t.words[i - 1] == "l" and t.gap(i - 1) in ("'", "’"):  # "l'ADIL"
            return None
        if word in ENGLISH and (not self.page.words.isdisjoint(ARTICLES) or (t.opens(i) and self.reach(i) == i)):
            return None
        if word in cues.TELLING and shape == CAPITAL and not self.is_thing(i) and not self.is_town(i):
            return i, self.reach(i)
        if self.is_initialism(i):
            return None
        if shape == SMALL:
            if self.is_wedding(i):
                return None
            if flag & FIRST and not flag & WORDY and len(word) > 3 and not self.is_thing(i) and not self.is_fixed(i):
                first, last = self.small_back(i), self.reach(i)
                return None if first == last and self.is_foreign() else (first, last)
            if word in cues.TELLING and not flag & COMMON and not self.is_thing(i):
                return i, self.reach(i)
            return None
        if (
            shape == INITIAL
            or (flag & OTHER and not flag & GIVEN)
            or word in cues.HEADS
            or self.is_fixed(i)
            or (word in cues.CARS and not self.page.words.isdisjoint(cues.MOTORING))
        ):
            return None
        if shape == CASELESS:
            return (i, self.reach(i)) if flag & FIRST and word not in cues.ARABIC_STOP else None
        if flag & OTHER and shape == UPPER:  # an acronym: IBAN, and the Basque first name Iban
            return None
        if word in MONTHS and i and (t.words[i - 1] in TIMES or self.page.text[t.starts[i] - 2].isdigit()):
            return None
        if (
            shape == CAPITAL
            and not flag & WORDY
            and ((self.is_presented(i) and not self.is_what_is_called(i)) or self.is_household(i))
        ):
            return i, self.reach(i)
        if shape == CAPITAL and self.is_trade(i) and self.is_household(i):
            return i, i
        if not flag & FIRST and len(self.page.words & cues.GERMAN) > 1:
            return None
        opens = t.opens(i)
        if self.is_thing(i) or self.is_town(i):
            return None
        last = self.reach(i)
        if self.is_public(last):
            return None
        first = self.back(i)
        if any((t.words[k], t.words[k + 1]) in cues.FIXED for k in range(first, last)):
            return None
        several = last > i or first < i
        if self.is_town_with_article(first, last):
            return None
        if flag & FIRST and not flag & (PLACE | OTHER):
            return (first, last) if several or not flag & COMMON or not opens else None
        if flag & (AMBIGUOUS | FIRST):
            surname = last > i and not t.flags[i + 1] & COMMON
            if flag & (PLACE | OTHER) and not surname:
                return None
            acts = shape == CAPITAL and (tuple(t.words[i + 1 : i + 3]) in cues.ACTS or self.is_presented(last))
            return (
                (first, last)
                if surname
                or acts
                or (not opens and shape == CAPITAL and (not flag & COMMON or "," not in t.gap(i - 1)))
                else None
            )
        if flag & WORDY or self.is_what_is_called(first):
            return None
        if (
            several
            and shape == UPPER
            and len(word) <= 4
            and not any(t.flags[k] & GIVEN for k in range(first, last + 1))
        ):
            return None
        if several:
            known = any(
                t.flags[k] & (LAST | GIVEN) or self.is_unknown(k) or t.shapes[k] == INITIAL
                for k in range(first, last + 1)
                if k != i
            )
            return (first, last) if known and (not opens or shape == UPPER or flag & (LAST | RARE)) else None
        if (
            flag & (LAST | RARE)
            and not opens
            and shape == CAPITAL
            and len(word) > 3
            and "," not in t.gap(i - 1)
            and not self.after_preposition(i)
        ):
            return i, i
        return None

    def small_back(self, i: int) -> int:
        """A surname written before its first name, all in small letters: "pelissou nadine"."""
        t = self.t
        surname = (
            i > 0
            and t.gap(i - 1) == " "
            and (t.flags[i - 1] & LAST or (self.page.shouts and self.is_unknown(i - 1)))
            and (not t.flags[i - 1] & WORDY or (t.flags[i - 1] & TRADE and (i < 2 or t.gap(i - 2) != " ")))
            and len(t.words[i - 1]) > 3
            and t.words[i - 1] not in cues.STOP
        )
        maghrebi = i > 0 and t.words[i - 1] in ("m", "n") and t.shapes[i - 1] == INITIAL and t.gap(i - 1) in ("'", "’")
        return i - 1 if maghrebi or (surname and not self.is_thing(i - 1)) else i

    def is_presented(self, i: int) -> bool:
        """Who somebody is, right after their name: "Désiré, l'agent de sécurité"."""
        t = self.t
        return t.gap(i) == ", " and i + 2 < len(t) and t.words[i + 1] in OF and t.words[i + 2] in cues.ROLES | cues.KIN

    def is_household(self, i: int) -> bool:
        """A surname takes no plural: "les Gonnet" are people, "les Lyonnais" a town's."""
        t = self.t
        household = i > 0 and t.words[i - 1] == "les" and t.gap(i - 1) == " " and t.words[i][-1] not in "sxz"
        return household and bool(t.flags[i] & LAST) and not t.flags[i] & (PLACE | OTHER)

    def is_trade(self, k: int) -> bool:
        """A capital on a surname that is also a word: beside another name it is one."""
        return self.t.shapes[k] == CAPITAL and self.t.flags[k] & (TRADE | OTHER) == TRADE

    def before_and(self, first: int) -> int | None:
        """The name before "et": "Hasina et Tojo Randrianarisoa"."""
        t = self.t
        k = first - 2
        if k < 0 or t.words[first - 1] not in AND or t.gap(k) != " " or t.gap(k + 1) != " " or not self.is_capital(k):
            return None
        if (
            (t.flags[k] & WORDY and (not t.flags[k] & GIVEN or t.flags[k] & (PLACE | OTHER)) and not self.is_trade(k))
            or t.words[k] in cues.STOP
            or self.is_thing(k)
            or not (t.flags[k] & (GIVEN | LAST) or self.is_unknown(k))
        ):
            return None
        return self.back(k)

    def others(self, done: int) -> Iterator[tuple[int, int]]:
        """Names listed after a name: "Kenza, Ilyès et Sofiane"."""
        t = self.t
        for _ in range(8):
            k = done + 1
            if k >= len(t):
                return
            gap = t.gap(done).strip(" ")
            if gap in (",", "/", "&", "+", ", et", "") and t.words[k] in AND and t.gap(k) == " ":
                k += 1
            elif gap not in (",", "/", "&", "+"):
                return
            if k >= len(t) or (t.shapes[k] == SMALL and not t.flags[k] & FIRST) or t.shapes[k] == INITIAL:
                return
            listed = self.may_be_name(k, TIMID) and not t.flags[k] & PLACE
            if not (listed or self.is_trade(k)) or self.is_thing(k) or self.is_sigle(k, k):
                return
            done = self.reach(k)
            yield k, done

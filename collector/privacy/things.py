"""What looks like a name without being one: streets, schools, laws, cars, towns, and people everybody knows."""

from collector.privacy import cues
from collector.privacy.lexicon import AMBIGUOUS, COMMON, FIRST, FOREIGN, LAST, OTHER, PLACE, RARE, TOWN
from collector.privacy.lexicon import flags as known
from collector.privacy.page import Page
from collector.privacy.tokens import CAPITAL, INITIAL, SMALL, UPPER, Tokens

GIVEN = FIRST | RARE | AMBIGUOUS
WORDY = COMMON | FOREIGN | OTHER | PLACE
TIE = frozenset({" ", "-", "'", "’", "‑", " -", "- ", "  "})
# Inside a hyphenated name these belong to towns: Villeneuve-sur-Lot, Val-d'Oise.
LINKS = frozenset("sur sous les en et la l d de du des aux au saint sainte st ste".split())

TITLED = frozenset("me m mme mlle mr".split())
BEFORE_THING = TIE | {". ", " « ", ' "'}
# "École : Louis-Aragon", and no "préfecture : Saliha".
NAMED_AFTER = frozenset("ecole college lycee creche etablissement residence gymnase rue avenue".split())


class Things:
    """The words of one comment, and which of them are no person's."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.t = Tokens(page)

    def is_capital(self, i: int) -> bool:
        return self.t.shapes[i] in (CAPITAL, UPPER)

    def is_unknown(self, i: int) -> bool:
        return not self.t.flags[i] & (WORDY | GIVEN | LAST | TOWN) and len(self.t.words[i]) > 2

    def heads_form(self, i: int) -> bool:
        """A first name set off by a comma in a comment with figures: "Tison Marie-Noëlle, 8-6-1951, …"."""
        t = self.t
        while i + 1 < len(t) and t.gap(i) in ("-", "‑"):
            i += 1
        return self.page.digits and t.gap(i)[:1] in (",", "\n") and i + 1 < len(t)

    def is_sigle(self, first: int, last: int) -> bool:
        """A few capitals among small letters, and no first name: "son DSE", "dossier DSN"."""
        t = self.t
        short = first == last and t.shapes[first] == UPPER and len(t.words[first]) < 5 and not self.page.shouts
        return short and not t.flags[first] & GIVEN and t.words[first] not in cues.TELLING

    def is_thing(self, i: int) -> bool:
        """Whether this is the name of a street, a school, a law or a car rather than of a person."""
        t = self.t
        if i > 1 and t.words[i - 1] == "comme" and len(t.words[i - 2]) == 1:  # "D comme Denis" spells a letter
            return True
        for step in range(1, 5):
            p = i - step
            if p >= 0 and t.gap(p).strip() == ":" and t.words[p] in NAMED_AFTER:
                return True
            if p < 0 or t.gap(p) not in BEFORE_THING or (t.gap(p) == ". " and len(t.words[p]) > 3):
                return False
            word = t.words[p]
            if word in TITLED and t.shapes[p] != SMALL:
                return False  # "l'étude de Me Schwindenhammer"
            if word in cues.HEADS and t.shapes[p] != INITIAL:  # "Ch. Ehrhardt" is no hospital
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
        whole = low
        for k in range(low, i):
            whole = k + 1 if t.gap(k) != "-" else whole  # "d'Hénin-Beaumont"
        if known()["-".join(t.words[whole : high + 1])] & TOWN:
            return True
        return any(
            (t.words[k] in LINKS and t.gap(k) in ("-", "'", "’") and "-" in (t.gap(k), t.gap(k - 1)))
            or (t.flags[k] & PLACE and not t.flags[k] & GIVEN)
            for k in range(low, high + 1)
        )

    def is_public(self, last: int) -> bool:
        """A first name before a name everybody knows: Simone Veil, Jean Moulin."""
        t = self.t
        k = last if t.gap(last - 1) == "-" else last + 1  # "la mairie dit Simone-Veil"
        if k == last and t.flags[last - 1] & GIVEN and t.flags[k] & (OTHER | GIVEN) == OTHER:
            return True
        k = last + 1
        return (
            k < len(t)
            and t.gap(last) == " "
            and t.shapes[k] in (CAPITAL, UPPER)
            and bool(t.flags[k] & OTHER)
            and not t.flags[k] & GIVEN
        )

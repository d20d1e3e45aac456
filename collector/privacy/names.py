"""Names of people: found by what announces them, by what they are made of, and by where they stand."""

import re
from collections.abc import Iterator

from collector.privacy import cues
from collector.privacy.lexicon import AMBIGUOUS, COMMON, FIRST, FOREIGN, LAST, OTHER, PLACE, RARE, flags
from collector.privacy.page import Page
from collector.privacy.spans import Span
from collector.privacy.tokens import CAPITAL, CASELESS, INITIAL, SMALL, UPPER, Tokens

GIVEN = FIRST | RARE | AMBIGUOUS
WORDY = COMMON | FOREIGN | OTHER | PLACE
BOLD, TIMID = 2, 1
PHRASES = cues.table(cues.STRONG, BOLD)
for _word, _list in cues.table(cues.WEAK, TIMID).items():
    PHRASES.setdefault(_word, []).extend(_list)
AFTER_CUE = re.compile(r"[ :=«\"“(,'’\-–>/.]{1,4}|\s?:?\s?\n?-?\s?")
TIE = frozenset({" ", "-", "'", "’", "‑", " -", "- ", "  "})
# Letters that are also words, or that begin one cut by its apostrophe.
INITIAL_WORDS = frozenset("a c d j l m n o s t y".split())
# Inside a hyphenated name these belong to towns: Villeneuve-sur-Lot, Val-d'Oise.
LINKS = frozenset("sur sous les en et la l d de du des aux au saint sainte st ste".split())
AND = frozenset("et ou and y e & und".split())


class Search:
    """One reading of one comment."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.t = Tokens(page)

    # --- what a word can be -------------------------------------------------

    def is_capital(self, i: int) -> bool:
        return self.t.shapes[i] in (CAPITAL, UPPER)

    def is_unknown(self, i: int) -> bool:
        return not self.t.flags[i] & (WORDY | GIVEN | LAST) and len(self.t.words[i]) > 2

    def may_be_name(self, i: int, strength: int) -> bool:
        """Can word `i` begin a name, given how strongly what precedes announces one?"""
        t = self.t
        word, flag, shape = t.words[i], t.flags[i], t.shapes[i]
        if shape == INITIAL:
            return strength == BOLD and (t.gap(i)[:1] in (".", "-", "'", "’") or i + 1 < len(t) and self.is_capital(i + 1) and t.gap(i) == " ")
        if word in cues.STOP or word in cues.NOBODY:
            return False
        if shape == CASELESS:
            return strength == BOLD and word not in cues.ARABIC_STOP
        if shape != SMALL:
            if strength == BOLD:
                return True
            return bool(flag & GIVEN) and not flag & OTHER or not flag & WORDY
        if flag & FIRST and not flag & (COMMON | OTHER):
            return True
        if strength == BOLD:
            return not flag & WORDY and len(word) > 2
        return False

    # --- how far a name goes ------------------------------------------------

    def follows(self, j: int, k: int, small: bool) -> bool:
        """Does word `k` go on with the name that `j` is part of?"""
        t = self.t
        word, flag, shape = t.words[k], t.flags[k], t.shapes[k]
        gap = t.gap(k - 1)
        if gap in ("-", "‑"):
            return not (shape == SMALL and flag & COMMON and not flag & (LAST | GIVEN)) and word not in ("la", "ci", "il", "elle", "on", "ils", "elles", "t", "je", "tu", "vous", "nous", "ce", "le", "les", "moi", "y", "en")
        if gap in ("'", "’"):
            return word == "h" or t.words[k - 1] in ("o", "d", "l", "n", "m", "k") and shape != SMALL or small and not flag & COMMON
        if shape == INITIAL:
            return t.gap(k)[:1] in (".", ",", ";", ")", "!", "\n", "-") or word not in INITIAL_WORDS
        if word in cues.STOP or word in cues.NOBODY and flag & COMMON:
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
        return bool(flag & (LAST | GIVEN) or self.page.shouts and self.is_unknown(k) or self.is_unknown(k) and len(word) > 4) and not flag & WORDY

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
            while p + 1 < len(t) and p - k < 3 and t.words[p] in cues.PARTICLES and (t.shapes[p] != INITIAL or t.gap(p) in ("'", "’")) and t.gap(p) in TIE:
                p += 1
            if p > k and self.follows(p - 1, p, small) and (t.shapes[p] != SMALL or small and t.words[k] not in ("de", "la", "le", "les", "du", "des", "l", "d", "n", "m", "o", "y", "e")):
                if t.words[k] in ("de", "du", "des", "d", "la", "le", "les", "l") and (t.flags[p] & (PLACE | OTHER) or t.shapes[k] == SMALL and t.flags[p] & COMMON):
                    break
                last, count = p, count + 1
                continue
            if not self.follows(last, k, small):
                break
            if small and t.shapes[k] == SMALL and count >= 2 and gap == " " and not self.page.shouts and not t.flags[k] & LAST:
                break
            if small and count >= 3 and gap == " ":
                break
            last, count = k, count + 1
        return last

    def reach_caseless(self, i: int) -> int:
        """Arabic and other scripts without capitals: two words, and what a patronymic or an article ties to them."""
        t = self.t
        last, parts = i, 1
        while last + 1 < len(t) and t.gap(last) == " " and t.shapes[last + 1] == CASELESS:
            word = t.words[last + 1]
            tied = t.words[last] in cues.ARABIC_TIES
            if word in cues.ARABIC_STOP or not tied and word[0] == "و" and len(word) > 4 or parts >= 2 and not (tied or word in cues.ARABIC_TIES):
                break
            parts += not tied and word not in cues.ARABIC_TIES
            last += 1
        return last

    def back(self, i: int) -> int:
        """Index of the first word: surnames written before a first name, initials, particles."""
        t = self.t
        first = i
        while first > 0:
            gap, p = t.gap(first - 1), first - 1
            if gap in ("-", "‑") and t.shapes[p] != SMALL:
                first = p
                continue
            if t.shapes[p] == INITIAL and gap in (". ", ".", " ", ".-") and (t.words[p] not in INITIAL_WORDS or "." in gap and t.words[p] != "m"):
                first = p
                continue
            if gap != " " or t.shapes[p] not in (CAPITAL, UPPER) or t.words[p] in cues.STOP or t.words[p] in cues.NOBODY or t.words[p] in cues.TITLE_WORDS or t.words[p] in cues.HEADS:
                break
            flag = t.flags[p]
            if flag & (OTHER | PLACE) or t.opens(p) and t.shapes[p] != UPPER and flag & COMMON or flag & COMMON and not flag & LAST:
                break
            first = p
        return first

    def is_thing(self, i: int) -> bool:
        """Is this the name of a street, school, law, car… rather than of a person?"""
        t = self.t
        for step in range(1, 5):
            p = i - step
            if p < 0 or t.gap(p) not in TIE | {". ", " « ", " \""}:
                return False
            word = t.words[p]
            if word in cues.HEADS:
                return True
            if word not in cues.JOINERS and t.shapes[p] == SMALL:
                return False
        return False

    def is_town(self, i: int) -> bool:
        """Is word `i` part of a hyphenated town: Saint-Nazaire, Maine-et-Loire?"""
        t = self.t
        low = high = i
        while low > 0 and t.gap(low - 1) in ("-", "'", "’") and i - low < 6:
            low -= 1
        while high + 1 < len(t) and t.gap(high) in ("-", "'", "’") and high - i < 6:
            high += 1
        if low == high:
            return False
        return any(t.words[k] in LINKS and t.gap(k) in ("-", "'", "’") and "-" in (t.gap(k), t.gap(k - 1)) or t.flags[k] & PLACE and not t.flags[k] & GIVEN for k in range(low, high + 1))

    def is_public(self, last: int) -> bool:
        """A first name before a name everybody knows: Simone Veil, Jean Moulin."""
        t = self.t
        k = last + 1
        return k < len(t) and t.gap(last) == " " and t.shapes[k] in (CAPITAL, UPPER) and bool(t.flags[k] & OTHER) and not t.flags[k] & GIVEN

    # --- where names are ----------------------------------------------------

    def cue(self, i: int) -> int:
        """How strongly the words ending at `i` announce a name."""
        t = self.t
        word = t.words[i]
        best = 0
        for phrase, strength in PHRASES.get(word, ()):
            n = len(phrase)
            if strength > best and (n == 1 or i + 1 >= n and tuple(t.words[i + 1 - n : i + 1]) == phrase):
                best = strength
        if word in cues.TITLE_WORDS and not (word in cues.SOFT_TITLES and t.shapes[i] == SMALL and word not in ("mr", "dr")):
            best = BOLD
        if word in cues.KIN or word in cues.ROLES:
            best = max(best, TIMID)
        return best

    def spans(self) -> Iterator[tuple[int, int]]:
        t = self.t
        done = -1
        # Ordinary small words are most of a comment and are never looked at.
        for i in [i for i, (flag, shape) in enumerate(zip(t.flags, t.shapes, strict=True)) if shape or not flag & WORDY]:
            word = t.words[i]
            if i <= done or word in cues.STOP and t.shapes[i] != INITIAL and word not in cues.PARTICLES:
                continue
            hit = self.after_cue(i) or self.bare(i)
            if hit is None:
                continue
            first, last = hit
            first = max(first, done + 1)
            if (before := self.before_and(first)) is not None and before > done:
                yield before, first - 2
            yield first, last
            done = last
            for first, last in self.others(done):
                yield first, last
                done = last

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

    def announced(self, i: int) -> tuple[int, int] | None:
        """A name right after word `i`, if that word ends a cue."""
        t = self.t
        strength = self.cue(i)
        k = i + 1
        if not strength or k >= len(t):
            return None
        gap = t.gap(i)
        single = AFTER_CUE.fullmatch(gap) is not None
        if not single or "." in gap and t.words[i] not in ("m", "mr", "mme", "mlle", "dr", "me", "pr", "vve", "ep", "sr", "sra", "ms", "mrs"):
            return None
        if gap in ("'", "’") and t.words[i] not in ("d", "l", "qu"):
            return None
        if "," in gap and strength == BOLD and t.words[i] in cues.TITLE_WORDS:
            return None
        # a small word may stand between: "je suis la maman …" never, "mon fils le petit Adam" seldom
        p = k
        while p + 1 < len(t) and p - k < 2 and t.words[p] in cues.PARTICLES and t.shapes[p] != SMALL and t.gap(p) in TIE:
            p += 1
        if strength == TIMID and self.is_town(k):
            return None
        if p > k and self.may_be_name(p, strength):
            return k, self.reach(p)
        if strength == BOLD and t.words[k] in ("el", "al", "ben", "van", "von", "da", "dos", "di", "ait", "ould", "abd", "abdel", "bin", "de", "le", "la", "du", "des") and k + 1 < len(t) and t.gap(k) in TIE and not (t.words[k] in ("de", "le", "la", "du", "des") and (t.shapes[k + 1] == SMALL or t.flags[k + 1] & WORDY)) and self.may_be_name(k + 1, strength):
            return (k + 1 if t.shapes[k] == SMALL and t.words[k] in ("de", "du", "des") else k), self.reach(k + 1)
        if not self.may_be_name(k, strength) or self.is_thing(k):
            return None
        if strength == BOLD and t.words[i] in LABELS and t.shapes[k] != SMALL and t.flags[k] & COMMON and not t.flags[k] & (LAST | GIVEN):
            return None
        last = self.reach(k)
        if strength == TIMID and (k == last and t.flags[k] & PLACE or self.is_public(last)):
            return None
        if strength == TIMID and k == last and t.words[i] == "a" and not t.flags[k] & (FIRST | AMBIGUOUS):
            return None
        if strength == TIMID and k == last and t.words[i] in ("a", "de", "d", "que", "qu", "et", "ou", "entre", "pour", "par", "chez", "avec") and not t.flags[k] & (GIVEN | LAST):
            return None
        return k, last

    def bare(self, i: int) -> tuple[int, int] | None:
        """A name that nothing announces."""
        t = self.t
        word, flag, shape = t.words[i], t.flags[i], t.shapes[i]
        if word in cues.STOP or word in cues.NOBODY or word in cues.TITLE_WORDS and flag & COMMON:
            return None
        if shape == SMALL:
            if flag & FIRST and not flag & WORDY and len(word) > 3 and not self.is_thing(i):
                return i, self.reach(i)
            return None
        if shape == INITIAL or flag & OTHER and not flag & GIVEN or word in cues.HEADS or (word, t.words[i + 1] if i + 1 < len(t) else "") in cues.FIXED or i and (t.words[i - 1], word) in cues.FIXED:
            return None
        if shape == CASELESS:
            return (i, self.reach(i)) if flag & FIRST else None
        opens = t.opens(i)
        if self.is_thing(i) or self.is_town(i):
            return None
        last = self.reach(i)
        if self.is_public(last):
            return None
        first = self.back(i)
        several = last > i or first < i
        if flag & FIRST and not flag & (PLACE | OTHER):
            return (first, last) if several or not flag & COMMON or not opens else None
        if flag & (AMBIGUOUS | FIRST):
            surname = last > i and not t.flags[i + 1] & COMMON
            if flag & (PLACE | OTHER) and not surname:
                return None
            acts = opens and tuple(t.words[i + 1 : i + 3]) in cues.ACTS
            return (first, last) if surname or acts or not opens and shape == CAPITAL and (not flag & COMMON or "," not in t.gap(i - 1)) else None
        if flag & WORDY:
            return None
        if several and shape == UPPER and len(word) <= 4 and not any(t.flags[k] & GIVEN for k in range(first, last + 1)):
            return None
        if several:
            known = any(t.flags[k] & (LAST | GIVEN) or self.is_unknown(k) or t.shapes[k] == INITIAL for k in range(first, last + 1) if k != i)
            return (first, last) if known and (not opens or shape == UPPER or flag & (LAST | RARE)) else None
        if flag & (LAST | RARE) and not opens and shape == CAPITAL and len(word) > 3 and "," not in t.gap(i - 1) and not self.after_place(i):
            return i, i
        return None

    def after_place(self, i: int) -> bool:
        t = self.t
        return i > 0 and t.words[i - 1] in ("a", "en", "sur", "vers", "de", "d", "du", "des", "depuis", "la", "le", "les", "l", "un", "une", "entre", "et", "ou")

    def before_and(self, first: int) -> int | None:
        """The name before "et": "Hasina et Tojo Randrianarisoa"."""
        t = self.t
        k = first - 2
        if k < 0 or t.words[first - 1] not in AND or t.gap(k) != " " or t.gap(k + 1) != " " or not self.is_capital(k):
            return None
        if t.flags[k] & WORDY or t.words[k] in cues.STOP or self.is_thing(k) or not (t.flags[k] & (GIVEN | LAST) or self.is_unknown(k)):
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
            if k >= len(t) or t.shapes[k] == SMALL and not t.flags[k] & FIRST or t.shapes[k] == INITIAL:
                return
            if not self.may_be_name(k, TIMID) or t.flags[k] & PLACE or self.is_thing(k):
                return
            done = self.reach(k)
            yield k, done


LABELS = frozenset("nom prenom prenoms usager allocataire titulaire patient patiente proprietaire locataire demandeur beneficiaire ici famille signe epouse nee name nombre vendeur acheteur".split())
CLOSING = re.compile(
    r"(?:cordialement|cordiales?|salutations|respectueu\w+|distingu[eé]\w+|sinc[eè]re\w*|merci\w*|remerci\w+|bien [aà] vous|cdt|cdlt|amicalement|bonne (?:journ[eé]e|soir[eé]e|continuation|r[eé]ception)|sign[eé]\w*|regards|sincerely|thanks|thank you|saludos|atentamente|obrigad[oa]|atenciosamente|cumprimentos|gr[uü](?:ss|ß)\w*|avance|bisous?|bises)\b[^\n]{0,30}$"
)


def signatures(page: Page) -> Iterator[Span]:
    """A line of one to four capitalised words at the end of a letter."""
    if "\n" not in page.low:
        return
    lines: list[tuple[int, int]] = []
    at = 0
    for line in page.text.split("\n"):
        if line.strip():
            lines.append((at, at + len(line)))
        at += len(line) + 1
    closed = False
    for rank, (start, end) in enumerate(lines):
        low = page.low[start:end]
        near_end = rank >= len(lines) - 3 and rank > 0
        if near_end and (closed or rank >= len(lines) - 2):
            yield from signature(page, start, end, closed)
        if CLOSING.search(low.rstrip(" .,!")):
            closed = True


SIGNATURE = re.compile(r"\s{0,3}(?:(?:m|mme|mlle|mr|monsieur|madame|dr|me|signe|la maman|le papa|p/o|-|–|~)\.?\s{1,2}:?\s?)?([^\W\d_]+(?:[ .'’-]{1,2}[^\W\d_]+){0,4}\.?)\s{0,3}(?:[,(/–-].{0,60})?", re.S)


def signature(page: Page, start: int, end: int, closed: bool) -> Iterator[Span]:
    m = SIGNATURE.fullmatch(page.low, start, end)
    if m is None:
        return
    begin, stop = m.span(1)
    words = re.findall(r"[^\W\d_]+", page.low[begin:stop])
    text = page.text[begin:stop]
    table = flags()
    kinds = [table.get(w, 0) for w in words]
    if any(w in cues.STOP and w not in cues.PARTICLES or w in cues.ROLES or w in cues.KIN or k & (OTHER | PLACE) and not k & (GIVEN | LAST) for w, k in zip(words, kinds, strict=True)):
        return
    strong = sum(1 for w, k in zip(words, kinds, strict=True) if k & FIRST or not k & WORDY and len(w) > 2)
    capital = all(w[0].isupper() for w in re.findall(r"[^\W\d_]+", text) if w.lower() not in cues.PARTICLES)
    plain = [k for w, k in zip(words, kinds, strict=True) if k & WORDY and not k & (GIVEN | LAST)]
    if plain or not strong:
        return
    if capital or closed and strong == len([w for w in words if len(w) > 2]):
        yield begin, stop, "NAME"


FILE = re.compile(r"(?<![\w.-])[\w.-]{3,80}\.(?:pdf|jpe?g|png|docx?|heic|odt|zip|xlsx?|tiff?|gif|webp)\b")


EXTENSIONS = frozenset("pdf jpg jpeg png doc docx heic odt zip xls xlsx tif tiff gif webp".split())


def files(page: Page) -> Iterator[Span]:
    """Names inside the names of files: "CNI_dupont_marie.pdf"."""
    for m in FILE.finditer(page.low):
        table = flags()
        run: list[tuple[int, int, int]] = []
        parts = [(p.start(), p.end(), table.get(p.group(), 0)) for p in re.finditer(r"[^\W\d_]{2,}", m.group().rsplit(".", 1)[0])]
        for part in [*parts, (0, 0, COMMON)]:
            if part[2] & (GIVEN | LAST) and not part[2] & (COMMON | OTHER) or part[2] & (AMBIGUOUS) and run:
                run.append(part)
                continue
            if any(flag & GIVEN for _, _, flag in run):
                yield m.start() + run[0][0], m.start() + run[-1][1], "NAME"
            run = []


def find(page: Page) -> Iterator[Span]:
    if not page.words.isdisjoint(EXTENSIONS):
        yield from files(page)
    search = Search(page)
    t = search.t
    for first, last in search.spans():
        end = t.ends[last]
        if t.shapes[last] == INITIAL and page.text[end : end + 1] == "." :
            end += 1
        yield t.starts[first], end, "NAME"
    yield from signatures(page)

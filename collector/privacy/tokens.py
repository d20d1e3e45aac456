"""The words of a comment with what the lexicon and their capitals say of each."""

from collector.privacy.lexicon import OTHER, flags
from collector.privacy.page import WORD, Page

SMALL, CAPITAL, UPPER, INITIAL, CASELESS = range(5)
SENTENCE_END = frozenset('.!?\n:;…«»"“”•*|')


LOOKALIKES = frozenset("le la do du an de ma dan ha vo ho ly to ba bo da au se sa ne tu va ta si ce te me come".split())
# First names shortened to two letters: "Th. Marescot".
CLIPPED = frozenset("th ph ch fr cl gh jh".split())
ACCENTED = frozenset("là lã né dé dû dès où mà ça tu té thé".split())


class Tokens:
    """Parallel lists rather than objects: reading one word costs a quarter of a microsecond."""

    def __init__(self, page: Page) -> None:
        self.page = page
        text = page.text
        table = flags()
        self.words = list(page.listed)
        spans = [m.span() for m in WORD.finditer(page.low)]
        self.starts = [start for start, _ in spans]
        self.ends = [end for _, end in spans]
        self.flags = [table[word] for word in self.words]
        if "mari\u00e9" in text or "MARI\u00c9" in text:  # whoever is "marié" is not called Marie
            self.flags = [
                table["marier"] if word == "marie" and text[end - 1] in "\u00e9\u00c9" else flag
                for word, flag, (_, end) in zip(self.words, self.flags, spans, strict=True)
            ]
        self.shapes = [SMALL] * len(spans)
        foreign = not text.isascii() and max(page.chars) > "\u0590"
        for i, (start, end) in enumerate(spans):
            if text[start].isupper():
                self.shapes[i] = self.shape(i, text[start:end])
            elif foreign and text[start] > "\u0590" and not text[start].islower():
                self.shapes[i] = CASELESS
        if self.shapes.count(UPPER) > 2 and page.shouts:
            self.shapes = [SMALL if shape == UPPER else shape for shape in self.shapes]

    def shape(self, i: int, written: str) -> int:
        if len(written) == 1 or (self.words[i] in CLIPPED and self.page.text[self.ends[i] : self.ends[i] + 1] == "."):
            return INITIAL
        lookalike = len(written) <= 4 and self.words[i] in LOOKALIKES and not written.isascii()
        if lookalike and written.lower() not in ACCENTED:
            # "Lê" and "Đỗ" are names, "le" and "do" are not; French itself writes only a few of these accents.
            self.words[i] = written.lower()
            self.flags[i] = flags().get(self.words[i], 0)
        if written[1].isupper() and written[-1].isupper():
            return UPPER
        if written[:3].isupper() and len(written) < 7:
            self.flags[i] = OTHER  # "RIMa", and no "NDiaye"
        return CAPITAL

    def __len__(self) -> int:
        return len(self.words)

    def gap(self, i: int) -> str:
        """What stands between word `i` and the next."""
        if i < 0 or i + 1 >= len(self.words):
            return "\n"
        return self.page.text[self.ends[i] : self.starts[i + 1]]

    def opens(self, i: int) -> bool:
        """Does word `i` begin a sentence, a line or a quotation? Then its capital says nothing."""
        if i == 0:
            return True
        gap = self.gap(i - 1)
        if SENTENCE_END.isdisjoint(gap):
            return False
        # "M. Dupont", "J. Martin": the dot of an abbreviation ends no sentence.
        return not (gap.startswith(". ") and (self.shapes[i - 1] == INITIAL or self.words[i - 1] in ABBREVIATIONS))


ABBREVIATIONS = frozenset("m mr mme mlle dr me pr st ste mrs ms sr sra dra av bd tel num ref".split())

"""The words of a comment with what the lexicon and their capitals say of each."""

from collector.privacy.lexicon import flags
from collector.privacy.page import WORD, Page

SMALL, CAPITAL, UPPER, INITIAL, CASELESS = range(5)
SENTENCE_END = frozenset(".!?\n:;…«»\"“”•*|")


LOOKALIKES = frozenset("le la do du an de ma dan ha vo ho ly to ba bo da au se sa ne tu va ta si ce te me".split())
ACCENTED = frozenset("là lã né dé dû dès où mà ça tu té thé".split())


class Tokens:
    """Parallel lists rather than objects: reading one word costs a quarter of a microsecond."""

    def __init__(self, page: Page) -> None:
        self.page = page
        text = page.text
        table = flags()
        self.words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.flags: list[int] = []
        self.shapes: list[int] = []
        shouts = page.shouts
        for match in WORD.finditer(page.low):
            start, end = match.span()
            word = match.group()
            if end - start <= 3 and word in LOOKALIKES:
                written = text[start:end].lower()
                # "Lê" and "Đỗ" are names, "le" and "do" are not; French itself writes only a few of these accents.
                if written != word and written not in ACCENTED:
                    word = written
            self.words.append(word)
            self.starts.append(start)
            self.ends.append(end)
            self.flags.append(table.get(word, 0))
            if not text[start].isupper():
                self.shapes.append(SMALL if text[start] < "\u0590" or text[start].islower() else CASELESS)
            elif end - start == 1:
                self.shapes.append(INITIAL)
            elif text[start + 1].isupper() and text[end - 1].isupper():
                self.shapes.append(SMALL if shouts else UPPER)
            else:
                self.shapes.append(CAPITAL)

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

# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""Names that stand where a sentence would not: at the foot of a letter, in the name of a file."""

import re
from collections.abc import Iterator

from collector.privacy import cues
from collector.privacy.lexicon import AMBIGUOUS, COMMON, FIRST, LAST, OTHER, PLACE, flags
from collector.privacy.page import Page
from collector.privacy.spans import Span
from collector.privacy.things import GIVEN, WORDY

CLOSING = re.compile(
    r"(?:cordialement|cordiales?|salutations|respectueu\w+|distingu[eé]\w+|sinc[eè]re\w*|merci\w*|remerci\w+|bien [aà] vous|cdt|cdlt|amicalement|bonne (?:journ[eé]e|soir[eé]e|continuation|r[eé]ception)|sign[eé]\w*|regards|sincerely|thanks|thank you|saludos|atentamente|obrigad[oa]|atenciosamente|cumprimentos|gr[uü](?:ss|ß)\w*|avance|bisous?|bises)\b[^\n]{0,30}$"
)


def signatures(page: Page) -> Iterator[Span]:
    """A line of one to four capitalised words at the end of a letter."""
    yield from inline(page)
    yield from ending(page)
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


CLOSERS = frozenset("cordialement cdt cdlt salutations vous regards saludos cumprimentos".split())
# "cordialement j. pelissou": on the same line, at the very end of the comment.
INLINE = re.compile(
    r"(?:cordialement|cdt|cdlt|salutations|bien a vous|regards|saludos|cumprimentos)[ ,.:-]{1,3}((?:[a-z](?:\.\s?|-|\s)){0,2}[^\W\d_]{3,24}(?:[ '-][^\W\d_]{3,24}){0,2})[\s.!]{0,4}\Z"
)


WISHES = frozenset(
    "parfait super genial nickel top impeccable excellent formidable patience espoir courage constance prudence esperance victoire paix noel grace clemence merci".split()
)
# The last thing somebody writes, after the end of a sentence: "… on me la coupe. Ghislaine".
LAST_WORDS = re.compile(
    r"[.!?…)]\s{1,3}([A-ZÀ-Þ][a-zß-ÿ'’-]{2,20}(?:\s[A-ZÀ-Þ][\w'’-]{0,20}\.?){0,2})\s{0,3}\.?\s{0,3}\Z"
)


# "… et pourtant relance. R. Tonnelier": an initial makes a surname of any word.
INITIALED = re.compile(r"(?:[.!?…)»]\s{1,3}|\n)((?:[A-ZÀ-Þ]\.\s?){1,2}[A-ZÀ-Þ][\w'’-]{2,24})\s{0,3}\.?\s{0,3}\Z")


def ending(page: Page) -> Iterator[Span]:
    """A name after the last sentence: words of no other kind, one of them known as a name if they are several."""
    initialed = INITIALED.search(page.text, max(0, len(page.text) - 50))
    if initialed is not None and page.low[initialed.start(1) : initialed.end()].split(".")[-1].strip() not in cues.STOP:
        yield *initialed.span(1), "NAME"
    m = LAST_WORDS.search(page.text, max(0, len(page.text) - 70))
    if m is None:
        return
    words = [w for w in re.findall(r"[^\W\d_]+", page.low[m.start(1) : m.end(1)]) if len(w) > 1]
    kinds = [flags().get(w, 0) for w in words]
    # "Patience." is a wish, "Clémence D." is somebody.
    wishes = WISHES if " " not in m.group(1) else frozenset()
    if any(
        w in cues.STOP or (k & WORDY and not (k & GIVEN and w not in wishes)) for w, k in zip(words, kinds, strict=True)
    ):
        return
    again = len(words) == 1 and not kinds[0] & GIVEN and words[0] in page.low[: m.start(1)]
    if not again and (len(words) == 1 or any(k & (GIVEN | LAST) for k in kinds)):
        yield *m.span(1), "NAME"


def inline(page: Page) -> Iterator[Span]:
    """A signature without a line of its own: at least one name, and no word that is not one."""
    if page.words.isdisjoint(CLOSERS):
        return
    m = INLINE.search(page.low, max(0, len(page.low) - 110))
    if m is None:
        return
    words = [w for w in re.findall(r"[^\W\d_]+", m.group(1)) if len(w) > 1 and w not in cues.PARTICLES]
    kinds = [flags().get(w, 0) for w in words]
    if any(w in cues.STOP or k & WORDY for w, k in zip(words, kinds, strict=True)):
        return
    if any(k & (GIVEN | LAST) for k in kinds):
        yield *m.span(1), "NAME"


SIGNATURE = re.compile(
    r"\s{0,3}(?:(?:m|mme|mlle|mr|monsieur|madame|dr|me|signe|la maman|le papa|p/o|-|–|~)\.?\s{1,2}:?\s?)?([^\W\d_]+(?:[ .'’-]{1,2}[^\W\d_]+){0,4}\.?)\s{0,3}(?:[,(/–-].{0,60})?",
    re.DOTALL,
)


def signature(page: Page, start: int, end: int, closed: bool) -> Iterator[Span]:
    m = SIGNATURE.fullmatch(page.low, start, end)
    if m is None:
        return
    begin, stop = m.span(1)
    words = [w for w in re.findall(r"[^\W\d_]+", page.low[begin:stop]) if w != "et"]
    text = page.text[begin:stop]
    table = flags()
    kinds = [table[w] for w in words]
    if any(
        (w in cues.STOP and w not in cues.PARTICLES)
        or w in cues.ROLES
        or w in cues.KIN
        or (k & (OTHER | PLACE) and not k & (GIVEN | LAST))
        for w, k in zip(words, kinds, strict=True)
    ):
        return
    strong = sum(1 for w, k in zip(words, kinds, strict=True) if k & FIRST or (not k & WORDY and len(w) > 2))
    capital = all(w[0].isupper() for w in re.findall(r"[^\W\d_]+", text) if w.lower() not in cues.PARTICLES)
    plain = [k for w, k in zip(words, kinds, strict=True) if len(w) > 1 and k & WORDY and not k & (GIVEN | LAST)]
    if plain or not strong:
        return
    named = kinds and all(k & (GIVEN | LAST) for k in kinds) and any(k & FIRST for k in kinds)
    if capital or (closed and (named or strong == len([w for w in words if len(w) > 2]))):
        yield begin, stop, "NAME"


FILE = re.compile(r"(?<![\w.-])[\w.-]{3,80}\.(?:pdf|jpe?g|png|docx?|heic|odt|zip|xlsx?|tiff?|gif|webp)\b")


EXTENSIONS = frozenset("pdf jpg jpeg png doc docx heic odt zip xls xlsx tif tiff gif webp".split())


def files(page: Page) -> Iterator[Span]:
    """Names inside the names of files: "CNI_dupont_marie.pdf"."""
    if page.words.isdisjoint(EXTENSIONS):
        return
    table = flags()
    for m in FILE.finditer(page.low):
        run: list[tuple[int, int, int]] = []
        parts = [
            (p.start(), p.end(), table[p.group()]) for p in re.finditer(r"[^\W\d_]{2,}", m.group().rsplit(".", 1)[0])
        ]
        for part in [*parts, (0, 0, COMMON)]:
            if (part[2] & (GIVEN | LAST) and not part[2] & (COMMON | OTHER)) or (part[2] & (AMBIGUOUS) and run):
                run.append(part)
                continue
            if any(flag & GIVEN for _, _, flag in run):
                yield m.start() + run[0][0], m.start() + run[-1][1], "NAME"
            run = []

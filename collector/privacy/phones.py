# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""Private telephone numbers, French or foreign, grouped any way, mistyped, or in words: the only door to phonenumbers."""

import re
from collections.abc import Iterator

import phonenumbers

from collector.privacy.page import Page
from collector.privacy.spans import Span

GAP = r"[ .,\-/_–—·:|*]{0,3}"
# The prefixes 08 are public services and premium numbers: they stay.
NATIONAL = re.compile(rf"(?<![\d])(?<!\d[.,])(?<![a-z]o)(?:0|\(0\)|(?<![a-z])o){GAP}[1-79](?:{GAP}[\do]){{8}}(?![\do])")
COUNTRY = re.compile(
    rf"(?<![\d+])(?:\+{GAP}|\(\+?|00{GAP})(?:[1-9]\d{{0,2}})\)?{GAP}(?:\(0\){GAP}|0{GAP})?(?:\(\d{{1,4}}\){GAP})?\d(?:{GAP}\d){{5,12}}(?!\d)"
)
BARE33 = re.compile(rf"(?<![\d+])33{GAP}(?:\(0\){GAP})?[1-79](?:{GAP}\d){{8}}(?!\d)")
PAIRS = re.compile(r"(?<![\da-z])[0o][67](?:[ .\-/_]{1,2}\d{2}){3,5}(?:[ .\-/_]?\d)?(?![\d])|(?<!\d)0[67]\d{7,9}(?!\d)")
CUE = re.compile(
    r"(?:\bt[eé]l(?:[eéè]?(?:phone|f)\w*|eph\w*|s|\.)?(?![a-z])|\bportables?|\bmobiles?|\bfixe|\bgsm|\bwhats?app|\bnum(?:[eé]ros?)?(?! (?:de |d')(?!t[eé]l|port|mob|phone))|\bn°|\bphone|\bnumber|"
    r"\bjoi(?:gn\w+|ndre)|\brap(?:p?el\w*)|\bap(?:p?el\w*)|\bcontact\w*|\btelefone?|\btelefono|\btelemovel|\bmovil|\bcelular|\bcall\b|\breach\b|\bsms\b|\bfax\b|\bligne directe|هاتف|رقم|جوال|тел)"
    r"[^\n.!?\d+]{0,30}$"
)
LOCAL = re.compile(r"(?<![\d.,+])\(?\d(?:[ .\-/_()]{0,2}\d){6,12}(?![\d€%])")
# Opening hours: "09:00-12:15".
HOURS = re.compile(r"\d{1,2}:\d\d\s?[-–/a]\s?\d{1,2}:\d\d")
PLAIN_NUMBER = re.compile(
    r"dossier|demande|alloca|fiscal|siret|siren|secu|s[eé]rie|immat|passeport|carte|r[eé]f|client|compte|facture|contrat|ticket|etranger|permis"
)
DATE = re.compile(r"\d{1,2}[./ -]\d{1,2}[./ -]\d{2,4}|\d{4}-\d{2}-\d{2}")
UNIT = re.compile(r"\s?(?:€|euros?|eur\b|habitants|%|ans\b|km|m2|m²|jours|fois|dossiers|personnes)")

THOUSANDS = re.compile(r"\(\d{1,3}(?:(?:[ .]\d{3})+|,\d)\s?(?:[-/*x+,]|\d)")

NUMBER_WORDS = frozenset(
    "zero un une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante "
    "cinquante soixante septante huitante octante nonante cent vingts cinquantes et plus double cero uno dos tres cuatro cinco seis siete "
    "ocho nueve um dois quatro sete oito nove oh one two three four five seven eight nine nought sero sis dis onz katorz kinz trant".split()
)
TOLD_WORDS = NUMBER_WORDS - {"un", "une", "et", "plus", "deux", "six", "sept", "dix", "cent", "uno", "double"}
SPOKEN = re.compile(r"[^\W\d_]+|\d+")


def spoken(page: Page) -> Iterator[Span]:
    """A run of number words long enough to be dialled."""
    run: list[tuple[int, int, str]] = []
    words = [(m.start(), m.end(), m.group()) for m in SPOKEN.finditer(page.low)]
    words.append((len(page.low), len(page.low), "."))
    for start, end, word in words:
        near = not run or len(page.low[run[-1][1] : start].strip(" -,./'()\n")) == 0
        if near and (word in NUMBER_WORDS or (word.isdigit() and len(word) <= 2)):
            run.append((start, end, word))
            continue
        while run and run[-1][2] in ("et", "plus", "un", "une") and len(run) > 9:
            run.pop()
        while run and run[0][2] in ("et", "un", "une", "plus") and (len(run) == 1 or run[1][2] != "trente"):
            run.pop(0)
        if run and dials([w for _, _, w in run]):
            yield run[0][0], run[-1][1], "PHONE"
        run = [(start, end, word)] if word in NUMBER_WORDS or (word.isdigit() and len(word) == 2) else []


def dials(words: list[str]) -> bool:
    letters = sum(not w.isdigit() for w in words)
    mixed = letters >= 2 and len(words) >= 5 and len(words[0]) == 2 and words[0][0] == "0"
    if not mixed and (letters < 4 or len(words) < 5):
        return False
    begins = words[0] in ("zero", "0", "cero", "plus", "oh", "sero", "nought") or (
        words[0].startswith("0") and words[0] != "08"
    )
    return (begins and not (len(words) > 1 and words[1] in ("huit", "8"))) or len(
        [w for w in words if w not in ("et", "cent", "plus")]
    ) >= 8


def is_public(digits: str) -> bool:
    """08xx, and short numbers in any dress."""
    national = re.sub(r"^(?:00|\+)?33", "0", digits)
    return national.startswith(("08", "008"))


def find(page: Page) -> Iterator[Span]:
    low = page.low
    if page.digits:
        yield from dialled(page, low)
    if len(page.words & TOLD_WORDS) >= (2 if page.digits else 4):
        yield from spoken(page)


def dialled(page: Page, low: str) -> Iterator[Span]:
    for pattern in (NATIONAL, BARE33, PAIRS):
        for m in page.scan(pattern, 7, 4, 2):
            if (
                HOURS.search(low, max(0, m.start() - 1), m.end() + 3) is None
                and "\n\n" not in m.group()
                and not UNIT.match(low, m.end())
            ):
                yield m.start(), m.end(), "PHONE"
    if "+" in page.chars or "00" in low:
        for m in page.scan(COUNTRY, 7, 6, 2):
            digits = re.sub(r"\D", "", m.group())
            if is_sum(m.group()):
                continue
            if is_public(digits) or UNIT.match(low, m.end()):
                continue
            cued = CUE.search(low[max(0, m.start() - 50) : m.start()])
            if m.group()[0] == "+" or cued or is_number("+" + digits.lstrip("0")):
                yield m.start(), m.end(), "PHONE"
    for m in page.scan(LOCAL, 7, 2, 2):
        before = low[max(0, m.start() - 50) : m.start()]
        told = CUE.search(before)
        if told and not PLAIN_NUMBER.search(before[told.start() :]) and not UNIT.match(low, m.end()):
            digits = re.sub(r"\D", "", m.group())
            strict = re.search(
                r"t[eé]l|phone|number|port|mobil|whats|gsm|join|appel|call|movil|celular|sms|هاتف|جوال|тел",
                told.group(),
            )
            if (
                len(digits) >= (7 if strict else 9)
                and strict
                and not is_public(digits)
                and not DATE.fullmatch(m.group())
            ):
                yield m.start(), m.end(), "PHONE"


def is_sum(written: str) -> bool:
    """A bracket that opens a calculation: "(4 000 - 1 525) x 0,29 %"."""
    return written[0] == "(" and ")" not in written and THOUSANDS.match(written) is not None


def is_number(written: str) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(written, None))
    except phonenumbers.NumberParseException:
        return False

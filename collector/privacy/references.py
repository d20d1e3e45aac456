"""Numbers that name one person or one case: files, tax, benefits, residence permits, passports, licences, vehicles.

Most have no check digit, so a number is masked when its shape is unmistakable or when the words before it announce one,
and left alone when they announce a law, a form, a price or an error code.
"""

import re
from collections.abc import Iterator

from collector.privacy.labelled import FILES, is_case, labelled
from collector.privacy.page import Page
from collector.privacy.spans import Span
from collector.privacy.values import DATE, SAID, UNIT, is_company, is_public

# Shapes that are numbers of persons whatever the words around. Written in capitals, as on the papers.
SHAPES = re.compile(
    r"(?<![\w@./-])(?:"
    r"[A-HJ-NPR-Z]{2}[A-HJ-NPR-Z0-9](?=[A-HJ-NPR-Z0-9]*\d[A-HJ-NPR-Z0-9]*[A-HJ-NPR-Z])[A-HJ-NPR-Z0-9]{8}\d{6}"  # VIN
    r"|\d{2}[A-Z]{2}\d{5}"  # French passport
    r"|\d{10}[A-Z]|\d{9}[A-Z]{2}"  # INE
    r"|\d{7}\s?[A-Z](?![A-Z])"  # CAF, France Travail
    r"|[XYZ]-?\d{7}-?[A-Z]|\d{8}-?[A-Z]"  # NIE, DNI
    r"|[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]"  # codice fiscale
    r"|\d{4}[A-Z]{2,3}\d{4,6}|\d{2}[A-Z]{2,3}\d{4,6}[A-Z]?"  # formulas of registration papers
    r"|[A-Z]{1,8}(?:[-/_][A-Z0-9]{1,6}){0,3}[-/_](?=[A-Z0-9]*\d{3})[A-Z0-9]{4,20}(?:[-/_][A-Z0-9]{1,12}){0,3}"
    r"|[A-Z]{1,8}[-/_]\d{1,8}[-/_]\d{2,8}(?:[-/_][A-Z0-9]{1,12}){0,2}"
    r"|\d{2,4}[-/_][A-Z]{1,6}[-/_]\d{3,12}(?:[-/_][A-Z0-9]{1,8})?"
    r"|[A-VX-Z]\d{8,12}|[A-Z]{2,8}\d{6,20}|\d{2,4}[A-Z]\d{6,12}"
    r")(?![\w*]|[-/]\w)"
)
# The new cards and permits: nine capitals and figures, seldom more than three figures.
NINE = re.compile(r"(?<![\w-])(?=[A-Z]{0,8}\d)(?=\d{0,8}[A-Z])[A-Z0-9]{9}(?![\w-])")
PAPERS = frozenset("cni identite carte titre sejour passeport passport permis cnie document".split())
UUID = re.compile(
    r"(?<![\w-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])|(?<![\w:])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:])"
)
MRZ = re.compile(
    r"(?<![A-Z0-9<])(?=[A-Z0-9<]{0,44}<<)[A-Z0-9<]{18,50}(?:\s{1,2}[A-Z0-9<]{18,50}){0,2}|(?<![A-Z0-9<])[A-Z0-9]{9,30}<[A-Z0-9<]{8,40}"
)
TAX = re.compile(
    r"(?<![\d.,+])[0-3]\d{12}(?!\d)|(?<![\d.,+])[0-3]\d(?:[ .]\d{2}(?:[ .]\d{3}){3}|(?: \d{3}){3} \d{2})(?!\d)"
)
STATE_SHAPE = re.compile(
    r"err|http|kb|cve|iso|rfc|jorf|legi|ean|covid|ecli|nor[- ]|rgaa|wcag|tls|sha|utf|usb|pdf|windows|w3c|nf-|en-"
)


def shaped(page: Page) -> Iterator[Span]:
    low, text = page.low, page.text
    for m in page.scan(SHAPES, 4, 30, 14, written=True):
        before = low[max(0, m.start() - SAID) : m.start()]
        written = m.group().lower()
        is_stated = STATE_SHAPE.match(written) or FILES.match(written) or is_case(page, m.start(), m.end())
        if not is_stated and not is_public(before) and not is_company(before):
            yield m.start(), m.end(), "ID_NUMBER"
    if not page.words.isdisjoint(PAPERS):
        for m in page.scan(NINE, 1, 9, 9, written=True):
            if not is_public(low[max(0, m.start() - SAID) : m.start()]):
                yield m.start(), m.end(), "ID_NUMBER"
    if "<<" in text:
        for m in MRZ.finditer(text):
            yield m.start(), m.end(), "ID_NUMBER"
    for pattern in (UUID, TAX):
        for m in page.scan(pattern, 7, 14, 12):
            before = low[max(0, m.start() - SAID) : m.start()]
            if is_public(before) or is_company(before) or UNIT.match(low, m.end()) or DATE.fullmatch(m.group()):
                continue
            yield m.start(), m.end(), "ID_NUMBER"


def find(page: Page) -> Iterator[Span]:
    if page.digits:
        yield from labelled(page)
        yield from shaped(page)
    elif "<<" in page.text:
        yield from shaped(page)

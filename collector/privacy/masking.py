"""Replace what names a person by what it was: the only part of this room that others call."""

from collections.abc import Callable, Iterator

import msgspec

from collector.privacy import (
    addresses,
    banks,
    births,
    emails,
    links,
    long_ago,
    names,
    nir,
    phones,
    plates,
    references,
    secrets,
    unexplained,
)
from collector.privacy.page import BARRIER, Page
from collector.privacy.spans import Span, outside, settle

LABELS = {
    "NAME": "[nom]",
    "EMAIL": "[e-mail]",
    "PHONE": "[téléphone]",
    "NIR": "[n° de sécurité sociale]",
    "IBAN": "[IBAN]",
    "CARD": "[carte bancaire]",
    "ADDRESS": "[adresse]",
    "DOB": "[date de naissance]",
    "PLATE": "[plaque]",
    "ID_NUMBER": "[numéro]",
    "USERNAME": "[identifiant]",
    "PASSWORD": "[mot de passe]",
    "URL": "[lien]",
    "IP": "[adresse IP]",
}
DETECTORS: tuple[Callable[[Page], Iterator[Span]], ...] = (
    emails.find,
    links.find,
    nir.find,
    banks.find,
    phones.find,
    plates.find,
    births.find,
    long_ago.find,
    addresses.find,
    secrets.find,
    references.find,
    unexplained.find,
    names.find,
)
# A mask changes what its neighbours look like, so the masked text is read again until nothing more is found.
# Two readings are the rule; the bound only stops a text built to be endless, which is then masked whole.
READINGS = 8


class Finding(msgspec.Struct, frozen=True):
    """What was masked, never the words themselves nor where they stood. `length` is in code points."""

    kind: str
    length: int


class Masked(msgspec.Struct, frozen=True):
    text: str
    findings: tuple[Finding, ...]


def find(text: str) -> list[Span]:
    """Spans of personal data: (start, end, kind) in code points, sorted, without overlap."""
    page = Page(text)
    spans = [span for detect in DETECTORS for span in detect(page)]
    if page.digits:
        spans += births.beside(page, [span for span in spans if span[2] == "NAME"])
    found = settle(spans)
    if BARRIER in page.text:
        found = outside(found, page.text, BARRIER)
    if page.at is None:
        return found
    return settle((*page.origin(start, end), kind) for start, end, kind in found)


def mask(text: str) -> Masked:
    """Hide personal data; masking a masked text changes nothing."""
    findings: list[Finding] = []
    for _ in range(READINGS):
        spans = find(text)
        if not spans:
            return Masked(text, tuple(findings))
        findings += [Finding(kind, end - start) for start, end, kind in spans]
        text = cover(text, spans)
    return Masked(LABELS["NAME"], (*findings, Finding("NAME", len(text))))


def cover(text: str, spans: list[Span]) -> str:
    parts: list[str] = []
    last = 0
    for start, end, kind in spans:
        parts += (text[last:start], LABELS[kind])
        last = end
    return "".join((*parts, text[last:]))

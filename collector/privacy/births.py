"""Dates of birth, in any notation; other dates stay."""

import re
from collections.abc import Iterator

from collector.privacy.page import Page
from collector.privacy.spans import Span

MONTH = (
    r"(?:janv(?:ier)?|jan|f[eé]v(?:rier)?|fevr|mars?|avr(?:il)?|mai|juin|juil(?:let)?|jui|ao[uû]t|sept?(?:embre)?|setp?embre|oct(?:obre)?|nov(?:embre)?|d[eé]c(?:embre)?|"
    r"january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep|dec|"
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre|janeiro|fevereiro|marco|maio|junho|julho|setembro|outubro|novembro|dezembro|"
    r"gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|januar|februar|marz|oktober|dezember|"
    r"ocak|subat|nisan|mayis|haziran|temmuz|agustos|eylul|ekim|kasim|aralik|ianuarie|februarie|martie|aprilie|iunie|iulie|septembrie|octombrie|noiembrie|decembrie)\.?"
)
UNITS = r"(?:un|une|premier|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|quarante|cinquante|soixante|cent|cents|mil|mille|et|zero|deux-mille|vingts)"
SPELLED = rf"{UNITS}(?:[ -]{UNITS}){{0,3}} {MONTH}(?: \d{{2,4}}|(?:[ -]{UNITS}){{1,10}})?(?![a-z])"
NUMERIC = r"\d{1,2}\s?[/.\-–_ ]\s?\d{1,2}\s?[/.\-–_ ]\s?(?:19|20)?\d{2}|(?:19|20)\d{2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?\d{1,2}"
WRITTEN = rf"\d{{1,2}}(?:er|e|st|nd|rd|th|º)?\s{{0,2}}(?:of |de |d'|/|-)?\s?{MONTH}(?:\s{{1,2}}(?:de |del )?|-|/|,\s)(?:'?\d{{2}}|\d{{4}})(?!\d)|{MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}}"
DAY = rf"\d{{1,2}}(?:er)?\s{MONTH}(?![a-z])"
ARABIC = r"\d{1,2}\s[\u0600-\u06ff]{3,8}\s\d{4}"
COMPACT = r"\d{8}|\d{6}"
DATE = rf"(?:{NUMERIC}|{WRITTEN}|{SPELLED}|{ARABIC})"
CUE = re.compile(
    r"(?<![a-z])(?:ne|nee|nes|nees|ne\(e\)|ne-e|n[eé]·e|naissance|nais|naissanc|nessance|ddn|d\.d\.n|dob|born|birth|birthdate|birthday|anniv(?:ersaire)?|nascid[oa]s?|nasci|nascimento|nacid[oa]s?|naci|nacimiento|nat[oa]|nascita|geboren|"
    r"dogum|nascut[a]?|urodzon[ya]|accouche(?: le)?|vu le jour|مواليد|ولدت|الميلاد|родился|родилась|рождения|fet|laid)(?![a-z])"
)
AFTER = re.compile(rf"[^\d.!?\n]{{0,45}}?(?<![\d])({DATE}|{COMPACT}|{DAY})(?!\d)")
MORE = re.compile(rf"\s{{0,2}}(?:,|et|and|y|e|puis|/|;)\s{{0,2}}(?:[^\W\d]+\s){{0,4}}?(?:le\s|l'autre le\s|du\s)?({DATE})(?!\d)")
# What is born without being a person: services, laws, projects.
THING = re.compile(
    r"(?:service|site|loi|reforme|projet|dispositif|idee|association|entreprise|societe|systeme|plate-?forme|application|appli|programme|allocation|prime|aide|agence|organisme|portail|mesure|litige|probleme|bug|conflit|caf|secu|republique|teleservice)s?\s(?:\S{1,20}\s){0,3}?(?:est|sont|etait|a ete|etaient)?\s{0,2}$"
)
# Cues that are not about being born: negation, deaths, delivery of papers.
STALE = re.compile(r"\b(?:deces|decede|mort|mariage|marie|divorce|jugement|expire|delivre|depose|acte (?:du|fait|demande)|demandee?|envoye|recu|transmis|refuse|depuis|retard|rdv|rendez)\b")
BESIDE = re.compile(rf"\s?(?:,|\(|-|–|;|:|\n)?\s{{0,2}}((?:{NUMERIC})(?!\d))(?=\s?(?:[,.)\n;]|$))")


def find(page: Page) -> Iterator[Span]:
    low = page.low
    for m in CUE.finditer(low):
        if THING.search(low[max(0, m.start() - 70) : m.start()]):
            continue
        found = AFTER.match(low, m.end())
        if found is None:
            continue
        between = low[m.end() : found.start(1)]
        if STALE.search(between) or is_negation(m.group(), page, m.start(), between):
            continue
        yield found.start(1), found.end(1), "DOB"
        end = found.end(1)
        while (more := MORE.match(low, end)) is not None:
            yield more.start(1), more.end(1), "DOB"
            end = more.end(1)


def beside(page: Page, names: list[Span]) -> Iterator[Span]:
    """A full date right after a name is a birth: "Hocine Meddour, 05/08/1990"."""
    for _, end, _ in names:
        m = BESIDE.match(page.low, end)
        if m is not None:
            yield m.start(1), m.end(1), "DOB"


def is_negation(cue: str, page: Page, start: int, between: str) -> bool:
    """'ne' without its accent is a birth only right before a date: "ne le 3 mai", not "je ne peux pas le 3 mai"."""
    if cue != "ne" or page.text[start + 1] in "éÉ":
        return False
    return re.fullmatch(r"\s{0,2}(?:\(e\)\s?)?(?:le|en|à\s\S{1,25}\sle|a\s\S{1,25}\sle|:|the)?\s{0,2}(?:jour\s)?", between) is None

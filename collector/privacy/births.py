# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
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
UNITS = r"(?:un|une|premier|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|quarante|cinquante|soixante|cents|cent|mille|mil|zero|vingts)"
SPELLED = rf"{UNITS}(?: {UNITS})? du {UNITS} (?:dix-neuf |mille neuf )?(?:{UNITS})(?:(?:[ -]et)?[ -]{UNITS}){{1,4}}|{UNITS}(?:(?:[ -]et)?[ -]{UNITS}){{0,3}} {MONTH}(?: \d{{2,4}}|(?:(?:[ -]et)?[ -]{UNITS}){{1,10}})?(?![a-z])"
NUMERIC = (
    r"\d{1,2}\s?[/.\-–_ ]\s?\d{1,2}\s?[/.\-–_ ]\s?(?:19|20)?\d{2}|(?:19|20)\d{2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?\d{1,2}"
)
WRITTEN = rf"\d{{1,2}}(?:er|e|st|nd|rd|th|º|\.)?\s{{0,2}}(?:of |de |d'|/|-)?\s?{MONTH}(?:\s{{1,2}}(?:de |del )?|-|/|,\s)(?:'?\d{{2}}|\d{{4}})(?!\d)|{MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}}"
# "née en mai 1931"
MONTHLY = re.compile(rf"(?<![\da-z])(?<!\d ){MONTH}\s(?:de )?(?:(?:19|20)\d\d|'?\d\d)(?!\d)")
DAY = rf"\d{{1,2}}(?:er)?\s{MONTH}(?![a-z])"
ARABIC = r"\d{1,2}\s[\u0600-\u06ff]{3,8}\s\d{4}"
COMPACT = r"\d{8}|\d{6}"
DATE = rf"(?:{NUMERIC}|{WRITTEN}|{SPELLED}|{ARABIC})"
CUE = re.compile(
    r"(?<![a-z])(?:ne|nee|nes|nees|ne\(e\)|ne-e|n[eé]·e|naissance|nais|naissanc|nessance|naiss?(?:anc\w{0,2}|\.)?|naisance|ddn|d\.d\.n|d\.n|dn|dob|born|birth|birthdate|birthday|anniv(?:ersaire)?|nascid[oa]s?|nasci|nasceu|nascemos|nacio|nacimos|naquit|naitra|a (?:eu|fete|pris) (?:ses )?\d{1,3} ans|(?:aura|aurai|auront|fete|fetera|vais avoir|va avoir|souffle\w*) (?:ses |mes |leurs )?\d{1,3} (?:ans|bougies)|nascimento|nacid[oa]s?|naci|nacimiento|nat[oa]|nascita|geboren|"
    r"dogum|nascut[a]?|urodzon[ya]|accouche\w{0,5}|vu le jour|mis au monde|venue? au monde|(?:j'ai|avons) eu (?:mon|ma|notre|un|une) (?:bebe|fils|fille|enfant|petite?(?: \w+)?)|ازديادي|تاريخ الميلاد|mzyoud[a]?|mzyad[a]?|مواليد|ولدت|الميلاد|родился|родилась|рождения|fet|laid|(?:jumeaux|jumelles|fils|fille|bebe) ?\($|ميلاد|(?:petite?|grande?|fils|fille|ainee?|cadette?|bebe|enfant|garcon) (?:est )?(?:ne )?du(?= $)|moi-? ?memes?(?= ?\()|prenoms? \w{2,20},? date)(?![a-z])"
)
MORE = re.compile(
    rf"\s{{0,2}}(?:,|et|and|y|e|puis|/|;)\s{{0,2}}(?:[^\W\d]+\s){{0,4}}?(?:le\s|l'autre le\s|du\s)?({DATE})(?!\d)"
)
# What is born without being a person: services, laws, projects.
STOP = re.compile(r"[\d!?\n]|\.\s")
SENTENCE = re.compile(r"[!?\n]|\.\s")
DIGIT = re.compile(r"\d")
THING = re.compile(
    r"(?:service|site|loi|reforme|projet|dispositif|idee|association|entreprise|societe|systeme|plate-?forme|application|appli|programme|allocation|prime|aide|agence|organisme|portail|mesure|litige|probleme|bug|conflit|caf|secu|republique|teleservice)s?\s(?:\S{1,20}\s){0,3}?(?:est|sont|etait|a ete|etaient)?\s{0,2}$"
)
# Cues that are not about being born: negation, deaths, delivery of papers.
STALE = re.compile(
    r"\b(?:deces|decede|mort|mariage|marie|divorce|jugement|expire|delivre|depose|acte (?:du|fait|demande)|demandee?|envoye|recu|transmis|refuse|depuis|retard|rdv|rendez)\b"
)
# "Enfant né avant avril 2014": a rule about many.
COMPARES = re.compile(r"\b(?:avant|apres|jusqu'(?:au?|en)|a (?:partir|compter) d[eu'])\s?(?:le\s?|du\s?|l[ae]\s?)?$")
# Years in which one is born, rather than received at a counter.
BESIDE = re.compile(
    rf"\s?(?:,|\(|-|–|;|:|\n)?\s{{0,2}}((?:{NUMERIC})(?!\d)(?:(?=\s?(?:[,.)\n;]|$))|(?<=[/.-]19\d\d)|(?=\s0\d))|{WRITTEN}(?<=(?:19\d|200|201)\d))"
)
# Another birth after one: two spellings compared, a brother or a sister, or nothing but a link between.
COMPARED = re.compile(
    r"\b(?:au lieu d|et pas|et non|non|contre|(?:a|ont|avez|on) mis|affiche|indique|chez vous|alors que|devenue?|acte|fille|fils|mari|femme|freres?|soeurs?|conjointe?|epou(?:x|se)|bebe|enfant|jum\w+|ainee?|cadette?|celle|celui|mere|pere)\b|^\s?,?\s?(?:et|ou) [^\s]{0,12} ?(?:le )?$"
)
RIVAL = re.compile(r"(?:au lieu d[eu]|et (?:pas|non)(?: le)?|->|ou)\s(?:le\s)?$")
EARLIER = re.compile(rf"({DATE})\s?(?:\w{{3,14}} )?(?:au lieu d[eu]|et (?:pas|non)(?: le)?|->|ou)\s(?:le\s)?$")
AROUND = re.compile(r"\b(?:vers|en) (?:19|20)\d\d\b")


MONTHS = frozenset(re.sub(r"\\b|[()\[\]?:.\\]", " ", MONTH).replace("|", " ").split()) | frozenset(
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split()
)
DATES = re.compile(
    rf"(?<![\d/])(?:(?:19|20)\d\d,? le {DAY}|\d{{1,2}} d(?:el?|o) \d{{1,2}} d(?:el?|o) (?:19|20)?\d\d|{NUMERIC}|\d{{1,2}}/(?:19|20)\d{{2}}|{WRITTEN}|{ARABIC}|{COMPACT}|{DAY})(?!\d)"
)
WORDS = re.compile(rf"(?<![a-z]){SPELLED}")
LATER = re.compile(
    r"\s?[,(]?\s?(?:c'est |est |qui est |=\s?|comme |pour |en |as )?(?:(?:ma|sa|la|notre|sa vraie|ma vraie|my|mi|minha) )?(?:vraie )?(?:date de naissance|naissance|ddn|date of birth|birth date)"
)
# "né" without its accent is in every other sentence: only what follows tells. Two plain letters first: those are found fast.
BORN = re.compile(r"ne(?<!\wne)s?(?:\(e\)|[·.-]e)?s? ?(?:le|la|en|a|un|au|«|vers|:|hier|[0-9])\b")
# "ma fille a eu 18 ans le …"
TURNED = frozenset("eu fete pris aura aurai auront fetera avoir souffle soufflera".split())
AGED = re.compile(
    r"\b(?:eu|fete|pris|aura|aurai|auront|fetera|avoir|souffle\w*) (?:ses |mes |leurs )?\d{1,3} (?:ans|bougies)\b"
)
DAYS = frozenset(
    "premier deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente".split()
)
CUES = frozenset(
    "nee nees naissance nais naissanc nessance ddn dob born birth birthdate birthday anniv anniversaire nascido nascida nasci nasceu nacio naquit nascimento nacido nacida naci nacimiento nato nata nascita geboren dogum nascut nascuta urodzony urodzona accouche accouchement accouchee accouchements naiss naisance dn monde bebe memes meme prenom mzyoud mzyouda mzyad ازديادي jumeaux jumelles petit petite fils fille aine ainee cadet cadette enfant garcon ميلاد مواليد ولدت الميلاد родился родилась рождения".split()
)


def find(page: Page) -> Iterator[Span]:
    """Each date is looked at for a birth before it: there are few dates, and "ne" is everywhere."""
    aged = "ans" in page.words and not page.words.isdisjoint(TURNED) and AGED.search(page.low) is not None
    if page.words.isdisjoint(CUES) and not aged and "d.n." not in page.low and BORN.search(page.low) is None:
        return
    if page.digits:
        dates = [m for pattern in patterns(page) for m in page.scan(pattern, 1, 12, 24)]
        for near in dates:
            # Whole: the window may end in the middle of a date.
            m = near.re.match(page.low, near.start()) or near
            if is_birth(page, m.start()) or LATER.match(page.low, m.end()):
                yield from with_next(page, m.start(), m.end())
    if not page.words.isdisjoint(DAYS) and (not page.words.isdisjoint(MONTHS) or "du" in page.words):
        for m in WORDS.finditer(page.low):
            if is_birth(page, m.start()):
                yield m.start(), m.end(), "DOB"


def patterns(page: Page) -> tuple[re.Pattern[str], ...]:
    return (DATES,) if page.words.isdisjoint(MONTHS) else (DATES, MONTHLY)


def with_next(page: Page, start: int, end: int) -> Iterator[Span]:
    yield start, end, "DOB"
    while (more := MORE.match(page.low, end)) is not None and not STALE.search(more.group()):
        yield more.start(1), more.end(1), "DOB"
        end = more.end(1)
    yield from compared(page, end)
    if RIVAL.search(page.low, max(0, start - 16), start) and (
        earlier := EARLIER.search(page.low, max(0, start - 50), start)
    ):
        yield *earlier.span(1), "DOB"


def compared(page: Page, end: int) -> Iterator[Span]:
    """Births told after a birth in the same sentence: another spelling, a brother, a sister."""
    stop = SENTENCE.search(page.low, end, end + 60)
    last = min(end + 60, stop.start() if stop else len(page.low))
    linked = page.low.startswith((" et ", " ou ", ", et "), end) or COMPARED.search(page.low, end, last)
    if not linked or DIGIT.search(page.low, end, last) is None:
        return
    for m in DATES.finditer(page.low, end, last):
        between = page.low[end : m.start()]
        if COMPARED.search(between) and not STALE.search(between):
            yield m.start(), m.end(), "DOB"
            end = m.end()


def is_birth(page: Page, start: int) -> bool:
    low = page.low
    left = max(0, start - 50)
    cues = list(CUE.finditer(low, left, start))
    if not cues:
        return False
    cue = cues[-1]
    between = AROUND.sub("", low[cue.end() : start])
    if (
        STOP.search(between)
        or COMPARES.search(between)
        or STALE.search(between)
        or is_negation(cue.group(), page, cue.start(), between)
    ):
        return False
    return THING.search(low[max(0, cue.start() - 70) : cue.start()]) is None


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
    return (
        re.fullmatch(r"\s{0,2}(?:\(e\)\s?)?(?:le|en|à\s\S{1,25}\sle|a\s\S{1,25}\sle|:|the)?\s{0,2}(?:jour\s)?", between)
        is None
    )

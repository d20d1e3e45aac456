# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""Vehicle plates: new, old, foreign, mistyped or spelled."""

import re
from collections.abc import Iterator

from collector.privacy.lexicon import is_ordinary
from collector.privacy.page import Page
from collector.privacy.spans import Span

SIV = re.compile(
    r"(?<![A-Za-z0-9])[A-HJ-NP-TV-Z]{2}([ .\-_–]{0,3})\d{3}([ .\-_–]{0,3})[A-HJ-NP-TV-Z]{2}(?![A-Za-z0-9])"
)
SIV_LOW = re.compile(r"(?<![a-z0-9])[a-hj-np-tv-z]{2}[-–]\d{3}[-–][a-hj-np-tv-z]{2}(?![a-z0-9])")
SIV_SPACED = re.compile(
    r"(?<![a-z0-9'])(?!(?:le|la|de|du|en|au|et|ne|se|ce|me|te|ma|sa|ta|va|je|tu|il|on|un|ou|pa|ke|ki|a)\b)[a-hj-np-tv-z]{2} ?\d{3} ?(?!(?:le|la|de|du|en|au|et|ne|se|ce|me|te|ma|sa|ta|va|je|km|kg|mo|go)\b)[a-hj-np-tv-z]{2}(?![a-z0-9'])"
)
FNI = re.compile(
    r"(?<![\w.,/-])\d{1,4}[ .\-]{1,3}([A-HJ-NP-TV-Z]{1,3})[ .\-]{1,3}(?:\d{2}|2[AB]|97\d)(?![\w/]|[.,:-]\d)|(?<![\w.,/-])\d{2,4}([A-HJ-NP-TV-Z]{2,3})(?:\d{2}|2[AB]|97\d)(?![\w/])"
)
# Little words and units that capitals put between two figures.
NOT_SERIES = frozenset(
    "LE LA LES DE DU DES ET OU EN AU AUX UN SUR PAR KM KG GO MO KO TO CM MM ML M2 H MN MIN EUR HT TTC X A B C D E F G ER EME NE SE CE IL ON MES SES CHF USD TEL POUR RDV".split()
)
MISREAD = re.compile(r"(?<![A-Za-z0-9])([A-Z]{2})[ .\-_–]{0,2}\d{3}[ .\-_–]{0,2}([A-Z]{2})(?![A-Za-z0-9])")
WORDY_SERIES = frozenset(word for word in NOT_SERIES if len(word) > 1)
UNITS = frozenset("KM KG GO MO KO CM MM ML MN EU DE LE LA EN".split())
STOP_PAIRS = frozenset("LE LA DE DU EN AU ET NE SE CE ME TE MA SA TA VA".split())
CUE = re.compile(
    r"\bplaques?|immatricul\w*|\bimmat\b|v[eé]hicule|voiture|\bcarte grise|\bmoto\b|scooter|camion|caravane|remorque|camping|\bcg\b|"
    r"kennzeichen|ma[sș]in[aăi]|matr[ií]cula|targa|licen[cs]e plate|number plate|registration|\bsiv\b|nummernschild|renault|peugeot|citroen|clio|twingo|scenic|megane|"
    r"208|308|golf|polo|fiat|opel|ford|toyota|volkswagen|audi|bmw|mercedes|dacia|nissan|seat|skoda|kangoo|berlingo|partner|trafic|c3|mon auto|ma caisse|\bmob\b|cyclo|flash"
)
ALPHABET = frozenset(
    "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec romeo sierra tango uniform victor whisky xray yankee zulu".split()
)
VEHICLE = frozenset(
    "plaque plaques immatricule immatriculee immatricules immatriculees immatriculation immatriculations immatriculer immat vehicule vehicules voiture voitures carte moto scooter camion camionnette caravane remorque camping cg kennzeichen "
    "matricula targa plate siv nummernschild renault peugeot citroen clio twingo scenic megane golf polo fiat opel ford toyota volkswagen audi bmw mercedes dacia nissan seat skoda "
    "kangoo berlingo partner trafic auto registration caisse tracteur quad velo masina masinii mobylette mob cyclo cyclomoteur flashe flashee radar utilitaire fourgon".split()
)
FOREIGN = re.compile(
    r"(?<![\w-])(?:[A-Z]{1,3}[-: ·][A-Z]{1,2}[ -]?\d{1,4}[EH]?|\d[ -]?[A-Z]{3}[ -]?\d{3}|[A-Z]{3}[ -]?\d{3}|[A-Z]{2}\d{2}[ -]?[A-Z]{3}|\d{4}[ -]?[A-Z]{2,3}|[A-Z]{2}[ -]?\d{2,3}[ -]?[A-Z]|"
    r"[A-Z]{2}[ -]?\d{2}[ -]?[A-Z]{2,3}|\d{2}[ -][A-Z]{2}[ -]\d{2}|[A-Z]{2}[ -]\d{2}[ -]\d{2}|\d{2}[ -]\d{2}[ -][A-Z]{2}|[A-Z]{2}[ ·-]?\d{3,6}|[A-Z]{1,3}[ -]\d{2,5}[ -]?[A-Z]{0,3}|\d{1,3}[ -][A-Z]{3,4}[ -]\d{1,3}|[A-Z]{1,3}\s?\d{3,5}\s?[A-Z]{1,3}|\d{3,6}[ -]\d{2,3}[ -]\d{2})(?![\w-])"
)
ROAD = re.compile(r"(?:RN|RD|RP|CD|VC|[ADN]) ?\d{1,4}(?!\w| ?[A-Z])")
# In small letters, and the first pattern short of a letter, only in a comment about a vehicle.
SMALL_SIV = re.compile(r"(?<![a-z0-9])[a-z]{1,2}[-–.]\d{3}[-–.][a-z]{1,2}(?![a-z0-9])")
SMALL_FNI = re.compile(
    r"(?<![\w.,/-])\d{2,4}[ .-]?([a-hj-np-tv-z]{2,3})[ .-]?(?:\d{2}|2[ab]|97\d)(?![\w/€%]|[.,:-]\d|\s?(?:ans|km|mois|euros?|€|fois|h\b|cv|ch))"
)
ENGINES = frozenset("cc cv ch hdi tdi dci kms rpm kw kwh gti tce jtd vti thp".split())
# A whole plate at the head of a looser match: the words after it are the rest of the sentence.
WHOLE = re.compile(r"[a-z]{2}[ .\-_–]{0,3}\d{3}[ .\-_–]{0,3}[a-z]{2}(?![a-z0-9])")
PUBLIC = re.compile(r"erreur|error|\bcode\b|version|cerfa|article|norme")
# After a cue anything that mixes letters and figures is a plate, as is a spelled one.
LOOSE = re.compile(
    r"(?:plaques?(?: d'immatriculation)?|immatricul(?:e|ee|es|ation)|immat|kennzeichen|matricula|targa|number plate|licen[cs]e plate|plate)\b"
    r"\s{0,2}(?:exacte|correcte|est|etait|c'est|:|=|n°|numero|num|number|is|no|bien|le|la|du vehicule|de ma voiture|du|,|actuelle|francaise|belge|allemande|\(|\"|«|“|'){0,1}\s{0,2}(?:est|:|c'est|n°|\"|«|“)?\s{0,2}"
    r"((?=[a-z0-9 .\-_–·]{0,14}\d)(?=[a-z0-9 .\-_–·]{0,12}[a-z])[a-z0-9]{1,4}(?:[ .\-_–·]{1,3}(?:[a-z]{1,3}(?=[ .\-_–·]{0,3}\d)|[a-z]{1,2}|\d{1,4})(?![a-z0-9])){1,3}|(?=[a-z]{0,3}\d)[a-z0-9]{5,9}|\d{1,4}[a-z]{1,3}\d{2,3})(?![a-z0-9])"
)
SPELLED = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z][ .\-]{1,2}){2}(?:\d[ .\-]{0,2}){3}(?:[ .\-]{0,2}[A-Z]){2}(?![A-Za-z0-9])"
)
NATO = re.compile(
    r"\b(?:alpha|alfa|bravo|charlie|delta|echo|fox-?trot|golf|hotel|india|juliett?e?|kilo|lima|mike|november|oscar|papa|quebec|romeo|sierra|tango|uniform|victor|whisky|whiskey|x-?ray|yankee|zulu)\b(?:[ ,-]{1,3}(?:alpha|alfa|bravo|charlie|delta|echo|fox-?trot|golf|hotel|india|juliett?e?|kilo|lima|mike|november|oscar|papa|quebec|romeo|sierra|tango|uniform|victor|whisky|whiskey|x-?ray|yankee|zulu|\d{1,3}|zero|un|deux|trois|quatre|cinq|six|sept|huit|neuf|cent|vingt|trente|quarante|cinquante|soixante|dix|onze|douze|treize|quatorze|quinze|seize)\b){3,10}"
)
WORDY = re.compile(
    r"\b(?:plaques?|immatricule[es]?|immatriculation|immat)\b[^.!?\n]{0,20}?\b((?:[a-z]{1,2}[ -]){1,2}(?:(?:zero|un|deux|trois|quatre|cinq|six|sept|huit|neuf|cent|vingt|trente|quarante|cinquante|soixante|dix|onze|douze|treize|quatorze|quinze|seize|cents|et)[ -]){1,8}[a-z]{1,2}(?:[ -][a-z])?)(?![a-z])"
)


def find(page: Page) -> Iterator[Span]:  # noqa: C901 - a gate and a loop per kind of plate.
    low, text = page.low, page.text
    if page.digits:
        for m in page.scan(SIV, 3, 6, 6, written=True):
            spaced = m.group(1) == " " or m.group(2) == " "
            odd = spaced and (
                text[m.start() : m.start() + 2] in STOP_PAIRS or text[m.end() - 2 : m.end()] in STOP_PAIRS
            )
            if not odd or CUE.search(low[max(0, m.start() - 60) : m.start()]):
                yield m.start(), m.end(), "PLATE"
        for m in page.scan(SIV_LOW, 3, 4, 4):
            yield m.start(), m.end(), "PLATE"
        for m in page.scan(FNI, 3, 1, 4, written=True):
            before = low[max(0, m.start() - 40) : m.start()]
            if CUE.search(before) or ((m.group(1) or m.group(2)) not in NOT_SERIES and not PUBLIC.search(before[-15:])):
                yield m.start(), m.end(), "PLATE"
        for m in page.scan(SPELLED, 3, 8, 8, written=True):
            yield m.start(), m.end(), "PLATE"
    if not page.words.isdisjoint(VEHICLE):
        for m in page.scan(SIV_SPACED, 3, 4, 4):
            yield m.start(), m.end(), "PLATE"
        if page.digits:
            yield from near_cue(page)
        for m in WORDY.finditer(low):
            yield m.start(1), m.end(1), "PLATE"
    for m in NATO.finditer(low) if len(page.words & ALPHABET) >= 2 else ():
        yield m.start(), m.end(), "PLATE"


def near_cue(page: Page) -> Iterator[Span]:
    low = page.low
    # I, O and U are on no plate, but are what people misread.
    for m in page.scan(MISREAD, 3, 4, 4, written=True):
        if m.group(1) not in STOP_PAIRS and m.group(2) not in UNITS:
            yield m.start(), m.end(), "PLATE"
    for m in page.scan(FOREIGN, 2, 8, 8, written=True):
        before = low[max(0, m.start() - 50) : m.start()]
        words = set(re.findall(r"[A-Z]+", m.group()))
        if (
            CUE.search(before)
            and not ROAD.match(m.group())
            and not words & WORDY_SERIES
            and not re.search(
                r"cerfa|article|norme|formulaire|erreur|code|étape|etape|euro|crit|case|rubrique|pv\b|avis", before
            )
        ):
            yield m.start(), m.end(), "PLATE"
    for m in LOOSE.finditer(low):
        value = m.group(1)
        if (
            re.search(r"\d", value)
            and re.search(r"[a-z]", value)
            and not re.search(
                r"\b(?:le|la|les|de|des|du|en|depuis|il|ma|un|et|est|a|au|aux|fois|mois|ans?|jours?|km|h|euros?|pas|ne|n|c|je|j|on|y)\b",
                value,
            )
        ):
            whole = WHOLE.match(value)
            yield m.start(1), m.start(1) + whole.end() if whole else m.end(1), "PLATE"
    yield from in_small(page)


def in_small(page: Page) -> Iterator[Span]:
    """What nothing but the subject tells from "208 hdi 110"."""
    for m in page.scan(SMALL_SIV, 3, 4, 4):
        yield m.start(), m.end(), "PLATE"
    for m in page.scan(SMALL_FNI, 4, 1, 6):
        series = m.group(1)
        if series.upper() not in NOT_SERIES and series not in ENGINES and not is_ordinary(series):
            yield m.start(), m.end(), "PLATE"

# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""A number and a street, in any order, in words or abroad."""

import re
from collections.abc import Iterator

from collector.privacy.page import Page
from collector.privacy.spans import Span
from collector.privacy.towns import complete
from collector.privacy.ways import MAYBE_STREET, SURE_STREET, street_name

NUMBER = r"(?<![\w.,/€%+-])\d{1,4}(?:\s?[-/]\s?\d{1,4})?(?:\s{0,2}(?:bis|ter|quater|quinquies|[a-f])(?![a-z'’]))?(?:/\d{1,4})?"
STREET = re.compile(
    rf"{NUMBER}\s{{0,2}},?\s{{0,2}}(?:de la |de l'|du |le |les |la |, )?(?:(?P<sure>(?:petite |grande |grand |vieille |vieux |ancienne |ancien |nouvelle |haute |basse )?(?:{SURE_STREET}))|(?P<maybe>{MAYBE_STREET}))(?![a-z])"
)
GERMANIC = re.compile(
    r"(?<![\w.,/-])\d{1,4}\s?(?:bis|ter|[a-d])?,?\s{1,2}(?:[^\W\d_]{2,20}[ -]){0,2}[^\W\d_]{2,25}(?:stra(?:ss|ß|s)e|stross|gass|gasse|weg|platz|straat|laan|plein|strooss|str\.)(?![a-z])"
)
ENDING = re.compile(r"str(?:a(?:ss|ß|at)|\.|oss)|gass|weg\b|laan\b|platz|plein\b")
STREETS = frozenset(
    "rue avenue av boulevard bd chemin impasse allee route place cours quai square rua calle via street strada".split()
)
START = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
STREET_WORDS = frozenset(
    "rue rues r avenue avenues aven av ave boulevard boulevards boul bd bld bvd blvd impasse impasses imp chemin chemins chem che ch ruelle ruelles sentier venelle allee allees all square sq faubourg fbg fg rond esplanade promenade quai "
    "hameau ham lotissement lot traverse montee sente route rte chaussee parvis rampe rocade hent straed streat strada calle plaza via vico rua street road lane drive carrera karrika etorbidea carrer cami camin "
    "place places pl cours cour passage pass voie villa cite clos residence res domaine cote mail rang quartier qrt zone za zi port levee mas parc immeuble bat batiment tour pont grand grande galerie porte lieu lieudit".split()
)
ENGLISH_WORDS = frozenset(
    "street road avenue lane drive square close terrace crescent gardens way court grove hill st rd ave".split()
)
ENGLISH = re.compile(
    r"(?<![\w.,/-])\d{1,4}[a-zA-Z]?,? (?:[A-Z][\w'’]{1,20} ){1,3}(?:Street|Road|Avenue|Lane|Drive|Square|Close|Terrace|Crescent|Gardens|Way|Court|Grove|Hill|St|Rd|Ave)(?![a-z])"
)
BACKWARD = re.compile(
    rf"(?<![a-z])(?:{SURE_STREET}|place|cours|calle|rua|via)\s(?:[^\W\d_]+[ '’-]){{0,5}}[^\W\d_]+\s?,?\s(?:n°\s?|numero\s)?\d{{1,4}}(?!\d)\s?(?:bis|ter|[a-d](?![a-z]))?(?=(?:,\s\d{{1,2}}\s?[º°oa]?\s?[a-z]{{0,4}})?\s?,?\s{{0,2}}(?:[a-z]{{1,2}}-)?(?:\d{{4,5}}|\d{{4}}-\d{{3}}|\d\d-\d{{3}})\s[a-z])|[^\W\d_]{{3,25}}(?:strasse|straße|gasse|weg|straat|laan)\s\d{{1,4}}(?!\d)(?:\s?[a-d])?(?![\w])"
)
# Where the number comes after the name, nobody needs a postcode to know the street: "Str. Mihai Eminescu 22".
ABROAD = re.compile(
    r"(?<![\w.])(?:[Cc]alle|[Cc]/|[Aa]v(?:enida|da)?\.?|[Rr]ua|[Tt]ravessa|[Ll]argo|[Pp]raça|[Vv]ia|[Vv]iale|[Cc]orso|[Pp]iazza|[Uu]l\.|[Uu]lica|[Ss]tr(?:ada)?\.?|[Bb]d(?:ul)?\.?|[Uu]litsa|[Ss]okak|[Cc]addesi)\s(?:(?:de|del|della|di|do|da|dos|das|la|las|los|gen\.|św\.)\s){0,2}[A-ZÀ-ŽȘȚ][\w'’.-]+(?:\s(?:(?:de|del|do|da)\s)?[A-ZÀ-ŽȘȚ][\w'’.-]+){0,3},?\s(?:n[°ºr]?\.?\s?)?\d{1,4}(?:/\d{1,4})?(?:\s?[a-zA-Z](?![\w]))?(?![\w€])(?:,\s\d{1,2}\s?[º°]\s?\w{0,4})?"
)
ABROAD_WORDS = frozenset(
    "calle av avenida avda rua travessa largo praca via viale corso piazza ul ulica str strada bd bdul ulitsa sokak caddesi".split()
)
# What stands before the number and belongs to it: "appt 302, 12 tour Anjou".
LEAD = re.compile(
    r"(?<![a-z])(?:(?:appt?\.?|apt\.?|appartement|b[aâ]t\.?|batiment|esc\.?|escalier|porte|chambre|logt?\.?|logement|hall|cite|flat)\s?(?:n°\s?)?(?:[a-z]?\d{1,4}(?:/\d{1,4})?[a-z]?|[a-z]),?\s{1,2}){1,3}$|(?<![a-z])(?:appt?\.?|apt\.?|appartement|flat|n°|numero)\s?$"
)
# Streets that have no other name.
ALONE = re.compile(r"grand[e']?[ -]?rue$|grande rue$|le bourg$|le village$")


# Where a service receives: "l'accueil du 12 rue de la Préfecture".
SERVED = re.compile(
    r"\b(?:accueil|guichet|agence|antenne|bureau|locaux|permanence|site|siege|magasin|poste|centre)s? (?:du|au|situe au) $"
)


def is_street(page: Page, m: re.Match[str], name: int, end: int) -> bool:
    """Whether a number and a word of streets are one: "2 place de parking" and "3 cours en ligne" are not."""
    low = page.low
    named = page.text[m.end() : name].strip()
    proper = re.search(r"(?:^|[ '’-])[A-ZÀ-Þ]", named) is not None and not page.shouts
    confirmed = re.search(r"\d{5}|\d{2} \d{3}", low[name:end]) is not None
    before = low[max(0, m.start() - 50) : m.start()]
    if before.endswith(("quai ", "voie ", "guichet ", "bureau ")):
        return False
    if SERVED.search(before) or re.search(r"du c[oô]t[eé]$", m.group()):
        return False
    after = low[m.end() : m.end() + 30]
    if m.group("maybe"):
        home = re.search(r"habit|resid|domicil|demeur|adresse", before) is not None
        other = r"\s*(?:de )?(?:parking|stationnement|cin[eé]ma|libre|disponible|assise|en |par )"
        return (confirmed or proper or home) and re.match(other, after) is None
    if m.group("sure").endswith("s") and not m.group("sure").endswith("tous"):
        return proper or confirmed  # "2 allées et venues"
    if re.match(r"\s(?:ca|me|je|il|on|mais|sans)\b", after):
        return False  # "2 rue ca me propose": the sentence goes on
    other = r"\s(?:en|par|pour|qui|que|possibles?|differents?|depuis)\b"
    return proper or confirmed or re.match(other, after) is None


COUNT = r"(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingts?|trente|quarante|cinquante|soixante|cents?)"
DICTATED = re.compile(
    rf"(?<![a-z-]){COUNT}(?:(?:[ -]et)?[ -](?:{COUNT}|une?)){{0,4}}(?: bis| ter)? (?:rue|avenue|boulevard|impasse|chemin|allee|grand[e']? ?rue|place|route|quai|square|cours) "
)
FIGURE = rf"(?:{COUNT}|mille|une?|zero)"
SPOKEN_TOWN = re.compile(rf"\s(?:{FIGURE}(?:[ -](?:et )?{FIGURE}){{1,7}})\s(?=[^\W\d_])")
COUNTS = frozenset(
    "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt vingts trente quarante cinquante soixante cent cents".split()
)
SPOKEN = frozenset("rue avenue boulevard impasse chemin allee place route quai square cours".split())


def dictated(page: Page) -> Iterator[Span]:
    """An address in words, as a telephone writes it down: "cent douze grand rue soixante-huit mille Colmar"."""
    for m in DICTATED.finditer(page.low):
        spoken = SPOKEN_TOWN.match(page.low, m.end() - 1)
        if spoken is not None:
            yield m.start(), street_name(page, spoken.end()), "ADDRESS"
            continue
        name = street_name(page, m.end())
        if any(word[0].isupper() for word in page.text[m.end() : name].split()) and not page.shouts:
            yield m.start(), complete(page, name), "ADDRESS"


def streets(page: Page) -> Iterator[Span]:
    low = page.low
    for number in page.scan(START, 1, 0, 0) if not page.words.isdisjoint(STREET_WORDS) else ():
        m = STREET.match(low, number.start())
        if m is None:
            continue
        name = street_name(page, m.end())
        if name == m.end() and not ALONE.search(m.group()):
            continue
        end = complete(page, name)
        if not is_street(page, m, name, end):
            continue
        before = low[max(0, m.start() - 50) : m.start()]
        lead = LEAD.search(before)
        yield m.start() - (len(lead.group()) if lead else 0), end, "ADDRESS"
    for m in page.scan(ENGLISH, 1, 3, 40, written=True) if not page.words.isdisjoint(ENGLISH_WORDS) else ():
        yield m.start(), complete(page, m.end()), "ADDRESS"
    if ENDING.search(low):
        for m in page.scan(GERMANIC, 1, 3, 60):
            yield m.start(), complete(page, m.end()), "ADDRESS"
    for m in page.scan(ABROAD, 1, 60, 12, written=True) if not page.words.isdisjoint(ABROAD_WORDS) else ():
        yield m.start(), complete(page, m.end()), "ADDRESS"
    if not page.words.isdisjoint(STREETS) or ENDING.search(low):
        for m in page.scan(BACKWARD, 1, 70, 12):
            yield m.start(), complete(page, m.end()), "ADDRESS"

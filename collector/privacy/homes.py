# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""Homes without a number in a street: residences, farms, hamlets, boxes."""

import re
from collections.abc import Iterator

from collector.privacy.cues import HEADS
from collector.privacy.lexicon import OTHER, PLACE, flags, is_ordinary
from collector.privacy.page import Page, fold
from collector.privacy.spans import Span
from collector.privacy.towns import COMPLEMENT, ON_STREET, town
from collector.privacy.ways import SURE_STREET, WORD, street_name

HOME = re.compile(
    r"habit\w*|r[eé]sid\w+|domicili\w*|demeur\w*|log[eé]e?s?\b|adresse|adress|d[eé]m[eé]nag\w+|vis au|chez moi|maison|i live|vivo|moro|wohne|abito|courrier|envo\w+|livr\w+|domicile|coordonn|expedi\w+|locataire|propri[eé]taire|saken|عنوان"
)
PLACE_NAMED = re.compile(
    r"(?<![a-z])(?:lieu[- ]?dit|lieudit|ld|au lieu dit|hameau (?:de|du|des)|r[eé]sidence|r[eé]s\.|immeuble|ferme(?: de| du| des)?|mas (?:de|du|des)|villa|domaine (?:de|du|des)|moulin (?:de|du|des)|ch[aâ]teau (?:de|du|des)|manoir (?:de|du|des)|foyer|z\.?[ai]\.?|zac|zone (?:artisanale|industrielle|d'activites?)|ehpad|mapa|maison de retraite|hlm|camping|cit[eé]|lotissement|quartier|b[aâ]t(?:iment)?\.?|tour)\s{1,2}(?=[^\W_])"
)
# A road without a number, before the place it leads to: "Route de Kergoat, lieu-dit Le Guern, 56500 Bignan".
ROAD_BEFORE = re.compile(rf"(?<![a-z])(?:{SURE_STREET}) [^,;\n\d]{{2,40}}, $")
BOX = re.compile(
    r"(?<![a-z])(?:bp|b\.p\.|bo[iî]te postale|cs|tsa|pk|poste restante)\s?(?:n°\s?)?\d{1,6}(?!\d)(?:[.,]\d)?(?: c[oô]t[eé] (?:mer|montagne),?)?"
)


ARTICLES = frozenset("le la les des du de l d".split())


def is_common(low: str, at: int) -> bool:
    """In capitals only words that are nothing else name a house: "RÉSIDENCE LES LILAS", and no "RÉSIDENCE FISCALE"."""
    word = WORD.search(low, at)
    return word is not None and word.group() not in ARTICLES and is_ordinary(fold(word.group()))


def places(page: Page, found: list[Span]) -> Iterator[Span]:
    """Named residences, farms and hamlets: with a street beside them, a postcode after them, or a word of home before them."""
    low, text = page.low, page.text
    for m in PLACE_NAMED.finditer(low) if not page.words.isdisjoint(PLACE_WORDS) else ():
        if m.group().rstrip() == "ferme" and not text[m.end()].isupper():
            continue
        if any(s <= m.start() < e for s, e, _ in found):
            continue
        end = street_name(page, m.end())
        if end <= m.end():
            # "bâtiment C"
            letter = re.match(r"[a-z]?\d{0,4}(?![a-z])", low[m.end() : m.end() + 6])
            end = m.end() + (letter.end() if letter else 0)
        for _ in range(4):
            more = COMPLEMENT.match(low, end)
            end = more.end() if more else end
        if (
            (street := ON_STREET.match(low, end)) is not None
            and (far := street_name(page, street.end()))
            and town(page, far) > far
        ):
            end = far
        reach = town(page, end)
        if (name := WORD.search(low, m.end())) is not None and flags()[fold(name.group())] & OTHER:
            continue  # "résidence Crous"
        beside = any(0 <= s - end <= 4 or m.start() < s <= end or 0 <= m.start() - e <= 4 for s, e, _ in found)
        home = HOME.search(low[max(0, m.start() - 60) : m.start()]) is not None
        proper = (
            text[m.end() : m.end() + 1].isupper() and not (page.shouts and is_common(low, m.end()))
        ) or "'" in text[m.end() : m.end() + 3]
        if (reach > end or beside or (home and (proper or "dit" in m.group()))) and end > m.end():
            road = ROAD_BEFORE.search(low, max(0, m.start() - 60), m.start())
            yield road.start() if road and reach > end else m.start(), reach, "ADDRESS"
    for m in page.scan(BOX, 1, 20, 1):
        yield m.start(), town(page, m.end()), "ADDRESS"


# A house that has a name instead of a street: "Les Restanques, chemin de la Source, 83570 Cotignac".
CODED = re.compile(r"(?<!\d)\d{5}(?=\s[A-ZÀ-Þ])")
HOUSE = re.compile(
    r"(?<![\w'’-])(?:\d{1,4}\s?(?:bis|ter)?,?\s)?(?:(?:Les?|La|Aux?|Chez|Clos|Mas|Moulin|Ferme|Château|Domaine|Villa|Hameau|Bourg)\s|L['’])((?:[Dd](?:e|u|es)\s(?:la\s)?)?[A-ZÀ-Þ][\w'’-]+)(?:\s[\w'’-]{2,20}){0,3}(?:,\s(?:chemin|route|rue|impasse|allée|lieu-dit|hameau|quartier)\s[^,;.\n\d]{2,40})?,?\s$"
)
# After a word of home anything that has a capital is one: "j'habite Kerzouarn 29830 Plouguin".
AT_HOME = re.compile(
    r"(?:habit\w*|r[eé]side\w*|domicili\w*|demeur\w*|adresse|address|vi[st]|chez (?:moi|lui|elle|nous|mes parents|ma m[eè]re|mon p[eè]re))(?:\s(?:à|au|aux|est|is|:))?\s?:?\s?,?\s?([A-ZÀ-Þ][\w'’-]+(?:\s[\w'’-]{2,20}){0,4}(?:,\s[^,;.\n\d]{2,40})?),?\s$"
)


def houses(page: Page) -> Iterator[Span]:
    """What stands before a postcode and a town, and is no institution."""
    for m in page.scan(CODED, 5, 0, 3, written=True):
        before = page.text[max(0, m.start() - 90) : m.start()]
        home = AT_HOME.search(before)
        named = home or HOUSE.search(before)
        if named is None:
            continue
        words = WORD.findall(named.group().lower())
        start = m.start() - len(before) + (named.start(1) if home else named.start())
        if named.re is HOUSE and flags().get(fold(named.group(1).lower()), 0) & PLACE:
            continue  # "Le Mans, 72000"
        if not any(flags().get(fold(word), 0) & OTHER or fold(word) in INSTITUTIONS for word in words):
            yield start, town(page, m.start()), "ADDRESS"


HOMES = frozenset(
    "chemin route rue impasse allee hameau quartier villa residence chateau fort pont bois foret val vallee mont montagne pointe".split()
)
INSTITUTIONS = (HEADS | {"poste"}) - HOMES
LIVING = re.compile(
    r"(?:j'habite|jhabite|je reside|je demeure|domiciliee?|nous habitons|mon adresse(?: est| :|:)?|adresse\s?:|residant|demeurant)\s(?:a |à |au |en |sur )?(?=(?:\d{5}|\d{2} \d{3})(?!\d))"
)
PLACE_WORDS = frozenset(
    "lieu lieudit ld hameau residence res immeuble ferme mas villa domaine moulin chateau manoir foyer za zi zac zone ehpad mapa maison hlm camping cite lotissement quartier batiment bat tour".split()
)
BOXES = frozenset("bp b cs tsa boite pk poste".split())

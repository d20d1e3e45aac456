# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""Postal addresses of homes: a number and a street, what completes them, and the postcode and town that follow.

A street, a town or a postcode alone says where something is, not where someone lives: it stays.
"""

import re
from collections.abc import Iterator

from collector.privacy.lexicon import COMMON, FOREIGN, PLACE, flags
from collector.privacy.page import Page
from collector.privacy.spans import Span

# Types that are nothing but streets, then those that are also ordinary words ("2 place de parking", "3 cours en ligne").
SURE_STREET = (
    r"rues?|r\.|(?:r|all|ch|res)(?=\s(?:du|des|de la|de l'|d')\b)|avenues?|aven|ave?\.?|boulevards?|boul\.?|bl?v?d\.?|impasses?|imp\.?|chemins?|chem\.?|che?\.|ruelles?|sentier|venelle|all[eé]es?|all\.|square|sq\.?|"
    r"faubourg|fbg\.?|fg|rond[- ]point|esplanade|promenade|quai|hameau|ham\.?|lotissement|lot\.|traverse|mont[eé]e|sente|route|rte\.?|chauss[eé]e|parvis|rampe|rocade|"
    r"hent|straed|streat|strada|calle|plaza|via|vico|rua|street|road|lane|drive|carrera|karrika|etorbidea|carrer|cami|camin"
)
MAYBE_STREET = r"places?|pl\.?|cours|cour|passage|pass\.|voie|villa|cit[eé]|clos|r[eé]sidence|r[eé]s\.?|domaine|lot|c[oô]te|mail|rang|quartier|qrt|zone|za|zi|port|levee|mas|parc|immeuble|b[aâ]t(?:iment)?\.?|tour|pont|grand[- ]?rue|grande rue|galerie|porte|lieu[- ]?dit"
NUMBER = r"(?<![\w.,/€%+-])\d{1,4}(?:\s?[-/]\s?\d{1,4})?(?:\s{0,2}(?:bis|ter|quater|quinquies|[a-f])(?![a-z'’]))?"
STREET = re.compile(
    rf"{NUMBER}\s{{0,2}},?\s{{0,2}}(?:de la |de l'|du |, )?(?:(?P<sure>(?:petite |grande |grand |vieille |vieux |ancienne |ancien |nouvelle |haute |basse )?(?:{SURE_STREET}))|(?P<maybe>{MAYBE_STREET}))(?![a-z])"
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
ENGLISH_WORDS = frozenset("street road avenue lane drive square close terrace st rd ave".split())
ENGLISH = re.compile(
    r"(?<![\w.,/-])\d{1,4}[a-zA-Z]?,? (?:[A-Z][\w'’]{1,20} ){1,3}(?:Street|Road|Avenue|Lane|Drive|Square|Close|Terrace|St|Rd|Ave)(?![a-z])"
)
BACKWARD = re.compile(
    rf"(?<![a-z])(?:{SURE_STREET}|place|cours|calle|rua|via)\s(?:[^\W\d_]+[ '’-]){{0,5}}[^\W\d_]+\s?,?\s(?:n°\s?|numero\s)?\d{{1,4}}(?!\d)\s?(?:bis|ter|[a-d](?![a-z]))?(?=\s?,?\s{{0,2}}(?:[a-z]{{1,2}}-)?\d{{4,5}}\s[a-z])|[^\W\d_]{{3,25}}(?:strasse|straße|gasse|weg|straat|laan)\s\d{{1,4}}(?!\d)(?:\s?[a-d])?(?![\w])"
)
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
JOINERS = frozenset(
    "de du des la le les l d et sur sous aux au en lès les saint sainte st ste a à y di del della do da dos van der den am im ar an ty".split()
)
# Where a street name must end when it is written without capitals.
STOP = frozenset(
    "et mais car ou donc je tu il elle on nous vous ils elles qui que est sont depuis pour pas ne c ce cet cette mon ma mes j n s m t avec sans dans alors quand "
    "tel telephone mail svp merci a au chez par suis ai ete le batiment bat appartement appt apt escalier esc etage porte nom prenom ne nee et puis mais afin or parce "
    "au lieu il n'y plus sinon si son sa ses leur notre votre comme aussi merci bonjour cordialement".split()
) - {"le", "a", "au"}
UNIT = r"(?:b[aâ]t(?:iment)?\.?|bt|immeuble|imm\.?|esc(?:alier)?\.?|appt?\.?|apt\.?|appartement|app\.?|logement|log\.?|[eé]tage|porte|hall|lot|bo[iî]te(?: aux lettres)?|bal|entr[eé]e|studio|chambre|ch\.?|rdc|rez[- ]de[- ]chauss[eé]e|t[234]|bloc|code|n°|chez|bp|cs|tsa)"
COMPLEMENT = re.compile(
    rf"\s{{0,2}}[,\n(/–-]?\s{{0,2}}(?:(?:\d{{1,2}}(?:er|e|eme|ème)?\s(?:[eé]tage|[eé]t\.?)(?: (?:gauche|droite|porte \w{{1,3}}|face))?)|(?:au )?rez[- ]de[- ]chauss[eé]e|{UNIT}\s{{0,2}}(?:n°\s?)?(?:[a-z]?\d{{1,5}}[a-z]?|[a-z]\d{{0,4}})(?![a-z]))"
)
NAMED = re.compile(
    r"\s{0,2}[,\n(–-]\s{0,2}(?:r[eé]sidence|r[eé]s\.?|immeuble|b[aâ]timent|lieu[- ]?dit|domaine|villa|hameau|quartier|lotissement|lot\.?|cit[eé]|tour|foyer|clos|parc|le|la|les)\s(?=[^\W\d_])"
)
POSTCODE = re.compile(
    r"\s{0,2}[,;\n(.–-]?\s{0,2}(?:à\s|a\s|sur\s)?(?:(?:f|fr|b|d|ch|l|lu|be|de)\s?-\s?)?(?:\d{5}|\d{2}\s\d{3}|(?<=[a-z]-)\d{4})(?![\d€])"
)
# Belgium, Switzerland, Luxembourg: four figures and a capital, which years seldom have.
SHORT_CODE = re.compile(r"\s{0,2}[,\n]?\s{0,2}(?:[BL]-?|CH-?)?\s?(?!19|20)[1-9]\d{3}(?=\s[A-ZÀ-Þ][\w'-]{2})")
CITY = re.compile(r"\s{0,2}[,(]?\s{0,2}(?=[^\W\d_])")
CEDEX = re.compile(r"\s?(?:cedex|cdx)(?:\s\d{1,2})?(?!\w)")
DISTRICT = re.compile(r"\s\d{1,2}(?:er|e|eme|ème)(?:\sarrdt|\sarrondissement)?(?!\w)")
HOME = re.compile(
    r"habit\w*|r[eé]sid\w+|domicili\w*|demeur\w*|log[eé]e?s?\b|adresse|adress|d[eé]m[eé]nag\w+|vis au|chez moi|maison|i live|vivo|moro|wohne|abito|courrier|envo\w+|livr\w+|domicile|coordonn|expedi\w+|locataire|propri[eé]taire|saken|عنوان"
)
PLACE_NAMED = re.compile(
    r"(?<![a-z])(?:lieu[- ]?dit|lieudit|ld|au lieu dit|hameau (?:de|du|des)|r[eé]sidence|r[eé]s\.|immeuble|ferme(?: de| du| des)?|mas (?:de|du|des)|villa|domaine (?:de|du|des)|moulin (?:de|du|des)|ch[aâ]teau (?:de|du|des)|manoir (?:de|du|des)|foyer|z\.?[ai]\.?|zac|zone (?:artisanale|industrielle|d'activites?)|ehpad|mapa|maison de retraite|hlm|camping|cit[eé]|lotissement|quartier|b[aâ]t(?:iment)?\.?|tour)\s{1,2}(?=[^\W_])"
)
# What stands before the number and belongs to it: "appt 302, 12 tour Anjou".
LEAD = re.compile(
    r"(?<![a-z])(?:(?:appt?\.?|apt\.?|appartement|b[aâ]t\.?|batiment|esc\.?|escalier|porte|chambre|logt?\.?|logement|hall)\s?(?:n°\s?)?(?:[a-z]?\d{1,4}[a-z]?|[a-z]),?\s{1,2}){1,3}$"
)
# Streets that have no other name.
ALONE = re.compile(r"grand[e']?[ -]?rue$|grande rue$|le bourg$|le village$")
ON_STREET = re.compile(rf"\s?,\s?(?:{SURE_STREET}|place|cours)(?=\s)")
# A road without a number, before the place it leads to: "Route de Kergoat, lieu-dit Le Guern, 56500 Bignan".
ROAD_BEFORE = re.compile(rf"(?<![a-z])(?:{SURE_STREET}) [^,;\n\d]{{2,40}}, $")
BOX = re.compile(r"(?<![a-z])(?:bp|b\.p\.|bo[iî]te postale|cs|tsa|pk|poste restante)\s?(?:n°\s?)?\d{1,6}(?!\d)")


# "15 r des fleurs a cote de la poste": no street goes on like this.
ASIDE = re.compile(r" (?:cote|deux|partir|cause|droite|gauche|l|la|mon|ma|5|10|cette|ce)\b")


def street_name(page: Page, at: int) -> int:  # noqa: C901 - one rule after the other, per word.
    """End of the name of a street or of a place that begins at `at`."""
    text, low = page.text, page.low
    end = last = at
    small = 0
    capital = False
    for m in WORD.finditer(text, at, min(len(text), at + 90)):
        gap = text[last : m.start()]
        if gap.strip(" .'’-/") or "\n" in gap or (". " in gap and last - at > 6):
            break
        last = m.end()
        word = low[m.start() : m.end()]
        head = re.split(r"['-]", word)[0]
        if word in ("a", "à") and ASIDE.match(low, m.end()):
            break
        if word[0].isdigit():
            if len(word) <= 2 or (len(word) == 4 and word[:2] in ("18", "19", "20")):
                if len(word) == 4 and not capital and not small:
                    break
                following = WORD.match(text, min(len(text), m.end() + 1))
                if len(word) <= 2 and following is None:
                    break
                end, small = m.end(), small + 1
                continue
            break
        if (text[m.start()].isupper() and not page.shouts) or (
            "'" in word and text[m.start() + word.index("'") + 1 : m.end()][:1].isupper()
        ):
            if small + capital and word in STOP and word not in JOINERS:
                break
            end, capital = m.end(), True
        elif word in JOINERS and not (word in ("a", "à") and (capital or small)):
            continue
        elif word in STOP or (head in ("j", "c", "n", "qu", "s", "m", "t") and len(word) > 2):
            break
        elif capital:
            # After a capitalised name a small word starts the rest of the sentence, unless it is tied to it.
            if text[m.start() - 1] not in "-'’" and low[: m.start()].rstrip().rsplit(" ", 1)[-1] not in JOINERS:
                break
            end = m.end()
        else:
            small += 1
            if small > 4:
                break
            end = m.end()
    return end


def is_word(word: str) -> bool:
    """An everyday word of French or of another language."""
    return flags().get(word, 0) & (COMMON | FOREIGN) != 0


def goes_on(page: Page, at: int) -> bool:
    """Whether the sentence, rather than the town before it, goes on at this article: "49300 cholet la fibre"."""
    known = flags().get(page.low[:at].rstrip().rsplit(" ", 1)[-1], 0) & PLACE
    following = WORD.match(page.low, page.low.find(" ", at) + 1)
    return bool(known) and following is not None and is_word(following.group())


def town(page: Page, at: int) -> int:
    """End of a postcode and town that begin at `at`, or `at` when there are none."""
    code = POSTCODE.match(page.low, at)
    if code is None:
        code = SHORT_CODE.match(page.text, at)
    if code is None:
        return at
    end = code.end()
    lead = CITY.match(page.low, end)
    if lead is None or "\n" in page.text[end : lead.end()]:
        return end
    first, taken = lead.end(), 0
    last = first
    for m in WORD.finditer(page.text, first, min(len(page.text), first + 60)):
        if page.text[last : m.start()].strip(" -'’") or m.group()[0].isdigit() or "\n" in page.text[last : m.start()]:
            break
        last = m.end()
        word = page.low[m.start() : m.end()]
        capital = m.group()[0].isupper() and not page.shouts
        if taken and word in ("la", "le", "les") and not capital and goes_on(page, m.start()):
            break
        tied = taken and (word in JOINERS or page.low[: m.start()].rstrip(" ").rsplit(" ", 1)[-1] in JOINERS)
        if not taken and word in STOP and word not in JOINERS:
            break
        if (capital and word not in STOP) or not taken or (tied and word not in ("a", "et", "au", "en")):
            if word in JOINERS and not capital:
                taken += 1
                continue
            end = m.end()
            taken += 1
        elif (
            (taken and page.low[first:end] in ("saint", "st", "ste", "sainte", "la", "le", "les"))
            or (page.shouts and word not in STOP and taken < 3 and (word in JOINERS or not is_word(word)))
            or (taken < 3 and not capital and not is_word(word) and word not in STOP and word not in JOINERS)
        ):
            end = m.end()
            taken += 1
        else:
            break
    cedex = CEDEX.match(page.low, end) or DISTRICT.match(page.low, end)
    return cedex.end() if cedex else end


def complete(page: Page, end: int) -> int:
    """Swallow stairs, floors, named places, then the postcode and town."""
    for _ in range(5):
        more = COMPLEMENT.match(page.low, end)
        if more is None:
            break
        end = more.end()
    reach = town(page, end)
    if reach == end:
        street = ON_STREET.match(page.low, end)
        if street is not None and (after := town(page, far := street_name(page, street.end()))) > far:
            return after
        named = NAMED.match(page.low, end)
        if named is not None:
            stop = street_name(page, named.end())
            for _ in range(3):
                more = COMPLEMENT.match(page.low, stop)
                stop = more.end() if more else stop
            # "4 rue X, le Bourg" only counts when a postcode confirms that it was still the address.
            if (after := town(page, stop)) > stop:
                return after
            if re.search(r"resid|immeuble|batiment|bat|lieu|res\.", named.group()):
                return stop
    return reach


def is_street(page: Page, m: re.Match[str], name: int, end: int) -> bool:
    """Whether a number and a word of streets are one: "2 place de parking" and "3 cours en ligne" are not."""
    low = page.low
    named = page.text[m.end() : name].strip()
    proper = re.search(r"(?:^|[ '’-])[A-ZÀ-Þ]", named) is not None and not page.shouts
    confirmed = re.search(r"\d{5}|\d{2} \d{3}", low[name:end]) is not None
    before = low[max(0, m.start() - 50) : m.start()]
    after = low[m.end() : m.end() + 30]
    if m.group("maybe"):
        home = re.search(r"habit|resid|domicil|demeur|adresse", before) is not None
        other = r"\s*(?:de )?(?:parking|stationnement|cin[eé]ma|libre|disponible|assise|en |par )"
        return (confirmed or proper or home) and re.match(other, after) is None
    other = r"\s(?:en|par|pour|qui|que|possibles?|differents?|depuis)\b"
    return proper or confirmed or re.match(other, after) is None


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
    if not page.words.isdisjoint(STREETS) or ENDING.search(low):
        for m in page.scan(BACKWARD, 1, 70, 12):
            yield m.start(), complete(page, m.end()), "ADDRESS"


def places(page: Page, found: list[Span]) -> Iterator[Span]:
    """Named residences, farms and hamlets: with a street beside them, a postcode after them, or a word of home before them."""
    low, text = page.low, page.text
    for m in PLACE_NAMED.finditer(low) if not page.words.isdisjoint(PLACE_WORDS) else ():
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
        beside = any(0 <= s - end <= 4 or m.start() < s <= end or 0 <= m.start() - e <= 4 for s, e, _ in found)
        home = HOME.search(low[max(0, m.start() - 60) : m.start()]) is not None
        proper = text[m.end() : m.end() + 1].isupper() or "'" in text[m.end() : m.end() + 3]
        if (reach > end or beside or (home and (proper or "dit" in m.group()))) and end > m.end():
            road = ROAD_BEFORE.search(low, max(0, m.start() - 60), m.start())
            yield road.start() if road and reach > end else m.start(), reach, "ADDRESS"
    for m in page.scan(BOX, 1, 20, 1):
        yield m.start(), town(page, m.end()), "ADDRESS"


LIVING = re.compile(
    r"(?:j'habite|jhabite|je reside|je demeure|domiciliee?|nous habitons|mon adresse(?: est| :|:)?|adresse\s?:|residant|demeurant)\s(?:a |à |au |en |sur )?(?=(?:\d{5}|\d{2} \d{3})(?!\d))"
)


def find(page: Page) -> Iterator[Span]:
    found: list[Span] = []
    if page.digits:
        found = list(streets(page))
        yield from found
        for m in page.scan(LIVING, 5, 60, 0):
            end = town(page, m.end())
            if end > m.end():
                yield m.end(), end, "ADDRESS"
    if not page.words.isdisjoint(PLACE_WORDS) or (page.digits and not page.words.isdisjoint(BOXES)):
        yield from places(page, found)


PLACE_WORDS = frozenset(
    "lieu lieudit ld hameau residence res immeuble ferme mas villa domaine moulin chateau manoir foyer za zi zac zone ehpad mapa maison hlm camping cite lotissement quartier batiment bat tour".split()
)
BOXES = frozenset("bp b cs tsa boite pk poste".split())

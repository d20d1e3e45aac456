# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""What completes an address: stairs and floors, named residences, the postcode and the town."""

import re

from collector.privacy.lexicon import COMMON, FOREIGN, PLACE, TOWN, flags
from collector.privacy.page import Page
from collector.privacy.ways import JOINERS, STOP, SURE_STREET, WORD, street_name

UNIT = r"(?:b[aâ]t(?:iment)?\.?|bt|immeuble|imm\.?|esc(?:alier)?\.?|appt?\.?|apt\.?|appartement|app\.?|logement|log\.?|[eé]tage|porte|hall|lot|bo[iî]te(?: aux lettres)?|bal|entr[eé]e|studio|chambre|ch\.?|rdc|rez[- ]de[- ]chauss[eé]e|t[234]|bloc|code|n°|chez|bp|cs|tsa)"
COMPLEMENT = re.compile(
    rf"\s{{0,2}}[,\n(/–-]?\s{{0,2}}(?:(?:\d{{1,2}}(?:er|e|eme|ème)?\s(?:[eé]tage|[eé]t\.?)(?: (?:gauche|droite|porte \w{{1,3}}|face))?)|(?:au )?rez[- ]de[- ]chauss[eé]e|\d{{1,2}}(?:st|nd|rd|th) floor|\d{{1,2}}[º°]\s?\w{{0,4}}|\(?(?:au fond|fond)(?: de (?:la )?cour)?\)?|{UNIT}\s{{0,2}}(?:n°\s?)?(?:[a-z]?\d{{1,5}}[a-z]?|[a-z]\d{{0,4}})(?![a-z]))"
)
NAMED = re.compile(
    r"\s{0,2}[,\n(–-]\s{0,2}(?:r[eé]sidence|r[eé]s\.?|immeuble|b[aâ]timent|lieu[- ]?dit|domaine|villa|hameau|quartier|lotissement|lot\.?|cit[eé]|tour|foyer|clos|parc|le|la|les)\s(?=[^\W\d_])"
)
POSTCODE = re.compile(
    r"\s{0,2}[,;\n(.–-]?\s{0,2}(?:à\s|a\s|sur\s)?(?:(?:f|fr|b|d|ch|l|lu|be|de)\s?-\s?)?(?:\d{4}-\d{3}|\d{2}-\d{3}|\d{5}|\d{2}\s\d{3}|(?<=[a-z]-)\d{4})(?![\d€])"
)
# Belgium, Switzerland, Luxembourg: four figures and a capital, which years seldom have.
SHORT_CODE = re.compile(r"\s{0,2}[,\n]?\s{0,2}(?:[BL]-?|CH-?)?\s?(?!19|20)[1-9]\d{3}(?=\s[A-ZÀ-Þ][\w'-]{2})")
CITY = re.compile(r"\s{0,2}[,(]?\s{0,2}(?=[^\W\d_])")
CEDEX = re.compile(r"\s?(?:cedex|cdx)(?:\s\d{1,2})?(?!\w)")
DISTRICT = re.compile(r"\s\d{1,2}(?:er|e|eme|ème)(?:\sarrdt|\sarrondissement)?(?!\w)")
ON_STREET = re.compile(rf"\s?,\s?(?:{SURE_STREET}|place|cours)(?=\s)")


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


# A town without its postcode, or with its postcode behind: "à Bernay (27300)", ", London NW1 6XE".
ALONE = re.compile(r"(?:\s?,\s{1,2}|\s(?:à|a)\s)(?=[A-ZÀ-Þ])")
BEHIND = re.compile(r"\s?\(\d{5}\)")
BRITISH = re.compile(r"(?:,?\s[A-Z][a-z]+)?,?\s[A-Z]{1,2}\d{1,2}[A-Z]?\s?\d[A-Z]{2}(?!\w)")
TOWNS = re.compile(r"[A-ZÀ-Þ][\w'’]+(?:-[\w'’]+)*(?:\s(?:sur|sous|lès|en|le|la|les)\s[A-ZÀ-Þ][\w'’-]+)?")


def lone_town(page: Page, at: int) -> int:
    """End of a town that has no postcode before it, or `at`: a town of the list, or one that a postcode follows."""
    british = BRITISH.match(page.text, at)
    if british is not None:
        return british.end()
    lead = ALONE.match(page.text, at)
    named = TOWNS.match(page.text, lead.end()) if lead else None
    if lead is None or named is None or page.shouts:
        return at
    behind = BEHIND.match(page.text, named.end())
    if behind is not None:
        return behind.end()
    parts = page.low[named.start() : named.end()].split("-")
    known = any(flags()[part] & (PLACE | TOWN) for part in (parts[0], "-".join(parts))) or (
        len(parts) > 1 and parts[0] in ("saint", "sainte", "st", "ste")
    )
    return named.end() if known else at


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
        alone = lone_town(page, end)
        # "rue du Four à Chaux, 58000 Nevers": it was still the street
        return town(page, alone) if alone > end else alone
    return reach

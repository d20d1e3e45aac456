# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""A whole date of long ago is a date of birth, unless its sentence says what else happened then.

Comments speak of this month's appointments and last year's letters. A day that is more than fifteen years old stands in
them because somebody was born on it: often beside a name, or compared with another, and with no word for birth at all.
"""

import re
from collections.abc import Iterator

from collector.privacy.births import MONTH
from collector.privacy.page import Page
from collector.privacy.spans import Span

LATEST = 2010
"""Whoever was born later has no procedure of their own yet, and the dates of procedures begin soon after."""

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:19\d\d|200\d|2010)"
_SHORT = r"[3-9]\d"
_BETWEEN = r"\s?[/.\-–_]\s?"
DATE = re.compile(
    rf"(?<![\d/.,+\-–_])(?:{_DAY}{_BETWEEN}(?:{_MONTH}|{MONTH}){_BETWEEN}(?:{_YEAR}|{_SHORT})|{_YEAR}-{_MONTH}-{_DAY}|"
    rf"{_DAY}(?:er|º|\.)?\s(?:de )?{MONTH},?\s(?:de |del )?(?:{_YEAR}|{_SHORT}))(?![\d%€])(?!\s?[/.\-–_]\d)"
)
LONG_AGO = re.compile(rf"(?<!\d){_YEAR}(?!\d)|[/.\-–_ ]{_SHORT}(?!\d)")

# What else a sentence can tell of so old a day. Stems: "divorcée", "embauchés", "construction".
ELSE = re.compile(
    r"\b(?:lois?|decrets?|ordonnances?|arretes?|circulaires?|code|articles?|art|directives?|reglements?|conventions?|accords?|traites?|decisions?|reponses?|instructions?|law|act|ley|lei|regulation|"
    r"versions?|ver|v|build|release|norme|iso|rfc|points?|paragraphes?|chapitres?|"
    r"mari(?:e|es|ee|ees|age)|pacs\w*|noces|epous\w+|divorc\w+|separ\w+|jugements?|juge\w*|tribunal|arret|deced\w+|deces|mort\w*|disparu\w*|veu(?:f|ve)|married|wedding|died|casa(?:d\w+|mos|ron)|"
    r"plus tard|avant le|jusqu|periodes?|anterieur\w*|posterieur\w*|trimestres?|cotis\w*|services?|combats?|depuis|since|desde|embauch\w+|engag\w+|recrut\w+|titularis\w+|retraite|licenci\w+|demission\w*|travaill\w+|contrats?|bail|baux|signe\w*|"
    r"obten\w+|delivr\w+|passe|diplome\w*|bac|cap|permis|depos\w+|achet\w+|achats?|vend\w+|ventes?|constru\w+|bati\w*|immat\w*|circulation|factures?|"
    r"guerres?|armistice|bataille|liberation|revolution|accidents?|seisme|catastrophe|arriv\w+|entree?s?|visas?|naturalis\w+|emigr\w+|"
    r"rue|place|avenue|boulevard|bd|square|ecole|college|lycee|stade|caserne|quai|allee|impasse|cree\w*|creation|fond\w+|inaugur\w+|ouver\w+|journal|jo|bo|publi\w+)\b"
)
# Days that towns, schools and museums are named after.
REMEMBERED = re.compile(r"8 mai (?:19)?45|11 novembre (?:19)?18|19 mars (?:19)?62|4 septembre 1870|6 juin (?:19)?44")
# "31 octobre 1954 - 31 juillet 1964": a period is nobody's birth.
UNTIL = re.compile(rf"\s?(?:-|–|au|a|jusqu'au|et le|et)\s(?:le )?(?:{DATE.pattern})")
FROM = re.compile(rf"(?:{DATE.pattern})\s?(?:-|–|au|a|jusqu'au)\s(?:le )?$")
STOP = re.compile(r"[!?\n;]|\.\s")
BEFORE = 60


def find(page: Page) -> Iterator[Span]:
    """Neither a law's date nor a wedding's: what is said before it in its own sentence tells."""
    if next(page.scan(LONG_AGO, 2, 1, 1), None) is None:
        return
    for m in page.scan(DATE, 3, 12, 30):
        if REMEMBERED.match(m.group()) or _is_period(page.low, m.start(), m.end()):
            continue
        if not ELSE.search(_before(page.low, m.start())):
            yield m.start(), m.end(), "DOB"


def _is_period(low: str, start: int, end: int) -> bool:
    return UNTIL.match(low, end) is not None or FROM.search(low, max(0, start - 40), start) is not None


def _before(low: str, start: int) -> str:
    """What its sentence says before it."""
    said = low[max(0, start - BEFORE) : start]
    stops = list(STOP.finditer(said))
    return said[stops[-1].end() :] if stops else said

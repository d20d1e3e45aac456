# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""Codes of doors, cards and telephones: a few figures that something to open announces in the same clause.

"le cadenas s'ouvre avec 4471", "portail A4591", "mon code pin à la con 0852". The codes of the post, of laws and of errors are
everybody's, and a bare "code 403" is an error.
"""

import re
from collections.abc import Iterator

from collector.privacy.page import Page
from collector.privacy.spans import Span
from collector.privacy.values import LAW, UNIT, is_short

CODE = re.compile(
    r"(?<![\w.,/€$+@*°-])(?:\d(?: \d){3,5}|\d{3}[ -]\d{3}|\d{4} \d{4}|\d{2} \d{2}|[a-z]?\d{3,8}(?:[a-z]|\*(?!\d))?|\d{2,5}[a-z]\d{0,3}|(?=[a-z0-9-]{0,14}\d)[a-z0-9]{2,6}(?:-[a-z0-9]{2,6}){1,3}|(?=[a-z]{1,4}\d[a-z]{1,3}\d)[a-z0-9]{5,10})(?![\w€%/]|[.,:-]\d)"
)
CLAUSE = re.compile(r"[.!?;\n]")
# Nothing but a door, a card or a telephone has these.
SURE = frozenset(
    "digicode digicodes interphone portail cadenas pin puk cvv cvc cvv2 cvc2 crypto cryptogramme badge deverrouillage coffre alarme otp can".split()
)
CODES = frozenset("code codes kode codigo".split())
OPENERS = SURE | CODES
BACK = re.compile(r"(?:chiffres derriere|au dos|du dos|boites? a cles?)[^\d.!?;\n]{0,20}$")
WORD = re.compile(r"[^\W\d_]+")
TOLD = re.compile(r"(?:c'est|cest|est|etait|:|=|\()\s?(?:le\s)?$")
ACTIVITY = re.compile(r"\d{4}[a-z]")
YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
TOWN = re.compile(r"\s[A-ZÀ-Þ]")
COUNTED = re.compile(r"\s?(?:chiffres|caract\w+|lettres|fois|heures|h\b|jours|min|euros|lignes|pages)")
PUBLIC = frozenset(
    "postal postaux insee naf ape rome promo erreur erreurs error barre barres civil travail route penal commerce couleur source commune departement pays rncp formation retour statut http https douanier tarif produit article articles cerfa loi sh hs taric nomenclature "
    "reduction parrainage banque guichet bic swift officiel geographique rural urbanisme monetaire general impots cgi ceseda html anydesk version norme iso ligne numero dossier reference convention collective coefficient".split()
)


def is_code(page: Page, start: int, end: int) -> bool:
    low = page.low
    clause = low[max(0, start - 70) : start]
    for m in CLAUSE.finditer(clause):
        clause = low[start - len(clause) + m.end() : start] if m.end() < len(clause) else ""
        break
    if BACK.search(clause):
        return True
    told = TOLD.search(clause) is not None
    if sum(map(str.isdigit, low[start:end])) < 3 and "-" not in low[start:end] and not told:
        return False
    words = WORD.findall(clause)[-12 if told else -7 :]
    if OPENERS.isdisjoint(words) or not PUBLIC.isdisjoint(words) or UNIT.match(low, end) or COUNTED.match(low, end):
        return False
    written = low[start:end]
    if ACTIVITY.fullmatch(written) and not page.words.isdisjoint(("insee", "ape", "naf")):
        return False
    if LAW.fullmatch(written) or (" " in written and is_short(written)):
        return False
    if YEAR.fullmatch(written) or (end - start == 5 and written.isdigit() and TOWN.match(page.text, end)):
        return told and not TOWN.match(page.text, end)
    if not SURE.isdisjoint(words):
        return True
    # "code 403", "code 12A": an error or a place on a form
    return (sum(map(str.isdigit, written)) >= 4 or "-" in written or (told and not written.isdigit())) and (
        told or words[-1] not in CODES or (written.isdigit() and len(written) in (4, 6))
    )


def codes(page: Page) -> Iterator[Span]:
    if (
        page.words.isdisjoint(OPENERS)
        and page.words.isdisjoint(("chiffres", "dos", "cle", "cles"))
        and "cvv2" not in page.low
    ):
        return
    for m in page.scan(CODE, 2, 8, 8):
        if is_code(page, m.start(), m.end()):
            yield m.start(), m.end(), "PASSWORD"

# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""Numbers that a label announces, wherever the label stands and however it is spelled.

"mon numero dalocataire cest 3310447", "le 4402187 est mon n° de dossier", "un dossier, suivi sous la cote B-2291-77": the words
between label and number are without end, so this looks at each number and asks its clause for a label, rather than list them.
"""

import re
from collections.abc import Iterator

from collector.privacy.lexicon import OTHER, flags
from collector.privacy.page import Page
from collector.privacy.spans import Span
from collector.privacy.values import DATE, FORM, OWNED, SAID, UNIT, is_company, is_judged, is_public, is_short, value

# Folded, doubled letters once: "alloccataire", "refférence", "dossié" are these too.
NUMBERS = frozenset(
    "nimiro raqm rakm nemra numero num nume numro nuemro numeros no nr n number nummer numer numeri ref refs reference references referense referance matricule matricul identifiant identifiants identifian identification id ident cote numen nip neph spi agdref nir siv "
    "code codes rg immatriculation enregistrement aktenzeichen steuernummer expediente processo pratica processnummer kenteken".split()
)
PAPERS = frozenset(
    "dosier dosiers dosie doc demande requete ticket alocataire alocation fiscal fiscale etranger pasport paseport cni carte titre permis sejour recepise contrat client adherent plainte pv mandat amende contravention cheque formule facture comande "
    "candidat candidature inscription reclamation signalement sinistre suivi usager beneficiaire asure pension retraite acte livret convocation jugement atestation certificat declaration bordereau quitance notification autorisation licence license badge compteur "
    "abone abonement eleve etudiant etudiante agent acuse mention procedure courier letre recours nie dni nif cpf cin nina nin ns utente contribuinte cartao documento pesel cnp inps bsn ahv avs estrangeiro extranjero pdl prm pce linky imei pensionista agrement diplome brevet prelevement pacage elevage concesion logement visa afaire file claim aplication case permit card customer policy order "
    "ordre decision ordonance bourse carnet titulaire declarant conducteur vehicule chasis moteur serie ine bea rne uai nue nur rg ss can consulaire residente carta avis imposition ecrou cnib identita ausweis bescheid akte vorgang "
    "caf msa cpam ameli ants anef ofpra ofi cnda mdph crous parcoursup urssaf cesu carsat cnav agirc arco ircantec cnracl dgfip cfe mpr maprimerenov ademe anah fsl apl als rsa ash aah apa pch ase pmi ife cnaps adil slic syplo securite identite compte account konto teleservice telerecours teleprocedure teledeclaration".split()
)
RANKS = dict.fromkeys(PAPERS, 1) | dict.fromkeys(NUMBERS, 2)
# "n'est" is no number.
WORD = re.compile(r"[^\W\d_]+(?![\w'’])")
# These say so only right before the figures.
DIRECT = frozenset("n no nr id ident ref code codes number".split())
TWICE = re.compile(r"(.)\1")
TOKEN = re.compile(r"[a-z0-9]+(?:[-/._][a-z0-9]+)*")
# An island of single hours and ages holds no number: "84 et 86 ans".
FIGURES = re.compile(r"\d{3}|\d[ ./-]\d|\d[a-z]+\d")
HEAD = re.compile(r"(?<![\w'’.-])([A-Z]{1,3}) $")
CLAUSE = re.compile(r"[!?;\n]|\.(?=\s)|(?<=\D),(?=\s(?:mais|et je|et j|donc|alors|je|j|on|il|elle|nous)\b)")
# The label comes after: "le 4402187 est mon numéro d'allocataire".
AFTER = re.compile(
    r"\s?[,(=-]?\s?(?:(?:c'est|cest|c|est|etait|is|it's|qui est|correspond a|comme|pour|en)\s)?(?:bien\s)?(?:(?:mon|ma|le|la|notre|son|sa|my|leur|votre|un|mi)\s)([^\W\d_]{1,20})|\s?[,(=-]?\s?(?:comme|pour|en)\s([^\W\d_]{2,20})"
)
FILES = re.compile(
    r"(?:img|dsc|dscn|pxl|vid|screenshot|scan|image|capture|photo|wa|whatsapp)[-_ ]?\d|.*\.(?:jpe?g|png|pdf|heic)$"
)
FILE = frozenset("dossier ticket ecrou".split())
# Codes and papers that are everybody's.
PUBLIC = frozenset(
    "postal postaux insee naf ape rome promo erreur error barre barres civil travail route penal commerce couleur source commune departement pays rncp formation retour statut http douanier tarif produit article rapport etude enquete bilan sondage modele loto revenu revenus quotient rfr".split()
)
TOWN = re.compile(r"\s[A-ZÀ-Þ]")
# Parcels may be followed by anyone who has the slip.
PARCEL = re.compile(r"\d[a-z](?: ?\d){9,14}")
MONTH = re.compile(r"\d{1,2}[/.-](?:19|20)\d\d")
# The scale of a map, and round thousands.
ROUND = re.compile(r"1/\d{1,3}[ .]?\d{3}e?|\d{1,3}(?:[ .]\d{3}){0,2}[ .]000")
# A second number: "le 33-2024-0004512 ou 33 2024 4512".
AGAIN = re.compile(r"\s{0,2}(?:,|et|ou|puis|/|and)\s{1,2}(?:le\s|n°\s?|la\s)?(?=[a-z]{0,3}[-/]?\d)")
# The number of a case before a court, whatever the paper is called.
CAUSE = re.compile(r"\d\d/\d{5}")
# Dates and French telephones have detectors of their own, and are most of what has figures.
DIALLED = re.compile(
    r"0[1-9](?:[ .-]?\d\d){4}(?!\d)|\d\d?/\d\d?/(?:\d\d){1,2}(?![\d/])|\d{1,3}(?![\d/_.-]| ?[\da-z])|\d{1,3} (?=[a-z]{2})(?![a-z]{1,3}[ -]?\d)"
)
GLUE = frozenset(".,/@€$%&*-_")
DIGIT = re.compile(r"\d")
FAR = 70


def rank(word: str) -> int:
    """2 for a word that only numbers have, 1 for a paper or an office, 0 for any other; as heard, doubled letters once."""
    known = RANKS.get(word, 0)
    if known or len(word) < 4:
        return known
    heard = TWICE.sub(r"\1", word)
    forms = (heard, heard[1:] if heard[0] in "dl" else heard)
    return max(RANKS.get(form, 0) or RANKS.get(form.rstrip("s"), 0) for form in forms)


def before(page: Page, start: int, floor: int) -> str:
    """What the same clause says before a number, from the last number on."""
    left = max(floor, start - FAR)
    text = page.low[left:start]
    for m in CLAUSE.finditer(text):
        # "Numéro. Le voici: …" keeps its label; the dot of an abbreviation ends nothing.
        if not text[: m.start()].endswith(("num", "ref", "tel", "dos", "no")):
            left = max(left, start - len(text) + m.end())
    return page.low[left:start]


def told(words: list[str]) -> tuple[int, int]:
    """(rank of the best label, how many words stand between the nearest label and the number)."""
    best, far = 0, 99
    for place, word in enumerate(reversed(words)):
        if (strength := rank(word)) > 0 and not (place and word in DIRECT):
            best, far = max(best, strength), min(far, place)
    return best, far


def is_told(page: Page, start: int, end: int, floor: int) -> bool:
    """Whether the clause announces this number, as firmly as its shape needs."""
    low = page.low
    written = low[start:end]
    digits = sum(map(str.isdigit, written))
    mixed = any(map(str.isalpha, written)) or re.search(r"\d[-/._]\d", written) is not None
    words = WORD.findall(before(page, start, floor))
    best, far = told(words)
    after = AFTER.match(low, end)
    if after is not None and (follow := rank(after.group(1) or after.group(2))) > 0:
        best, far = max(best, follow), 0
    if (not PUBLIC.isdisjoint(words[-6:]) and not (words and words[-1] in OWNED)) or (
        digits == 5 and TOWN.match(page.text, end) and far
    ):
        return False
    if low[start - 1 : start] == "#":
        best, far = 2, 0
    if best == 2:
        return digits >= (4 if far < 2 else 5) or (mixed and digits >= 3 and far < 4)
    if best == 1:
        plain = 6 if far else 4 if words and words[-1] in FILE else 5
        return digits >= (5 if mixed else plain) or (mixed and digits >= 4 and far < 3 and len(written) >= 7)
    return False


def is_part(letters: str) -> bool:
    """Whether capitals before figures belong to the number rather than say whose it is."""
    return rank(letters) == 0 and not flags().get(letters, 0) & OTHER


# A case of an administrative court of appeal, told in the third person.
APPEAL = re.compile(r"\d\d(?:nt|pa|bx|ly|ma|nc|da|ve|tl|ms)\d{5}")
COURTS = frozenset("cour caa arret jurisprudence juge jugeait".split())
OWN = frozenset("mon ma mes notre nos recours requete dossier".split())


def is_case(page: Page, start: int, end: int) -> bool:
    words = WORD.findall(page.low, max(0, start - 90), start)
    return APPEAL.fullmatch(page.low, start, end) is not None and OWN.isdisjoint(words) and not COURTS.isdisjoint(words)


def is_other(page: Page, start: int, end: int, clause: str) -> bool:
    """Dates, amounts, forms, laws, companies: what has figures and is nobody's."""
    written = page.low[start:end]
    return (
        DATE.fullmatch(written) is not None
        or UNIT.match(page.low, end) is not None
        or FORM.fullmatch(written) is not None
        or FILES.match(written) is not None
        or page.low[end : end + 1] in ("*", "@")
        or PARCEL.fullmatch(written) is not None
        or MONTH.fullmatch(written) is not None
        or is_case(page, start, end)
        or ROUND.fullmatch(written) is not None
        or is_judged(page.low, end, clause)
        or is_short(written)
        or (is_public(clause) and not (CAUSE.fullmatch(written) and "cour" not in clause))
        or is_company(clause)
    )


def starts(page: Page) -> Iterator[int]:
    """Where a word with figures begins, in the islands that could hold a number."""
    low, done = page.low, 0
    for first, last, count in page.islands:
        if count < 3 or FIGURES.search(low, first, last) is None:
            continue
        for m in TOKEN.finditer(low, max(done, first - 24), last):
            done = m.end()
            if DIGIT.search(m.group()) and low[m.start() - 1 : m.start()] not in GLUE:
                yield m.start()


def labelled(page: Page) -> Iterator[Span]:
    done = 0
    for start in starts(page):
        if start < done or DIALLED.match(page.low, start):
            continue
        end = value(page, start)
        if end <= start or len(DIGIT.findall(page.low[start:end])) < 3:
            continue
        floor, done = done, end
        if is_other(page, start, end, page.low[max(0, start - SAID) : start]) or not is_told(page, start, end, floor):
            continue
        yield with_head(page, start), end, "ID_NUMBER"
        again = AGAIN.match(page.low, end)
        if again is not None and is_second(page, again.end(), stop := value(page, again.end())):
            yield again.end(), stop, "ID_NUMBER"
            done = stop


def is_second(page: Page, start: int, end: int) -> bool:
    """A number given beside another needs no label, if it is long."""
    return len(DIGIT.findall(page.low[start:end])) >= 6 and not is_other(page, start, end, "")


def with_head(page: Page, start: int) -> int:
    """Where a number really begins: "PC 044 109 23 A0088" has letters before its figures."""
    head = HEAD.search(page.text, max(0, start - 6), start)
    return head.start(1) if head is not None and not page.shouts and is_part(head.group(1).lower()) else start

# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""Numbers that name one person or one case: files, tax, benefits, residence permits, passports, licences, vehicles.

Most have no check digit, so a number is masked when its shape is unmistakable or when the words before it announce one,
and left alone when they announce a law, a form, a price or an error code.
"""

import re
from collections.abc import Iterator

from collector.privacy.labelled import labelled
from collector.privacy.lexicon import OTHER, flags
from collector.privacy.page import Page
from collector.privacy.spans import Span
from collector.privacy.values import DATE, FORM, UNIT, is_company, is_judged, is_public, is_short, value

NOUN = (
    r"(?:avis d'(?:imposition|impot|[eé]ch[eé]ance|amende|taxe)|n[°º]s?|n\s?°|num(?:[eé]ro)?s?|nums?|no|nr|nb|#|r[eé]f(?:[eé]rences?|s)?\.?|dossiers?|doss\.?|demandes?|tickets?|requ[eê]tes?|identifiants?|id|allocataires?|alloc\.?|fiscale?|spi|agdref|[eé]trangers?|"
    r"passeports?|passport|cni|carte (?:nationale )?d'identit[eé]|carte de s[eé]jour|titre de s[eé]jour|titres?|permis(?: de conduire)?|neph|vin|s[eé]rie|ch[aâ]ssis|ine|rpps|adeli|finess|visa|r[eé]c[eé]piss[eé]s?|contrats?|clients?|adh[eé]rents?|"
    r"matricules?|plaintes?|pv|proc[eè]s[- ]verbal|mandats?|amendes?|avis(?: de contravention)?|contraventions?|t[eé]l[eé]paiement|ch[eè]ques?(?: [eé]nergie)?|formule|factures?|commandes?|candidats?|inscriptions?|r[eé]clamations?|signalements?|sinistres?|suivi|"
    r"usagers?|b[eé]n[eé]ficiaires?|assur[eé]s?|pension|retraite|acte|livret de famille|ofpra|cnda|anef|ants|caf|msa|mdph|cpam|pole emploi|france travail|ft|parcoursup|crous|urssaf|apl|rsa|aah|apa|ameli|impots|"
    r"case number|file|reference|claim|application|id number|tax number|driving licen[cs]e|licen[cs]e|nie|dni|nif|cpf|cin|cnib|nina|nin|nss|utente|contribuinte|cart[aã]o de cidad[aã]o|codice fiscale|carta d'identita|documento|pesel|cnp|inps|ssn|bsn|ahv|avs|expediente|processo|pasaporte|passaporte|pasaport|pa[sș]aport|estrangeiro|extranjero|"
    r"compteur|pdl|prm|pce|linky|point de livraison|imei|badge|carte (?:navigo|[eé]tudiante?|professionnelle|agent|vitale|grise|europ[eé]enne)|convocation|jugement|[eé]crou|rg|parquet|minute|enregistrement|accus[eé](?: de r[eé]ception)?|d[eé]claration|attestation|certificat|bordereau|quittance|notification|autorisation|dossier\s?n[°º]|"
    r"رقم|ملفي|الملف|طلبي|ملف|dossier dyali|номер)"
)
LINKS = r"(?:\s{0,2}(?:n[°º]\s?|n\s?°\s?|num(?:[eé]ro)?|no\.?|nr|number|numero|r[eé]f(?:[eé]rence)?\.?|:|=|est(?: le| la)?|c'est(?: le)?|is|de|du|le|la|l'|d'|:|\(|\"|«|#|s/|sous(?: le| la)?|portant|-|,|[eé]|mon|ma|caf|ants|ofpra|allocataire|dossier|ancien(?:ne)?|nouveau|etranger|fiscal|etait|suivant|ci-apres|num|au|suivi|client|demande|dyali|dyal|voici|fiscale|de suivi|de dossier|mdph|parcoursup|crous|anef|france travail|pole emploi|visa|impots|ameli|passeport|identite|tres|bien|avec|sejour|officiel|d'acces(?: en ligne)?|en ligne|bateau|cotier|fluvial|poids lourd|d'armes?|chasser|chasse|p[eê]che|pecher|logement|[a-z]{3,14}tions?(?![a-z])|surendettement|regroupement familial|scolarite|bourse|handicap|complet|provisoire|scolaire|personnel|unique|departemental|national|interne|belge|[a-z]{3,10}(?:ien|ienne|ais|aise|ois|oise|ain|aine|ol|ole|and|ande|que)(?![a-z])|algerien|marocain|tunisien|italien|portugais|espagnol|suisse|allemand|anglais|turc|roumain|polonais|senegalais|ivoirien|malien))"
# Whatever it numbers: "numéro de commande du timbre".
NUMBERED = r"(?:n[°º]|num(?:[eé]ro)?|r[eé]f(?:[eé]rence)?)\s?(?:de la |de l'|de |du |des |d')[a-z]{3,16}(?: (?:de la |de l'|de |du |des |d')?[a-z]{3,16})?"
CUED = re.compile(
    rf"(?<![a-z])(?:{NUMBERED}|{NOUN})(?![a-z])(?:\s(?:[a-z']{{2,18}}\s){{1,3}}(?::|n[°º])\s?)?{LINKS}{{0,6}}\s{{0,2}}(?=[a-z]{{0,8}}[-/._ ]?[a-z]{{0,3}}[-/._ ]?\d)(?<![a-z0-9])"
)
LABEL = re.compile(NOUN + r"\s{0,2}(?::|n[°º])?\s{1,2}")
# Shapes that are numbers of persons whatever the words around. Written in capitals, as on the papers.
SHAPES = re.compile(
    r"(?<![\w@./-])(?:"
    r"[A-HJ-NPR-Z]{2}[A-HJ-NPR-Z0-9](?=[A-HJ-NPR-Z0-9]*\d[A-HJ-NPR-Z0-9]*[A-HJ-NPR-Z])[A-HJ-NPR-Z0-9]{8}\d{6}"  # VIN
    r"|\d{2}[A-Z]{2}\d{5}"  # French passport
    r"|\d{10}[A-Z]|\d{9}[A-Z]{2}"  # INE
    r"|\d{7}\s?[A-Z](?![A-Z])"  # CAF, France Travail
    r"|[XYZ]-?\d{7}-?[A-Z]|\d{8}-?[A-Z]"  # NIE, DNI
    r"|[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]"  # codice fiscale
    r"|\d{4}[A-Z]{2,3}\d{4,6}|\d{2}[A-Z]{2,3}\d{4,6}[A-Z]?"  # formulas of registration papers
    r"|[A-Z]{1,8}(?:[-/_][A-Z0-9]{1,6}){0,3}[-/_](?=[A-Z0-9]*\d{3})[A-Z0-9]{4,20}(?:[-/_][A-Z0-9]{1,12}){0,3}"
    r"|[A-Z]{1,8}[-/_]\d{1,8}[-/_]\d{2,8}(?:[-/_][A-Z0-9]{1,12}){0,2}"
    r"|\d{2,4}[-/_][A-Z]{1,6}[-/_]\d{3,12}(?:[-/_][A-Z0-9]{1,8})?"
    r"|[A-VX-Z]\d{8,12}|[A-Z]{2,8}\d{6,20}|\d{2,4}[A-Z]\d{6,12}"
    r")(?![\w*]|[-/]\w)"
)
LETTERED = re.compile(r"([a-z]{2,14})\s{1,2}")
# The new cards and permits: nine capitals and figures, seldom more than three figures.
NINE = re.compile(r"(?<![\w-])(?=[A-Z]{0,8}\d)(?=\d{0,8}[A-Z])[A-Z0-9]{9}(?![\w-])")
PAPERS = frozenset("cni identite carte titre sejour passeport passport permis cnie document".split())
# A second number: "le 33-2024-0004512 ou 33 2024 4512".
AGAIN = re.compile(r"\s{0,2}(?:,|et|ou|puis|/|and)\s{1,2}(?:le\s|n°\s?|la\s)?(?=[a-z]{0,3}[-/]?\d)")
DIGIT = re.compile(r"\d")
UUID = re.compile(
    r"(?<![\w-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])|(?<![\w:])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:])"
)
MRZ = re.compile(
    r"(?<![A-Z0-9<])(?=[A-Z0-9<]{0,44}<<)[A-Z0-9<]{18,50}(?:\s{1,2}[A-Z0-9<]{18,50}){0,2}|(?<![A-Z0-9<])[A-Z0-9]{9,30}<[A-Z0-9<]{8,40}"
)
TAX = re.compile(
    r"(?<![\d.,+])[0-3]\d{12}(?!\d)|(?<![\d.,+])[0-3]\d(?:[ .]\d{2}(?:[ .]\d{3}){3}|(?: \d{3}){3} \d{2})(?!\d)"
)
LONG = re.compile(
    r"(?<![\w.,+/#€-])\d{7,20}(?![\w€*])|(?<![\w.,+/-])\d{2,4}(?:[-/.]\d{2,10}){1,3}[-/.]\d{3,10}(?![\w€])|(?<![\w.,+/-])\d{4}[-/]\d{5,12}(?![\w€])|(?<![\w.,+/-])\d{2}[-/]\d{5,12}(?![\w€])"
)
STATE_SHAPE = re.compile(
    r"err|http|kb|cve|iso|rfc|jorf|legi|ean|covid|ecli|nor[- ]|rgaa|wcag|tls|sha|utf|usb|pdf|windows|w3c|nf-|en-"
)


def is_label(page: Page, word: re.Match[str]) -> bool:
    """An organisation or an acronym between the announcement and the number: "n° NUMEN 13E…"."""
    acronym = len(word.group(1)) > 3 and page.text[word.start(1) : word.end(1)].isupper()
    return acronym or flags().get(word.group(1), 0) & OTHER != 0


def cued(page: Page) -> Iterator[Span]:
    low = page.low
    for m in page.scan(CUED, 4, 90, 0):
        start = m.end()
        # "N° NEPH 1406…": a label between the announcement and the number
        while (label := LABEL.match(low, start)) is not None and label.end() > start:
            start = label.end()
        # "contrat EDF 6 012…": an organisation too
        while (word := LETTERED.match(low, start)) is not None and is_label(page, word):
            start = word.end()
        end = value(page, start)
        written = low[start:end]
        digits = sum(map(str.isdigit, written))
        before = low[max(0, m.start() - 40) : start]
        if (
            digits < 4
            or DATE.fullmatch(written)
            or UNIT.match(low, end)
            or FORM.fullmatch(written)
            or low[end : end + 1] == "*"
        ):
            continue
        if is_public(before) or is_company(before):
            continue
        if is_judged(low, end, before):
            continue
        if (
            digits == 4
            and not re.search(r"[a-z/-]", written)
            and not re.search(r"n[°º]|num|ref|:|dossier|ticket", m.group())
        ):
            continue
        if is_short(written):
            continue
        yield start, end, "ID_NUMBER"
        again = AGAIN.match(low, end)
        if again is not None:
            stop = value(page, again.end())
            written = low[again.end() : stop]
            if len(DIGIT.findall(written)) >= 6 and not DATE.fullmatch(written) and not UNIT.match(low, stop):
                yield again.end(), stop, "ID_NUMBER"


def shaped(page: Page) -> Iterator[Span]:
    low, text = page.low, page.text
    for m in page.scan(SHAPES, 4, 30, 14, written=True):
        before = low[max(0, m.start() - 40) : m.start()]
        if not STATE_SHAPE.match(m.group().lower()) and not is_public(before) and not is_company(before):
            yield m.start(), m.end(), "ID_NUMBER"
    if not page.words.isdisjoint(PAPERS):
        for m in page.scan(NINE, 1, 9, 9, written=True):
            if not is_public(low[max(0, m.start() - 40) : m.start()]):
                yield m.start(), m.end(), "ID_NUMBER"
    if "<<" in text:
        for m in MRZ.finditer(text):
            yield m.start(), m.end(), "ID_NUMBER"
    for pattern in (UUID, TAX, LONG):
        for m in page.scan(pattern, 7, 14, 12):
            before = low[max(0, m.start() - 40) : m.start()]
            if is_public(before) or is_company(before) or UNIT.match(low, m.end()) or DATE.fullmatch(m.group()):
                continue
            if pattern is LONG and (m.group().startswith("08") or re.fullmatch(r"(?:\d{1,3}\.)+\d{3}", m.group())):
                continue
            yield m.start(), m.end(), "ID_NUMBER"


def find(page: Page) -> Iterator[Span]:
    if page.digits:
        found = list(cued(page))
        yield from found
        yield from labelled(page, found)
        yield from shaped(page)
    elif "<<" in page.text:
        yield from shaped(page)

# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""What a number looks like, how far it goes, and the numbers that are everybody's: laws, forms, prices, dates, companies."""

import re

from collector.privacy.page import Page

GLUED = re.compile(
    r"[a-z0-9]{1,30}(?:\s?[-/._–]\s?(?=[a-z]{0,6}\d)[a-z0-9]{1,30}|[-/_.](?=[a-z]{1,8}[-/_.]?\d)[a-z0-9]{1,30}|[-/_][a-z]{1,4}(?![a-z0-9'’])){0,8}"
)
MORE = re.compile(r" ([a-z0-9]{1,12}(?:[-/._][a-z0-9]{1,12}){0,3})(?![\w'’])")
LITTLE = frozenset(
    "a y le la de du et en au ou je tu il un ma sa ta pas est svp ai me ne se ce on nous j c d l".split()
)
# Announcements after which a number is public.
PUBLIC = frozenset(
    "loi lois decret decrets arrete arretes ordonnance directive reglement circulaire article articles art cassation pourvoi jurisprudence cjue cedh ecli nor cerfa formulaire formulaires imprime imprimes annexe rubrique case cases ligne lignes "
    "page pages etape etapes ecran guichet bureau version versions erreur erreurs error err http https bug windows kb norme iso rgaa wcag naf ape siret siren rna rcs tva postal departement insee bo jo jorf legifrance idcc parcelle section cadastre cadastrale "
    "chambre salle quai vol train tgv bus metro modele annee exercice line req exception port resto feuillet notice fascicule paragraphe alinea bloc blocs chapitre taille budget montant somme prix instruction recommandation bofip boi ministerielle addendum sh taric nomenclature isbn ean gtin galaxy samsung iphone ipad huawei xiaomi redmi pixel tarif cout plafond seuil puissance kilometrage".split()
)
# Beside these a "case" is a file, not the box of a form.
ENGLISH = frozenset("number my your our the and for".split())
# A published decision: its court, its date, its number.
DECIDED = re.compile(
    r"\b(?:cour|cass|caa?|tribunal|conseil d'etat)\b[^;!?\n]{0,40}(?:19|20)\d\d,? n\s?[°º]?\s?$|\barrets? (?:ce|cass\w*|caa?|cjue|cedh|de la cour|du conseil)\b[^;!?\n]{0,30}$"
)
# An error says its code, perhaps in a sentence of its own: "Une erreur technique est survenue. Code : E-4012".
CODE = frozenset("code codes".split())
MESSAGES = frozenset("message rejet anomalie exception".split())
# Nobody but a person has these, whatever else is spoken of: "ex-douanier, matricule 38 206 114".
OWNED = frozenset("dossier matricule allocataire neph agdref fiscal".split())
FAULTS = frozenset("erreur erreurs error message bug panne plantage exception".split())
SAID = 60
"""How many characters before a number may say whose it is."""
LETTERS = re.compile(r"[^\W\d_]+")
CLAUSE = re.compile(r"[!?;\n]|\.(?=\s[^\s]{3})|(?<=[a-z]{4})\.\s")


def is_public(before: str) -> bool:
    """Whether the last words before a number say that it is everybody's: a law, a form, a page, an error."""
    said = LETTERS.findall(before)
    if said and (said[-1] in MESSAGES or (said[-1] in CODE and not FAULTS.isdisjoint(said))):
        return True
    if said and said[-1] in OWNED:
        return False
    english = not ENGLISH.isdisjoint(LETTERS.findall(before))
    cut = 0
    for m in CLAUSE.finditer(before):
        cut = m.end()
    before = before[cut:]
    if DECIDED.search(before):
        return True
    words = LETTERS.findall(before)[-5:]
    for rank, word in enumerate(words):
        if rank < len(words) - 4 or (word == "case" and english):
            continue
        if word in PUBLIC:
            # "en ligne n°…" is not a line
            return not (word == "ligne" and rank and words[rank - 1] in ("en", "hors"))
    if re.search(r"\b(?:ce|caa|cass|civ|crim|soc), ", before):
        return True
    return before.rstrip(" n°:")[-3:] in ("l.", " r.", "(l.") or "conseil d'etat" in before


UNIT = re.compile(
    r"\s{0,2}(?:€|euros?\b|eur\b|ttc\b|ht\b|centimes|francs|%|°|jours?\b|mois\b|ans?\b|ann[eé]es?\b|semaines?\b|heures?\b|h\b|h\d|min|fois\b|habitants|km|m2|m²|mo\b|go\b|ko\b|pages?\b|pi[eè]ces|personnes|clics|caract|dossiers\b|demandes\b|cm\b|mm\b|kg\b|points?\b|pts\b|sur \d|usagers|chiffres|enfants)"
)
DATE = re.compile(
    r"\d{1,2}[-/. ]\d{1,2}[-/. ](?:19|20)?\d{2}|(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}|(?:19|20)\d{2}|\d{1,2}[-/]\d{1,2}|(?:19|20)\d{2}\s?[-/]\s?(?:(?:19|20)?\d{2})"
)
FORM = re.compile(r"\d{5}\s?\*\s?\d{2}|\d{4}-?[a-z]{1,3}(?:-[a-z]+)?|[slrd]\d{4}|[lrd]\.?\s?\d{3,4}-\d+")
# The prefix of services, grouped any way: 0 800 08 11 11.
FREE = re.compile(r"0[ .]?8(?:[ .]?\d){8}")
LAW = re.compile(r"[slrd]\d{4}|[lrda]\.?\s?\d{3,4}-\d+(?:-\d+)?")
COMPANY = re.compile(r"\b(?:siret|siren|rna|tva|rcs|chorus|naf|ape|entreprise n|bce)")
JUDGED = re.compile(
    r"\s?(?:dc|qpc)\b|\s(?:du conseil|de la cour|du tribunal des conflits|du code|du defenseur|de la cnil)"
)
SHORT = re.compile(r"(?:3\d ?\d\d|1\d{1,2}|10\d\d|0 ?8\d\d(?: ?\d{3}){2}|08(?: ?\d\d){4})")


def is_company(before: str) -> bool:
    return COMPANY.search(before[-40:]) is not None


def is_judged(low: str, end: int, before: str) -> bool:
    """A published decision: "décision n° 2021-814 DC du Conseil constitutionnel"."""
    return (JUDGED.match(low, end) is not None or low.endswith((" dc", " qpc"), 0, end)) and re.search(
        r"decision|arret|avis|jugement", before
    ) is not None


def is_short(written: str) -> bool:
    """A number of public services: 3949, 0 809 401 401."""
    return SHORT.fullmatch(written) is not None or FREE.fullmatch(written) is not None


def value(page: Page, at: int) -> int:
    """End of the number that begins at `at`: groups of figures, and the capital letters among them."""
    low, text = page.low, page.text
    first = GLUED.match(low, at)
    if first is None:
        return at
    end = first.end()
    if not any(map(str.isdigit, first.group())):
        # "F 7719", "AR 2024": a leading group of capitals needs figures right after
        if first.group() in LITTLE or not text[at:end].isupper() or len(first.group()) > 3:
            return at
        follow = MORE.match(low, end)
        if follow is None or not follow.group(1)[0].isdigit():
            return at
        end = follow.end()
    for _ in range(8):
        more = MORE.match(low, end)
        if more is None or UNIT.match(low, more.end()):
            break
        word = more.group(1)
        capital = text[more.start(1) : more.end()].isupper()
        if word[0].isdigit():
            if re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}", word) or (
                not low[end - 1].isdigit() and not low[end - 1 : end].isalpha()
            ):
                break
        elif not (
            (len(word) == 1 and (word not in LITTLE or (capital and word != "a" and not page.shouts)))
            or (capital and len(word) <= 3 and word not in LITTLE)
            or (any(map(str.isdigit, word)) and capital)
        ):
            break
        end = more.end()
    return end

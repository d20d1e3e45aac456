# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""Links that carry a token or an identity, and addresses of machines."""

import re
from collections.abc import Iterator
from ipaddress import ip_address

from collector.privacy.lexicon import FIRST, RARE, flags
from collector.privacy.page import Page
from collector.privacy.spans import Span

# What a link holds somewhere; the link is what stands around it without a space.
SIGN = re.compile(r":/|www\.|\.[a-z]{2,12}/")
LINK = re.compile(
    r"(?:https?:/{1,2}|www\.|ftp://)[^\s<>\"«»\x01]{3,2000}|[a-z0-9][a-z0-9-]{0,60}(?:\.[a-z0-9-]{1,60}){1,5}/[^\s<>\"«»\x01]{2,2000}"
)
EDGE = re.compile(r"[\s<>\"«»\x01(\[,;]")
# Parameters that only steer a public page.
PUBLIC = re.compile(
    r"^(?:utm_\w+|lang|langue|locale|page|p|tab|onglet|theme|print|sort|tri|q|s|recherche|query|version|v|xtor|step|etape|from|source|ref_?src|mode|format|region|departement|dept|annee|category|categorie)$"
)
PRIVATE = re.compile(
    r"token|jeton|key|cle|clef|uid|user|usager|login|nom|name|mail|tel|phone|session|sid|dossier|jwt|auth|hash|sig|otp|"
    r"pwd|pass|secret|code|invite|ticket|state|nonce|reset|^id|id$|_id|nir|spi|num|ref|iban|compte|account|client|naissance"
)
TOKEN = re.compile(r"^(?=.*\d)(?=.*[a-z])[\w.~%=+-]{8,}$", re.IGNORECASE)
LONG = re.compile(r"^[\w.~%=+-]{20,}$")
COUNTER = re.compile(r"^\d{5,}(?:[.-]\w{1,5})?$")
PROFILE = re.compile(
    r"(?:facebook\.com|fb\.com|instagram\.com|linkedin\.com/in|twitter\.com|x\.com|tiktok\.com|t\.me|wa\.me|github\.com|leboncoin\.fr/profil\w*|copainsdavant\.\w+\.\w+)/[@\w.-]{3,}|/(?:u|user|users|usager|profil|profile|membre|~)/?[\w.@-]{3,}|~[\w.-]{2,}",
    re.IGNORECASE,
)
V4 = re.compile(r"(?<![\w.,-])\d{1,3}(?:\s?\.\s?\d{1,3}){3}(?![\w]|\.\d)|(?<![\w.,-])\d{1,3}(?:\[\.\]\d{1,3}){3}(?!\w)")
V6 = re.compile(r"(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}(?:[0-9a-f]{1,4}|(?<=::))(?:%\w{1,10})?(?![\w:])", re.IGNORECASE)
PAIR = re.compile(r":[0-9a-f]{0,4}:")
NUMBERING = re.compile(
    r"(?:version|\bv|rubrique|section|paragraphe|§|chapitre|article|art\.|point|annexe|titre|partie|alinea|item|numerotation|firefox|chrome|safari|edge|opera|java|ios|android|windows|macos|maj|mise a jour|build|release|norme|masque|mask|netmask)\s{0,2}(?:n°|:|du|de|la|le|\()?\s{0,2}$"
)
ADDRESSED = re.compile(r"\bip\b|\bipv[46]\b|connex|connect|adresse|address|depuis|bloqu|serveur|wifi|4g|5g|box")

# Shortened links hide where they go; codes mix capitals and figures.
SHORT = re.compile(
    r"(?:bit\.ly|tinyurl\.com|t\.co|goo\.gl|urlz\.fr|lc\.cx|is\.gd|urlr\.me|shorturl\.at|cutt\.ly|ow\.ly)/\w{3,}"
)
CASED = re.compile(
    r"(?=[\w-]*\d)(?=[\w-]*[A-Z][\w-]*\d|[\w-]*\d[\w-]*[A-Z])(?![FR]\d+$)(?!JORF|LEGI|CERFA|Cerfa)(?:[A-Z0-9-]{6,}|(?=\w*[a-z])\w{6,})"
)


def is_private(url: str) -> bool:
    """Whether this link opens something of one person."""
    low = url.lower()
    if SHORT.search(low):
        return True
    if any(CASED.fullmatch(part) for part in url.partition("?")[0].split("/")[3 if "//" in url else 1 :]):
        return True
    bare, _, fragment = low.partition("#")
    bare, _, query = bare.partition("?")
    rest = bare.split("://", 1)[-1]
    path = rest.partition("/")[2]
    if "@" in low or PROFILE.search(bare):
        return True
    for pair in re.split(r"[&;]", query):
        name, _, value = pair.partition("=")
        if not value and TOKEN.match(name):
            return True
        if (
            value
            and not PUBLIC.match(name)
            and (PRIVATE.search(name) or (len(value) >= 8 and any(map(str.isdigit, value))) or COUNTER.match(value))
        ):
            return True
    if "=" in fragment or TOKEN.match(fragment):
        return PRIVATE.search(fragment) is not None or TOKEN.match(fragment) is not None
    return any(is_token(part) or is_person(part) for part in path.split("/") if part)


def is_person(part: str) -> bool:
    """The name of an account: "j.lemoal", "karim.benali"; files have an extension instead of a surname."""
    first, dot, last = part.partition(".")
    if (
        not dot
        or not last.isalpha()
        or len(last) < 4
        or last in ("html", "aspx", "json", "jpeg", "docx", "xlsx", "webp")
    ):
        return False
    return len(first) == 1 or flags().get(first, 0) & (FIRST | RARE) != 0


def is_token(part: str) -> bool:
    if COUNTER.match(part):
        return True
    if "-" in part and not any(len(p) >= 6 and any(map(str.isdigit, p)) and not p.isdigit() for p in part.split("-")):
        digits = sum(map(str.isdigit, part))
        # A slug of words is public; a UUID or a case number between hyphens is not.
        return digits >= 6 and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", part)
    if re.fullmatch(r"f\d{1,6}|r\d{1,6}|jorf\w+|legi\w+|cerfa_?\d+\S*", part):
        return False
    stem = part.rsplit(".", 1)[0] if re.search(r"\.(?:pdf|html?|php|aspx?|do|jsp|jpe?g|png)$", part) else part
    if "_" in stem and not re.search(r"\d{4,}", stem):
        return False
    return (TOKEN.match(stem) is not None and sum(map(str.isdigit, stem)) >= 2) or (
        LONG.match(stem) is not None and "_" not in stem
    )


def links(page: Page) -> Iterator[Span]:
    done = 0
    for sign in SIGN.finditer(page.low):
        if sign.start() < done:
            continue
        start = max(done, sign.start() - 80)
        for edge in EDGE.finditer(page.low, start, sign.start()):
            start = edge.end()
        m = LINK.search(page.low, start)
        if m is None or m.start() > sign.start():
            continue
        end = done = m.end()
        while end > m.start() and page.text[end - 1] in ".,;:!?)]}'’…":
            end -= 1
        if end > m.start() and is_private(page.text[m.start() : end]):
            yield m.start(), end, "URL"


def machines(page: Page) -> Iterator[Span]:
    for m in page.scan(V4, 4, 0, 1):
        parts = [int(n) for n in re.findall(r"\d+", m.group())]
        before = page.low[max(0, m.start() - 40) : m.start()]
        told = ADDRESSED.search(before) is not None
        if (
            NUMBERING.search(before)
            or parts[0] in (0, 127, 255)
            or (parts[:2] == [192, 168] and parts[2] in (0, 1) and parts[3] in (0, 1, 254))
            or parts == [8, 8, 8, 8]
        ):
            continue
        if max(parts) > 255 and not re.search(r"\bip(?:v4)?\b[^.]{0,15}$", before):
            continue
        if told or (max(parts) >= 20 and min(parts[:2]) > 0):
            yield m.start(), m.end(), "IP"
    if PAIR.search(page.low):
        for m in V6.finditer(page.low):
            try:
                address = ip_address(m.group().split("%")[0])
            except ValueError:
                continue
            if not address.is_loopback and not address.is_unspecified:
                yield m.start(), m.end(), "IP"


def find(page: Page) -> Iterator[Span]:
    if "/" in page.chars or "www" in page.words:
        yield from links(page)
    if page.digits or ":" in page.chars:
        yield from machines(page)

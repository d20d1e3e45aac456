# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""E-mail addresses, also spelled out or mistyped."""

import re
from collections.abc import Iterator

from collector.privacy.lexicon import AMBIGUOUS, COMMON, FIRST, flags
from collector.privacy.page import Page
from collector.privacy.spans import Span

TLD = r"(?:fr|com|net|org|eu|be|ch|de|es|it|pt|uk|co\.uk|lu|nl|pl|ro|re|gp|nc|pf|pm|yt|bzh|corsica|alsace|paris|info|biz|io|me|dz|ma|tn|sn|ci|cm|ml|tr|ru|ua|cn|vn|edu|gov|ca|us|br|app|dev|pro|name|email|online|asso\.fr|gouv\.fr)"
PROVIDER = (
    r"(?:gmail|g-mail|gmai|gmial|gamil|hotmail|hotmal|homail|outlook|live|msn|yahoo|yaho|ymail|orange|wanadoo|free|sfr|neuf|"
    r"laposte|bbox|numericable|icloud|me|mac|aol|proton|protonmail|gmx|tutanota|voila|club-internet|aliceadsl|9online|"
    r"cegetel|noos|mailo|caramail|mail|yandex|skynet|sapo|libero|web)"
)
PLAIN = re.compile(
    r"(?<![\w.+@'-])[\w.+'-]{1,64}@{1,2}[\w.-]{1,190}(?:,(?:fr|com|net)\b)?|"
    r"(?<![\w.+@'-])(?:[\w+-]{1,40}\s{1,2}\.\s{1,2}){0,2}[\w.+'-]{1,64}\s{0,2}@\s{0,2}[\w-]{1,60}(?:\s?[.,]\s?[\w-]{1,60}){0,3}\s?[.,]\s?"
    + TLD
    + r"\b"
)
DOT = r"(?:\s{0,2}[.·]\s{0,2}|\s{0,2}[(\[{<]\s?(?:point|dot|pt|\.)\s?[)\]}>]\s{0,2}|\s{1,2}(?:point|dot|pt|ponto|punto)\s{1,2})"
JOIN = r"(?:" + DOT + r"|\s{1,2}(?:tiret(?: du bas| bas|-bas)?|underscore|moins|dash|-)\s{1,2}|-)"
AT = r"(?:\s{0,2}[(\[{<]\s?(?:at|a|arobase?|arobaz|chez|@|à)\s?[)\]}>]\s{0,2}|\s{1,2}(?:ar+oba[sz]?(?:es?)?|at|arroba|chiocciola)\s{1,2}|(?<=\w)_at_|\*at\*|\s{0,2}-at-\s{0,2})"
SPELLED = re.compile(
    r"(?<![\w.+-])[\w+]{1,64}(?:"
    + JOIN
    + r"[\w+]{1,64}){0,6}"
    + AT
    + r"\w{1,60}(?:"
    + JOIN
    + r"\w{1,60}){0,3}"
    + DOT
    + TLD
    + r"\b"
)
# "prenom.nom gmail.com": the at sign is lost, the provider tells.
LOST = re.compile(
    r"(?<![\w.+@/-])(?:[\w+-]{2,40}\.){0,3}[\w+-]{2,40}[ .,/#&à*]{1,2}(?:gmail|hotmail|outlook|yahoo|orange|wanadoo|free|sfr|laposte|icloud|protonmail)\.(?:com|fr|net)\b"
)
PROVIDED = re.compile(
    r"[ .,/#&à*]{1,2}(?=(?:gmail|hotmail|outlook|yahoo|orange|wanadoo|free|sfr|laposte|icloud|protonmail)\.)"
)
BARE = re.compile(r"\b" + PROVIDER + r"\.(?:com|fr|net|org)\b")
# "dupontATgmail.com", "dupont chez orange point fr"
STUCK = re.compile(
    r"(?<![\w.+-])[\w.+-]{2,64}at(?:gmail|hotmail|yahoo|orange|outlook|laposte|wanadoo|free|sfr)\.(?:com|fr|net)\b"
)
CUT = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?@\s?(?:la poste|hot mail|out look|g mail|i cloud)(?:\s?[.,]\s?(?:net|com|fr))?"
)
# "pierre.durand arobase gmail": the rest goes without saying.
ENDLESS = re.compile(
    r"(?<![\w.+-])[\w+.-]{1,64}(?: (?:point|tiret) [\w+-]{1,40}){0,4} ar+oba[sz]?(?:es?)? (?:gmail|hotmail|yahoo|outlook|orange|wanadoo|free|sfr|laposte|icloud|live)\b"
)
STUCK_SIGN = re.compile(r"at(?:gmail|hotmail|yahoo|orange|outlook|laposte|wanadoo|free|sfr)\.")
CHEZ = re.compile(
    r"(?<![\w.+-])[\w+.-]{2,64}(?: (?:point|tiret(?: (?:du )?(?:bas|6|8))?|underscore) [\w+-]{1,40}){0,4} chez (?:"
    + PROVIDER
    + r" ?(?:point|\.|dot) ?(?:com|fr|net)|\w{2,20} point (?:com|fr|net|ch|be|org|eu|re|lu))\b"
)
BEFORE = re.compile(r"(?<![^\W\d_])([^\W\d_]{2,20})( (?:point|tiret(?: (?:du )?(?:bas|6|8))?|underscore))? $")
SAINTS = frozenset("saint sainte le la de du".split())
AT_SIGN = re.compile(AT)
PROVIDERS = frozenset("gmail hotmail outlook yahoo orange wanadoo free sfr laposte icloud protonmail".split())
AT_WORDS = frozenset(
    {"at", "arobase", "arobas", "arobaz", "arrobase", "arobaze", "aroba", "arrobaze", "arroba", "chiocciola"}
)


GENERIC = frozenset(
    "contact contacts info infos information accueil support assistance aide noreply no-reply no_reply ne-pas-repondre "
    "nepasrepondre ne_pas_repondre mairie secretariat communication webmaster postmaster service-client serviceclient".split()
)


def is_styled(written: str) -> bool:
    """An at sign instead of the letter: "Télé@ctes", "Perceval" as "percev@l"."""
    local, _, domain = written.partition("@")
    if "." in domain or domain in PROVIDERS or not (local + domain).isalpha():
        return False
    return flags()["a" + domain] & COMMON != 0 or flags()[local + "a" + domain] != 0


def is_generic(written: str) -> bool:
    """The mailbox of a public service, which is nobody's: contact@….gouv.fr; a craftsman's may be his own."""
    local, _, domain = written.partition("@")
    return local in GENERIC and domain.endswith(".gouv.fr")


def from_first_name(page: Page, start: int) -> int:
    """Where a spelled address really begins: "anne sophie tiret martin chez …" was read aloud, its spaces mean nothing."""
    for _ in range(6):
        before = BEFORE.search(page.low, max(0, start - 40), start)
        if before is None or not (before.group(2) or is_given(before.group(1))):
            break
        start = before.start()
    return start


def is_given(word: str) -> bool:
    """A first name, or the article or the saint that begins a surname: "point sainte rose arobase"."""
    return word in SAINTS or flags().get(word, 0) & (FIRST | AMBIGUOUS) != 0


def spelled(page: Page) -> Iterator[Span]:
    """Search around what stands for the at sign only: the local part is long and could begin anywhere."""
    done = 0
    for at in AT_SIGN.finditer(page.low):
        if at.start() < done:
            continue
        for m in SPELLED.finditer(page.low, max(done, at.start() - 100), min(len(page.low), at.end() + 100)):
            if m.end() > at.start():
                done = m.end()
                yield from_first_name(page, m.start()), m.end(), "EMAIL"
                break


def find(page: Page) -> Iterator[Span]:  # noqa: C901 - a gate and a loop per way of writing.
    chars, low = page.chars, page.low
    if "@" in chars:
        for m in PLAIN.finditer(low):
            end = m.end()
            while low[end - 1] in ".-_,'":
                end -= 1
            written = low[m.start() : end]
            if low[end - 1] != "@" and not is_styled(written) and not is_generic(written):
                yield m.start(), end, "EMAIL"
    if not page.words.isdisjoint(AT_WORDS - {"at"}):
        for m in ENDLESS.finditer(low):
            yield m.start(), m.end(), "EMAIL"
    if "@" in chars and not page.words.isdisjoint(("poste", "mail", "look", "cloud")):
        for m in CUT.finditer(low):
            yield m.start(), m.end(), "EMAIL"
    if "chez" in page.words and "point" in page.words:
        for m in CHEZ.finditer(low):
            yield from_first_name(page, m.start()), m.end(), "EMAIL"
    if "." in chars and STUCK_SIGN.search(low):
        for m in STUCK.finditer(low):
            yield m.start(), m.end(), "EMAIL"
    if (
        not page.words.isdisjoint(AT_WORDS)
        or "(a" in low
        or "[a" in low
        or "(@" in low
        or "[@" in low
        or "{a" in low
        or "<a" in low
    ):
        yield from spelled(page)
    if "." in chars and not page.words.isdisjoint(PROVIDERS) and BARE.search(low):
        for m in LOST.finditer(low):
            local = PROVIDED.split(m.group())[0]
            # "sur orange.fr" is a site; "jean.dupont gmail.com" and "boite marc75 gmail.com" are people.
            if "." in local or any(c.isdigit() or c == "_" for c in local):
                yield m.start(), m.end(), "EMAIL"

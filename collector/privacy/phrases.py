# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""Names that only a whole phrase tells from words: "merci à claire du guichet", "son nom de naissance est Boucher"."""

import re
from collections.abc import Iterator

from collector.privacy import cues
from collector.privacy.lexicon import COMMON, FOREIGN, LAST, OTHER, PLACE, TRADE, flags
from collector.privacy.page import WORD, Page
from collector.privacy.spans import Span
from collector.privacy.things import GIVEN, WORDY

THANKED = frozenset("merci bravo remerciements felicitations grace hommage".split())
# What may follow a first name in small letters, and seldom follows the word: "merci à rose du guichet 4".
THANKS = re.compile(
    r"(?<![a-z])(?:merci|bravo|remerciements|felicitations|grace|hommage)(?: (?:beaucoup|infiniment|encore|donc))? a ([a-z]{3,15})(?: et (?:a )?([a-z]{3,15}))?(?=\s?(?:[,.!;:)\n]|$)| (?:et|qui|pour|du|de (?:la |l'|votre|vos|chez)|au|a (?:la|l')|service)\b)"
)
LABELS = frozenset("nom prenom patronyme name apellido nombre".split())
# "Le nom de naissance de ma femme est Marchand": what the label is of stands between it and the name.
LABELLED = re.compile(
    r"(?:[Nn]om|NOM|[Pp]r[ée]nom|PR[EÉ]NOM|[Pp]atronyme|[Nn]ame)s? (?:[^\W\d_A-Z]{1,12}['’ ,]{1,2}){1,6}(?:est|c['’]est|était|is|:) ?:? ?([A-ZÀ-Þ][\w'’-]{2,30})"
)
# "Kpodar c'est mon nom de famille"
AFTERNAME = re.compile(
    r"(?<![\w'’-])([A-ZÀ-Þ][\w'’-]{2,30}),? (?:c'est|c’est|est|is|es) (?:bien )?(?:mon|ma|son|notre|my|mi|meu) (?:vrai |seul |deuxième )?(?:nom|prénom|prenom|patronyme|name|nombre|apellido)"
)
# "mon fils adoptif, Lwanga, est bloqué": somebody named between two commas.
APPOSED = re.compile(r", ([A-ZÀ-Þ][\w'’-]{2,20})(?=[,.;])")
# "barry c'est mon nom": a word of no language, or a surname that is none.
CLAIMED = re.compile(
    r"(?:^|[.,!?\n] ?|\bmoi )([a-z-]{3,20}) (?:c'est|cest|c|est) (?:bien )?mon (?:vrai )?(?:nom|prenom)"
)
HAN = re.compile(r"(?:我叫|我名叫|名字是|姓名[是:： ]{0,2})([\u4e00-\u9fff]{2,3})")
# A dozen families name most of Viet Nam, and a few words in the middle tell a name from "le van" or "tran".
NEVER = cues.STOP | cues.HEADS
RELATIONS = (cues.KIN | cues.ROLES | {"landlord", "tenant", "neighbour", "boss"}) - {
    "compte",
    "dossier",
    "personne",
    "petit",
    "petits",
    "client",
    "maire",
}
CLANS = frozenset("nguyen tran le pham huynh hoang phan vu vo dang bui do ho ngo duong ly dinh truong".split())
MIDDLES = frozenset("van thi ngoc minh thanh duc huu quoc xuan kim hong thuy dinh".split())
VIETNAMESE = re.compile(
    r"(?<![\w'-])(?:nguyen|tran|le|pham|huynh|hoang|phan|vu|vo|dang|bui|do|ho|ngo|duong|ly|dinh|truong)[ -](van|thi|ngoc|minh|thanh|duc|huu|quoc|xuan|kim|hong|thuy|dinh)[ -]([a-z]{2,6})(?![\w'])"
)
SELDOM = frozenset("thi ngoc minh huu quoc xuan thuy".split())
HOUSES = frozenset("fils fille pere mere veuve famille consorts epoux heritiers nom".split())
HOUSE = re.compile(
    r"(?<![a-z])(?:famille|consorts|epoux|heritiers|le fils|la fille|le pere|la mere|la veuve) ([a-z]{3,20})(?![\w'-])|(?:mon|son|notre) nom (?:de (?:famille|naissance|jeune fille) |marital |d'epouse )?(?:est|c'est|c est|cest|c) ([a-z]{3,20})(?=\s?(?:[,;.!\n]|$)| et )"
)
# "docteur le bris": an article, then a word of no language, after a title that is also a word.
PRACTICE = re.compile(r"(?<![a-z])(?:maitre|docteur|professeur) ((?:le|la|de|du|ben|el|da) ([a-z]{3,20}))(?![\w'-])")
LONE = re.compile(r"(?<![\w'’])m ([a-z]{4,20})(?![\w'-])")
ELIDED = re.compile(r"[nodml]'([a-z]{3,20})")
PRACTICES = frozenset("maitre docteur professeur".split())
TITLED = frozenset("mme mlle mr madame monsieur maitre".split())


def thanked(page: Page) -> Iterator[Span]:
    for m in THANKS.finditer(page.low):
        for group in (1, 2):
            word = m.group(group)
            known = flags().get(word, 0) if word else 0
            # "merci a soso": a word of no list, where only a person can stand
            if (
                word
                and (known & GIVEN or (not known and len(word) > 3))
                and not known & (PLACE | OTHER)
                and word not in cues.STOP
            ):
                yield *m.span(group), "NAME"


def labelled(page: Page) -> Iterator[Span]:
    for m in LABELLED.finditer(page.text):
        word = page.low[m.start(1) : m.end(1)]
        if flags().get(word, 0) & (GIVEN | LAST) and word not in cues.STOP | cues.NOBODY:
            yield *m.span(1), "NAME"
    for m in AFTERNAME.finditer(page.text):
        yield *m.span(1), "NAME"
    for m in CLAIMED.finditer(page.low):
        if not flags().get(m.group(1), 0) & COMMON and m.group(1) not in cues.STOP:
            yield *m.span(1), "NAME"


def apposed(page: Page) -> Iterator[Span]:
    for m in APPOSED.finditer(page.text):
        before = WORD.findall(page.low, max(0, m.start() - 40), m.start())[-2:]
        word = page.low[m.start(1) : m.end(1)]
        known = flags().get(word, 0)
        if not RELATIONS.isdisjoint(before) and word not in NEVER and (known & GIVEN or not known & WORDY):
            yield *m.span(1), "NAME"


def vietnamese(page: Page) -> Iterator[Span]:
    """Three syllables in small letters: "le van hung"; articles and towns begin the same way, so the last must be no word."""
    for m in VIETNAMESE.finditer(page.low):
        last = flags().get(m.group(2), 0)
        sure = m.group(1) in SELDOM or not m.group().startswith(("le ", "do ", "vu ", "ho "))
        if m.group(2) not in cues.STOP - {"an", "mai"} and (sure or last & (GIVEN | LAST)):
            yield *m.span(), "NAME"


def houses(page: Page) -> Iterator[Span]:
    """A surname that is a trade where a surname must stand: "famille boucher", "mon nom est petit"."""
    for m in HOUSE.finditer(page.low):
        group = m.lastindex or 0
        known = flags().get(m.group(group), 0)
        if m.group(group) in ("long", "court", "grand", "bon"):
            continue
        if known & TRADE or (known & LAST and not known & WORDY):
            yield *m.span(group), "NAME"


def titled(page: Page) -> Iterator[Span]:
    """Small letters after a title: "docteur le bris", "m leroy", "mme n'guyen"."""
    for m in PRACTICE.finditer(page.low) if not page.words.isdisjoint(PRACTICES) else ():
        known = flags().get(m.group(2), 0)
        if known & LAST and not known & WORDY:
            yield *m.span(1), "NAME"
    for m in LONE.finditer(page.low) if " m " in page.low else ():
        known = flags().get(m.group(1), 0)
        if known & LAST and not known & (COMMON | FOREIGN | PLACE):
            yield *m.span(1), "NAME"
    for title in TITLED & page.words if "'" in page.chars else ():
        # Looking for the word first costs a tenth of the pattern.
        at = page.low.find(title + " ")
        while at >= 0:
            elided = ELIDED.match(page.low, at + len(title) + 1)
            if elided is not None and not flags().get(elided.group(1), 0) & COMMON:
                yield *elided.span(), "NAME"
            at = page.low.find(title + " ", at + 1)


def phrases(page: Page) -> Iterator[Span]:
    words = page.words
    if not words.isdisjoint(THANKED):
        yield from thanked(page)
    if not words.isdisjoint(LABELS):
        yield from labelled(page)
    if "," in page.chars and not words.isdisjoint(RELATIONS):
        yield from apposed(page)
    if not (words.isdisjoint(CLANS) or words.isdisjoint(MIDDLES)):
        yield from vietnamese(page)
    if not words.isdisjoint(HOUSES):
        yield from houses(page)
    yield from titled(page)
    if not page.chars.isdisjoint("\u53eb\u540d") and (han := HAN.search(page.low)):
        yield *han.span(1), "NAME"

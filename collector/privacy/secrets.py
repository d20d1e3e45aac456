# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""What opens an account: passwords, codes, secret answers and user names, always after a word that announces them."""

import re
from collections.abc import Iterator

from collector.privacy.codes import codes
from collector.privacy.lexicon import FIRST, LAST, OTHER, flags, is_ordinary
from collector.privacy.page import Page
from collector.privacy.spans import Span
from collector.privacy.things import WORDY

QUOTED = r"[«\"“„'`]\s{0,2}([^«»\"“”\n]{2,60}?)\s{0,2}[»\"”'`]"
VALUE = r"((?:[^\s«»\"“”(),;]|(?<=\w);(?=\w)){2,60})"
LINK = (
    r"(?:\s{0,2}(?:\([^()\n]{0,30}\)\s{0,2}|\()?(?:actuel|provisoire|temporaire|initial|ameli|impots|caf|ants|franceconnect|perso(?:nnel)?|wifi|habituel|precedent|number|numero|a moi|que j'ai choisi|que j'utilise|que je (?:tape|mets|rentre|saisis|donne|connais)|que j'ai (?:mis|saisi|tape|recu|note)|que j'(?:avais|ai)(?: toujours| deja)?(?: eu| garde)?|de la boite|du compte|du site|de mon compte|d'avant|choisi|recu|par sms)?)"
    r"\s{0,2}(?:(?:(?:c'est|cest|c|est|etait|serait|is|ist|was|e|es|era|sera|j'ai mis|j'avais mis|mis|tape|je tape|j'ai tape|je mets|qui est|est bien|soit|numero|recu|هي)(?![\w.'’])|=|:|->|→|,|n°)\s{0,2}){0,4}"
)
# "passe Batumi#2021": the verb is everywhere, so only what follows tells.
SHORTLY = r"(?=\s\S{0,20}[#@$!%&*_]\S{0,20}\d|\s\S{0,20}\d\S{0,20}[#@$!%&*])"
PASSED = re.compile(r"passe(?<![a-z]passe)" + SHORTLY)
PASSWORD = re.compile(
    r"(?<![a-z])(?:mots? de pass?e?s?|mots?2passe|m\.?d\.?p\.?|pass?word|passe?(?=\s?[:=])|pass(?=\s\S{0,20}\d)|passe"
    + SHORTLY
    + r"|cle de securite|clef? wi-?fi|passwd|passwort|contrase[nñ]a|senha|code secret|code confidentiel|code d'acces|code personnel|code d'activation|mes codes|mes acces|acces(?=\s?:)|mon (?:ancien |nouveau )?code(?= (?:est|etait|c'est) [a-z]+\d)|mes identifiants|code wifi|cle wep|code du portail|code immeuble|pwd|phrase (?:secrete|de (?:recuperation|passe))|reponse secrete|reponse a (?:la|ma) question(?: secrete)?|question secrete|parola|sifre|haslo|كلمة السر|كلمة المرور)(?![a-z])"
)
FORMER = re.compile(
    r"(?<![a-z])(?:l'ancien|l'actuel|le nouveau|l'autre|le mien|la c'est|maintenant c'est)\s(?:etait|est|c'est|:)?\s?"
)
USERNAME = re.compile(
    r"(?<![a-z])(?:identifiants?(?: de connexion)?|mon compte(?: (?:instagram|insta|facebook|skype|discord|snap(?:chat)?|twitter|telegram|tiktok|steam|github|x))?|compte(?=\s[a-z._-]{2,25}\d)|sous(?: le compte)?(?=\s[a-z_.]{3,20}\d{2})|code utilisateur(?: de l'?\s?[a-z]{2,10})?|signal|messenger|viber|twitch|linkedin|ident|login|log in|connectee? (?:avec|sous|en tant que)|connecte (?:avec|sous|en tant que)|logue avec|pseudo(?:nyme)?s?|user ?name|userid|user|utilisat(?:eur|rice)|nom d'utilisateur|nom d'usager|nick(?:name)?|id de connexion|usuario|utilizador|compte (?:instagram|insta|facebook|skype|discord|snap(?:chat)?|twitter|telegram|tiktok|steam|github|x)|insta(?:gram)?|skype|discord|snap(?:chat)?|telegram|twitter|kullanici adi|اسم المستخدم)(?![a-z])"
)
HANDLE = re.compile(r"(?<![\w.@])@[a-z0-9_][\w.]{2,30}(?![\w@])")
# What follows the cue in a complaint rather than a secret.
STATE = frozenset(
    "idem pourquoi comment quand combien merci help svp voila voici rien jai nom date prenom celui meme ceux oublie oubliee perdu inconnu incorrect incorrecte invalide invalides errone erronee errones expire refuse refusee trop court faible "
    "temporaire provisoire jamais pas bloque bloquee invalide non valide valable vide manquant requis obligatoire absent different identique "
    "change modifie reinitialise reinitialiser renvoye recu envoye accepte correct bon mauvais faux nouveau ancien meme toujours illisible "
    "forgotten wrong incorrect invalid expired lost reset olvidada incorrecta errada esquecida inexistant introuvable rejete desactive voir neant aucun "
    "et ou mais car pour que qui quand je tu il elle on nous vous le la les un une des de du au aux ne en dans sur par avec sans si ni ce cette mon ma mes votre vos est sont "
    "plusieurs impossible bien deja encore aussi tres trop plus moins tout tous complique compliquee indispensable inchange inchangee confidentiel masque visible reconnu reconnue utilise "
    "minimum maximum douze huit dix 8 10 12 16 14 caracteres france franceconnect ameli impots the a an to and or not is no my your".split()
)

VERDICT = frozenset(
    "oublie oubliee perdu inconnu incorrect incorrecte invalide invalides errone erronee expire refuse refusee trop court faible temporaire provisoire bloque manquant requis obligatoire "
    "forgotten wrong invalid expired passe mot identifiant champ connexion erreur password login mdp different differents identiques identique minimum caracteres reinitialiser valider suivant".split()
)


# "quel mot de passe voulez-vous", "changez-le": a verb and whom it is about.
SPOKEN = re.compile(r"^[a-zà-ÿ]{3,}-(?:vous|tu|il|elle|on|nous|moi|le|la|les|lui|y|en)$")


def solid(value: str) -> bool:
    """Letters with digits or symbols inside: nobody writes that but a secret or a name of account."""
    body = value.rstrip(".!?…")
    if SPOKEN.search(body):
        return False
    letters = any(map(str.isalpha, body))
    digits = any(map(str.isdigit, body))
    return len(body) >= 4 and letters and (digits or re.search(r"\w[_#@$!%*&+=.\-]+\w", body) is not None)


def strip(value: str) -> str:
    """Without the punctuation of the sentence."""
    return value.rstrip(".,;:?…)]")


AFTER_LINK = re.compile(LINK + r"(?:" + QUOTED + r"|" + VALUE + r")")


def is_product(value: str) -> bool:
    """Software rather than a person: "utilisateur windows11" names a machine, not a person."""
    return flags()[value.rstrip("0123456789.-!")] & OTHER != 0


# "login gdelmas ou gdelmas12": two tries of the same thing.
OTHER_TRY = re.compile(r"\s?(?:\s(?:ou|et|or|puis|o|oder|and)\s|[,/|;]\s?|\s)([^\s«»\"“”(),;]{4,40})")


def announced(page: Page, cue: re.Pattern[str], kind: str) -> Iterator[Span]:
    """What follows a cue, and what is given as another try of it."""
    for start, end, found in first_tries(page, cue, kind):
        yield start, end, found
        other = OTHER_TRY.match(page.low, end)
        if other is not None and solid(value := strip(other.group(1))):
            yield other.start(1), other.start(1) + len(value), kind


def is_account(page: Page, value: str) -> bool:
    """A word of no language beside a user name's cue, where a password is spoken of too: "login gdelmas mdp …"."""
    paired = not page.words.isdisjoint(PAIRED) or PAIRS[0] <= page.words
    return len(value) >= 5 and value.isalpha() and not flags().get(value, 0) and paired


def stands_alone(page: Page, cue: str, start: int, value: str, kind: str) -> bool:
    """A word right after its cue, when it is no language's or when a second one vouches: "identifiants mdurand et Poisson12"."""
    if kind == "USERNAME" and is_account(page, value):
        return True
    other = OTHER_TRY.match(page.low, start + len(value))
    vouched = other is not None and "iden" in cue and solid(strip(other.group(1)))
    return vouched and len(value) >= 4 and not is_ordinary(value)


def is_phrase(value: str, link: str) -> bool:
    """A sentence in quotation marks that "était" announces: some take one for a password."""
    return len(value.split()) > 3 and re.search(r"etait|c'est|serait", link) is not None


def first_tries(page: Page, cue: re.Pattern[str], kind: str) -> Iterator[Span]:
    low = page.low
    for m in cue.finditer(low):
        found = AFTER_LINK.match(low, m.end())
        if found is None:
            continue
        link = low[m.end() : found.start(1) if found.group(1) else found.start(2)]
        told = re.search(r"est|etait|:|=|->|→|\bc\b|\bes\b|\bist?\b|was|mis|tape|mets|sera|soit|هي", link) is not None
        quoted = found.group(1) is not None
        group = 1 if quoted else 2
        value = strip(found.group(group))
        start = found.start(group)
        if "\x01" in value or not value:
            continue
        first = value.split()[0]
        if quoted:
            blank = (
                not link.strip(" «\"“'")
                and VERDICT.isdisjoint(value.split())
                and len(value.split()) > 1
                and kind == "PASSWORD"
            )
            if (
                (told or solid(value) or blank)
                and (first not in STATE or is_phrase(value, link))
                and (
                    blank
                    or solid(value)
                    or (kind == "PASSWORD" and len(value.split()) <= 3 and "incorrect" not in value)
                    or is_phrase(value, link)
                    or not is_ordinary(first)
                )
            ):
                yield start, start + len(value), kind
        elif (
            solid(value)
            and first not in STATE
            and not (kind == "USERNAME" and is_product(value))
            and not re.match(r"\d{1,2}[/h:]|https?:|.*\.gouv\.|franceconnect|[\w-]+\.(?:fr|com|net|org|eu)$", value)
        ):
            yield start, start + len(value), kind
        elif told and first not in STATE and len(value) >= 3 and not value.isdigit() and any(map(str.isalnum, value)):
            # A bare word needs a plain "c'est", ":" or "était" before it, and not to be a verdict ("est refusé").
            if re.search(r":|=|c'est|cest|etait|\bc\b|j'ai mis|tape|mets", link) and (
                kind == "PASSWORD"
                or not is_ordinary(value)
                or (low[max(0, m.start() - 4) : m.start()] == "mon " and "est" in link)
            ):
                if (
                    not re.search(r"(?:e|ee|es|ant|able|ement|er|ir)$", value)
                    or not is_ordinary(value)
                    or "etait" in link
                    or "c'est" in link
                ):
                    yield start, start + len(value), kind
            elif not is_ordinary(value) and len(value) >= 4:
                yield start, start + len(value), kind
        elif not link.strip() and first not in STATE and stands_alone(page, m.group(), start, value, kind):
            yield start, start + len(value), kind


def former(page: Page) -> Iterator[Span]:
    """The cue and the secret stand a clause apart: "mot de passe oublié, l'ancien était …"."""
    low = page.low
    for cue in PASSWORD.finditer(low):
        for m in FORMER.finditer(low, cue.end(), cue.end() + 120):
            words = re.match(
                r"[«\"]?\s?(\S{3,40})(?:\s(\S{4,20})(?=\s(?:avec|et|mais|sans|donc)\b))?", low[m.end() : m.end() + 70]
            )
            if words and words.group(1) not in STATE and (m.group().rstrip().endswith(("etait", "est", ":"))):
                value = strip(words.group().lstrip('«" '))
                lead = len(words.group()) - len(words.group().lstrip('«" '))
                if value and (
                    solid(value) or "etait" in m.group() or ("c'est" in m.group() and not is_ordinary(value))
                ):
                    yield m.end() + lead, m.end() + lead + len(value), "PASSWORD"


BEFORE = re.compile(
    r"(?<!\S)[«\"“(]?([^\s«»\"“”(),;]{4,40})[»\"”)]?\s(?:comme|en|pour|as|est mon|etait mon|c'est mon|is my|como)\s(?:mon\s|nouveau\s)?(mot de passe|mdp|password|pass|code secret|contrasena|senha|login|identifiant|pseudo|username)(?![a-z])"
)
SENTENCE = re.compile(r"\n|[.?!](?=\s)")


DIGIT = re.compile(r"\d")


def mixed(word: str) -> bool:
    """Letters, figures, and a symbol or both cases: a secret wherever it stands."""
    letters = any(map(str.isalpha, word))
    if len(word) < 6 or not letters or not any(map(str.isdigit, word)) or re.match(r"https?:|www|\d+[/:h€%]", word):
        return False
    return any(not c.isalnum() and c not in "-./'’:" for c in word) or (
        word != word.lower() and word != word.upper() and not word[1:].islower()
    )


def near(page: Page) -> Iterator[Span]:
    """A secret a few words after its announcement: "le mot de passe que vous m'avez envoyé (T8x!qZ2m)"."""
    for cue in PASSWORD.finditer(page.low):
        stop = SENTENCE.search(page.low, cue.end(), cue.end() + 80)
        limit = min(cue.end() + 80, stop.end() if stop else len(page.low))
        for m in re.finditer(r"[^\s«»\"“”(),;\x01]{6,40}", page.text[cue.end() : limit]):
            word = m.group().rstrip(".:?…")
            if (mixed(word) or NICKNAMED.fullmatch(word.lower())) and not is_product(word.lower()):
                yield cue.end() + m.start(), cue.end() + m.start() + len(word), "PASSWORD"
    for m in BEFORE.finditer(page.low):
        if solid(m.group(1)):
            yield m.start(1), m.end(1), "PASSWORD" if m.group(2)[:2] in ("mo", "md", "pa", "co", "se") else "USERNAME"


# What nobody writes but as a secret, anywhere in a comment that speaks of one: "Bichon1962!", "Soleil*1957".
UNMISTAKABLE = re.compile(
    r"(?<![\w@/.:+-])[^\W\d_]{3,20}(?:[-_.]?\d{2,8}[!*#$@+&%?]{1,3}|[*#$@!&%+]{1,2}\d{2,8}[^\W\d_]{0,6}[!*#$]{0,2})(?=[\s,;.)»\"]|$)"
)


def unmistakable(page: Page) -> Iterator[Span]:
    for m in UNMISTAKABLE.finditer(page.low):
        if not is_product(m.group().rstrip("!*#$@+&%?")):
            yield *m.span(), "PASSWORD"


# "felix07", a few words after "mot de passe".
NICKNAMED = re.compile(r"[a-z]{4,16}[-_.*]?\d{2,6}")
TYPED_WORDS = frozenset("note notee tape tapes tapee saisi saisis rentre rentres entre essaye essaie mets mis".split())
TYPED = re.compile(
    r"(?<![a-z])(?:tape|tapee|not[eé]e?|saisi|saisis|rentre|entre|essaye|essaie|mets|mis)\s[«\"“]?\s?((?=[^\W\d_]{3})[\w.@!$#*+-]{6,30})"
)


def typed(page: Page) -> Iterator[Span]:
    """What somebody says they typed, when no word is spelled like it: "j'ai tapé Soleil44! puis soleil44!"."""
    for m in TYPED.finditer(page.low):
        value = strip(m.group(1)).rstrip("!")
        if not solid(value) or len(DIGIT.findall(value)) < 2 or is_product(value):
            continue
        yield m.start(1), m.start(1) + len(value), "PASSWORD"
        other = OTHER_TRY.match(page.low, m.end())
        if other is not None and solid(again := strip(other.group(1)).rstrip("!")):
            yield other.start(1), other.start(1) + len(again), "PASSWORD"


CODE_WORD = re.compile(r"(?<![a-z])code\s{1,2}((?=[a-z]{3,})[a-z]{3,20}\d{1,6}[!?*#]?)(?![\w])")


PAIRED = frozenset("mdp password pass pwd".split())
SECRET_WORDS = frozenset(
    "acces pass mdp password passwd passwort pwd code codes secret secrete senha contrasena parola sifre haslo كلمة phrase identifiants mot2passe mots2passe".split()
)
# Words that only announce a secret together: "mot de passe", "mes accès".
PAIRS = (
    frozenset({"mot", "passe"}),
    frozenset({"mots", "passe"}),
    frozenset({"mots", "passes"}),
    frozenset({"mot", "passes"}),
    frozenset({"mot", "pass"}),
    frozenset({"mes", "acces"}),
)
ACCOUNT_WORDS = frozenset(
    "sous compte connecte connectee logue identifiant identifiants ident login log pseudo pseudos pseudonyme username user userid utilisateur usager nick nickname id usuario utilizador instagram insta facebook skype discord snap snapchat twitter telegram tiktok steam github signal messenger viber twitch linkedin kullanici اسم".split()
)


DOTTED = re.compile(r"(?<![\w.@/:-])([a-z]{1,14})\.([a-z]{4,20})\d{0,4}(?![\w@/-]|\.\w)")


def dotted(page: Page) -> Iterator[Span]:
    """An initial or a first name, a dot, a surname: "i.bouzidi", as accounts are named."""
    for m in DOTTED.finditer(page.low):
        first, last = flags().get(m.group(1), 0), flags().get(m.group(2), 0)
        if last & LAST and not last & WORDY and (len(m.group(1)) == 1 or first & (FIRST | WORDY) == FIRST):
            yield *m.span(), "USERNAME"


UNDERSCORED = re.compile(r"(?<![\w.@/:\\-])[a-z0-9]+(?:_[a-z0-9]+)+(?![\w@/\\-]|\.\w)")
# The cue is far from its value, and a colon tells: "mon pseudo sur le forum d'aide : Papy_Lulu42".
FAR = re.compile(r"(?<![a-z])(?:pseudo(?:nyme)?|identifiant|login)\s[^.!?\n:]{3,30}\s?:\s?([\w.-]{4,30})")


def underscored(page: Page) -> Iterator[Span]:
    """A name among words that underscores tie: "fred_picardie80", and no "piece_jointe_3"."""
    for m in UNDERSCORED.finditer(page.low):
        parts = [flags()[part.rstrip("0123456789")] for part in m.group().split("_")]
        if any(part & (FIRST | LAST) and not part & WORDY for part in parts):
            yield *m.span(), "USERNAME"


def far(page: Page) -> Iterator[Span]:
    for m in FAR.finditer(page.low):
        if solid(m.group(1)) and not is_product(m.group(1)):
            yield *m.span(1), "USERNAME"


def passwords(page: Page) -> Iterator[Span]:
    yield from announced(page, PASSWORD, "PASSWORD")
    yield from former(page)
    yield from near(page)
    yield from unmistakable(page)
    for m in CODE_WORD.finditer(page.low):
        if not re.search(r"erreur|http", m.group()):
            yield m.start(1), m.end(1), "PASSWORD"


def accounts(page: Page) -> Iterator[Span]:
    if not page.words.isdisjoint(ACCOUNT_WORDS):
        yield from announced(page, USERNAME, "USERNAME")
        if ":" in page.chars:
            yield from far(page)
    if "_" in page.chars:
        yield from underscored(page)
    if any(part[:1].isalpha() for part in page.low.split(".")[1:]):
        yield from dotted(page)
    if "@" in page.chars:
        for m in HANDLE.finditer(page.low):
            if not is_ordinary(m.group()[1:]):
                yield m.start(), m.end(), "USERNAME"


def find(page: Page) -> Iterator[Span]:
    words = page.words
    told = not words.isdisjoint(SECRET_WORDS) or any(pair <= words for pair in PAIRS) or "m.d.p" in page.low
    if told or ("passe" in words and PASSED.search(page.low)):
        yield from passwords(page)
    if page.digits:
        yield from codes(page)
        if not words.isdisjoint(TYPED_WORDS):
            yield from typed(page)
    yield from accounts(page)

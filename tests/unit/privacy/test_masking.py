# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""Promise 3: personal data in free text is masked before anything is kept."""

import ast
import json
import string
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.privacy import find, mask
from collector.privacy.masking import LABELS
from tests.unit.privacy.comments import halves

ROOM = Path(__file__).parents[3] / "collector" / "privacy"
FRAGMENTS = (
    "je m'appelle ", "Karim Benali", " né le 12/03/1978", "Mme ", "06 12 34 56 78", "1 84 12 76 451 089 46", "@", "jean.dupont@free.fr", " dossier n° ",
    "2024-XX-18273", "12 rue des Lilas 75020 Paris", "mot de passe : ", "Azerty123!", "\n", "Cordialement,\n", " ", ".", ",", "[nom]", "[", "]", "FR76 ",
    "AB-123-CD", "https://x.fr/?token=8fA2kLq9", "é", "\u0301", "\u200b", "\xa0", "٠٦", "０６", "عبد القادر", "Nguyễn", "\x00", "\ud800", "J.-P. ", "pseudo ",
)  # fmt: skip
comments = st.one_of(st.text(), st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Je suis Karim Benali, rappelez-moi au 06 12 34 56 78", "Je suis [nom], rappelez-moi au [téléphone]"),
        ("né le 3 août 1990 à Tarbes", "né le [date de naissance] à Tarbes"),
        ("mon mail jeanne.darcel@gmail.com", "mon mail [e-mail]"),
        ("n° sécu 1 84 12 76 451 089 46", "n° sécu [n° de sécurité sociale]"),
        ("IBAN FR14 2004 1010 0505 0001 3M02 606", "IBAN [IBAN]"),
        ("carte 4970 1012 3456 7893 refusée", "carte [carte bancaire] refusée"),
        ("plaque AB-123-CD", "plaque [plaque]"),
        ("mot de passe : Azerty123!", "mot de passe : [mot de passe]"),
        ("login : nadou974", "login : [identifiant]"),
        ("j'habite 12 rue des Lilas 75020 Paris", "j'habite [adresse]"),
        ("bloqué depuis 176.158.44.9", "bloqué depuis [adresse IP]"),
        ("https://x-exemple.fr/reset?token=8fA2kLq91Z expiré", "[lien] expiré"),
        ("dossier 2024-XX-18273", "dossier [numéro]"),
    ],
)
def test_a_mask_says_in_the_readers_words_what_it_hides(written: str, kept: str) -> None:
    assert mask(written).text == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("camara idris 18/11/98 et moi", "[nom] [date de naissance] et moi"),
        ("la carte dit 12-JUN-1949", "la carte dit [date de naissance]"),
        ("moi c'est le 4 mars 1971", "moi c'est le [date de naissance]"),
        ("compteur 19447182003315 inconnu", "compteur [numéro] inconnu"),
        ("ma demande A69-778120 dort", "ma demande [numéro] dort"),
        ("CPF 529.982.247-25", "CPF [numéro]"),
        ("nimiro dyalo 7603 99 4182", "nimiro dyalo [numéro]"),
        ("saisine en ligne du 22 mars (réf CDJ-24-11873)", "saisine en ligne du 22 mars (réf [numéro])"),
        ("Merci à Mme Juillet, pas à juillet", "Merci à Mme [nom], pas à juillet"),
        ("Merci de corriger. Clémence D.", "Merci de corriger. [nom]"),
    ],
)
def test_an_old_day_or_a_long_number_that_nothing_explains_is_somebodys(written: str, kept: str) -> None:
    assert mask(written).text == kept


@pytest.mark.parametrize(
    "comment",
    [
        "la loi du 6 janvier 1978 et l'ordonnance du 2 février 1945",
        "mariés le 18/06/1998, divorcés le 3 mai 2004",
        "le collège du 19 mars 1962, place du 8 mai 1945",
        "rendez-vous du 12.04.2024, version 17.4.1.2, build 19045",
        "erreur 0x80070057 puis erreur S21.G00.30.001",
        "écran 1920x1080, mise à jour KB5034123, colis 8R41209977315",
        "Cerfa 12485*04, notice 51201#03, norme ISO/IEC 19794-5, article L. 1234-9",
        "SIRET 80295478500028, ou sans rien dire 13002526500013",
        "250000 euros, 120000 habitants, année 2024-2025, 8h30-12h",
        "Cour d'appel, 12 septembre 2019, n° 17/04412",
        "l'arrêt CE n° 420788, l'arrêt 21-18.442, bâtiment Colbert, aile Richelieu",
        "ni Pierre ni Paul, quel mot de passe voulez-vous ?",
        "1ère immat 17/09/2009, photo IMG_20240412_093217.jpg refusée",
        "Il en faut. Patience",
        "le 0806000126 ne répond pas, le 0 892 70 12 39 non plus",
        "75011 75012 confondus, années 2021 2022 2023, 125 000 000 euros",
    ],
)
def test_what_explains_itself_is_left_alone(comment: str) -> None:
    assert mask(comment).text == comment


@pytest.mark.parametrize(
    "comment",
    [
        "le formulaire Cerfa 13750*05 plante à l'étape 3/5",
        "article L311-1 du CRPA, loi n° 78-17 du 6 janvier 1978",
        "1 284,37 € versés le 05/02/2024, soit 8 jours de retard",
        "J'ai appelé le 3939 puis le 0 809 401 401",
        "Le lycée Jules Ferry et la Marine nationale",
        "Mot de passe oublié : le lien ne fait rien",
        "je suis Charlie, Mme Michu et le Père Noël aussi",
        "Chrome 120.0.6099.71, 127.0.0.1:8080, erreur 503",
        "Procédure claire, bandeau rose, bâtiment en pierre",
        "https://www.service-public.fr/particuliers/vosdroits/F1050",
    ],
)
def test_what_names_nobody_stays_whole(comment: str) -> None:
    assert mask(comment).text == comment


def test_a_finding_holds_its_kind_and_length_only() -> None:
    (finding,) = mask("merci Fatoumata").findings
    assert finding.__struct_fields__ == ("kind", "length")
    assert (finding.kind, finding.length) == ("NAME", 9)


@given(comments)
@settings(max_examples=300, deadline=None)
def test_masking_a_masked_comment_changes_nothing(comment: str) -> None:
    once = mask(comment)
    twice = mask(once.text)
    assert (twice.text, twice.findings) == (once.text, ())


@pytest.mark.parametrize("half", [0, 1], ids=["tuning", "validation"])
def test_every_labelled_comment_is_settled_after_two_or_three_readings(half: int) -> None:
    for comment in halves()[half]:
        once = mask(comment.text)
        # A comment that never settles is masked whole, which counts its text twice.
        assert sum(finding.length for finding in once.findings) <= len(comment.text)
        assert mask(once.text).text == once.text


def test_a_mask_is_not_masked_again() -> None:
    comment = "mot de passe oublié, l'ancien était [mot de passe] avec un espace, signé [nom]"
    assert mask(comment).text == comment


@given(comments)
@settings(max_examples=300, deadline=None)
def test_any_text_gets_sorted_spans_inside_it(comment: str) -> None:
    last = 0
    for start, end, kind in find(comment):
        assert last <= start < end <= len(comment)
        assert kind in LABELS
        last = end


@given(st.text(alphabet=string.ascii_lowercase + " ,.\n", max_size=200))
@settings(max_examples=100, deadline=None)
def test_without_figures_nothing_is_called_a_number(comment: str) -> None:
    assert not {kind for _, _, kind in find(comment)} & {"NIR", "IBAN", "CARD", "IP"}


@given(st.text(alphabet="0123456789 .,", max_size=60))
@settings(max_examples=100, deadline=None)
def test_figures_alone_are_never_a_name(comment: str) -> None:
    assert not {kind for _, _, kind in find(comment)} & {"NAME", "EMAIL", "USERNAME", "PASSWORD"}


@pytest.mark.parametrize(
    "hard",
    [
        "\ud800\udfff" * 50,
        "\x00" * 500,
        "e" + "\u0301" * 4000,
        "\u200b" * 4000,
        "İ" * 500,
        "ﬁ" * 500,
        "\u202e" + "a" * 100,
        "🙏🏽" * 300,
    ],
    ids=["surrogates", "nul", "accents", "zero-width", "growing", "ligatures", "right-to-left", "emoji"],
)
def test_strange_unicode_neither_raises_nor_changes(hard: str) -> None:
    assert mask(hard).text == hard


@pytest.mark.parametrize(
    "unit",
    ["1", "12 ", "@", "A", "a.a.", " ", "[", "(", "a-", "A1-", "a@", "1.", "1:", "FR76 ", "né le ", "Mme ", "12 rue de la ", "un deux ", "mdp : « ", "http://", "a at ", "n° ", "06 ", "\n", "'", "a point "],
)  # fmt: skip
def test_a_hostile_comment_costs_time_in_proportion_to_its_length(unit: str) -> None:
    short, long = (unit * 5000)[:1250], (unit * 5000)[:5000]
    mask(short)
    before = time.process_time()
    for _ in range(4):
        mask(short)
    middle = time.process_time()
    mask(long)
    after = time.process_time()
    # Four times the text in about the time of four texts; the constant forgives a busy machine.
    assert after - middle <= 4 * (middle - before) + 0.25


def test_each_library_has_one_door_and_no_framework_enters() -> None:
    doors: dict[str, set[str]] = {}
    for path in ROOM.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            for name in names:
                doors.setdefault(name.split(".")[0], set()).add(path.name)
    for banned in ("litestar", "aiosqlite", "psycopg", "sqlite3", "redis"):
        assert banned not in doors
    for library in ("stdnum", "phonenumbers"):
        assert len(doors[library]) == 1


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("tel ０６１２３４５６７９", "tel [téléphone]"),
        ("tel ٠٦ ١٢ ٣٤ ٥٦ ٧٩", "tel [téléphone]"),
        ("tel 06\u200b12\u200b34\u200b56\u200b79", "tel [téléphone]"),
        ("je m'appelle He\u0301le\u0300ne Mare\u0301chal", "je m'appelle [nom]"),
        ("NIR : 1\xa055\xa006\xa0971\xa085\xa0118\xa025", "NIR : [n° de sécurité sociale]"),
    ],
)
def test_a_value_is_found_however_its_characters_are_encoded(written: str, kept: str) -> None:
    assert mask(written).text == kept


def test_nothing_of_the_development_corpus_that_is_masked_can_be_read_again() -> None:
    corpus = Path(__file__).parents[4] / "shared" / "data" / "pii" / "dev.jsonl"
    if not corpus.exists():
        pytest.skip("the development corpus is not beside the repository")
    gold = [json.loads(line) for line in corpus.read_text(encoding="utf-8").splitlines() if line]
    for record in gold:
        kept = mask(record["text"]).text
        for span in record["spans"]:
            value = record["text"][span["start"] : span["end"]]
            if not span["optional"] and span["type"] in ("EMAIL", "NIR", "IBAN", "CARD", "URL", "IP"):
                assert value not in kept

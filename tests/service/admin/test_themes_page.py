"""What people write about: themes and recurring words on a page and in a file, with examples that lead to reviews."""

import csv
import io
import re
from datetime import datetime, timedelta

import pytest

from collector.storage import Storage
from tests import history
from tests.conftest import NOON
from tests.service.admin.conftest import People
from tests.service.test_search import index

BASE = "/admin/demarches/passeport"
LATELY, EARLIER = NOON - timedelta(days=2), NOON - timedelta(days=100)


async def write(
    people: People, storage: Storage, moment: datetime, text: str, satisfaction: str = "bad", *, times: int = 40
) -> None:
    place = people.passeport
    answers = {"satisfaction": satisfaction, "verbatim": text}
    await history.given(storage, place.procedure, place.placement, moment, answers, times=times)


async def filled(people: People, storage: Storage) -> None:
    """Payments are refused lately; before, people waited."""
    await write(people, storage, EARLIER, "Trop d'attente au guichet")
    await write(people, storage, LATELY, "Le Paiement est refusé")
    await write(people, storage, LATELY, "Bravo à l'équipe", "good")
    await write(people, storage, LATELY, "Un bidulotron", times=2)
    await index(storage)


def cards(text: str, title: str) -> list[str]:
    """The words that a list of the page names."""
    section = text[text.index(f">{title}<") :]
    return re.findall(r"<h3><a [^>]*>([^<]*)</a></h3>", section[: section.index("</section>")])


async def test_the_page_names_themes_and_words_with_examples_that_lead_to_reviews(
    people: People, storage: Storage
) -> None:
    await filled(people, storage)
    text = (await people.rachel.get(f"{BASE}/themes")).text
    assert "82 commentaires" in text
    assert "40 commentaires" in text
    payment = text[text.index('<th scope="row">Paiement et coût') :]
    payment = payment[: payment.index("</tr>")]
    assert "48 %" in payment
    assert "en hausse" in payment
    assert set(cards(text, "Plus dits qu&#39;avant")) == {"paiement", "refusé", "bravo", "équipe"}
    assert set(cards(text, "Moins dits qu&#39;avant")) == {"attente", "guichet"}
    assert set(cards(text, "Chez les insatisfaits, plus que chez les satisfaits")) == {"paiement", "refusé"}
    assert set(cards(text, "Chez les satisfaits, plus que chez les insatisfaits")) == {"bravo", "équipe"}
    assert text.count('<li lang="fr">Le Paiement est refusé</li>') == 4, "once for each word, however many sent it"
    assert "bidulotron" not in text, "two people are too few"
    leads = re.search(r'<h3><a href="([^"]*satisfaction=bad)">paiement', text)
    assert leads
    found = (await people.rachel.get(leads[1].replace("&amp;", "&"))).text
    assert found.count("<blockquote") == 40


async def test_the_file_has_what_the_page_has(people: People, storage: Storage) -> None:
    await filled(people, storage)
    answer = await people.rachel.get(f"{BASE}/themes.csv?mois=3")
    assert answer.headers["content-type"].startswith("text/csv")
    assert 'filename="passeport-themes-2026-01-2026-03.csv"' in answer.headers["content-disposition"]
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert head[:3] == ["Tableau", "Thème ou mot", "Commentaires"]
    payment = next(row for row in rows if row[1] == "Paiement et coût")
    assert payment[2:6] == ["40", "48%", "0%", "0,0"]
    assert payment[8] == "en hausse"
    assert ["Plus dits qu'avant", "paiement", "40"] in [row[:3] for row in rows]
    assert (await people.rachel.get(f"{BASE}/themes.csv?mois=7")).status_code == 400


async def test_what_is_asked_for_is_kept_and_what_cannot_be_is_said(people: People, storage: Storage) -> None:
    empty = await people.rachel.get(f"{BASE}/themes?mois=1")
    assert "Aucun commentaire sur cette période" in empty.text
    assert '<option value="1" selected>' in empty.text
    assert '<option value="3" selected>' in (await people.rachel.get(f"{BASE}/themes")).text
    wrong = await people.rachel.get(f"{BASE}/themes?mois=7")
    assert wrong.status_code == 422
    assert 'id="mois-error"' in wrong.text


async def test_few_comments_are_shown_and_not_compared(people: People, storage: Storage) -> None:
    await write(people, storage, LATELY, "Le paiement est refusé", times=5)
    await index(storage)
    text = (await people.rachel.get(f"{BASE}/themes")).text
    assert "trop peu pour comparer" in text
    assert "Aucun mot" in text
    assert "<h3><a" not in text


async def test_a_procedure_s_words_are_its_own(people: People, storage: Storage) -> None:
    await filled(people, storage)
    text = (await people.samir.get("/admin/demarches/permis/themes")).text
    assert "Aucun commentaire" in text
    assert "paiement" not in text


@pytest.mark.parametrize("span", ["1", "3", "12"])
async def test_a_long_comment_is_shown_around_its_word(people: People, storage: Storage, span: str) -> None:
    far = "mot " * 60
    await write(people, storage, LATELY, f"{far}paiement {far}")
    await write(people, storage, LATELY, "Bravo", "good")
    await index(storage)
    text = (await people.rachel.get(f"{BASE}/themes?mois={span}")).text
    shown = re.search(r'<li lang="fr">(… [^<]* …)</li>', text)
    assert shown
    assert "paiement" in shown[1]
    assert len(shown[1]) < 220

"""Operations beside reviews, for an owner: a file is tried, brought in, taken back; rates, delays, channels read."""

import html
import re
from datetime import timedelta

import pytest
from httpx import Response

from collector.storage import Storage
from collector.storage.journal import Search
from tests.conftest import MovableClock, broken
from tests.history import given
from tests.service.admin.conftest import SAME_SITE, Browser, People

BASE = "/admin/demarches/passeport/exploitation"
HEAD = "date;channel;started;completed;delay_days_median"
MARCH = f"{HEAD}\n2026-03-10;online;120;100;2,5\n2026-03-10;counter;;100;2,5\n"
GOOD, BAD = {"satisfaction": "good"}, {"satisfaction": "bad"}


async def bring(who: Browser, text: str, move: str = "import", **more: str) -> Response:
    return await who.post(BASE, {"text": text, "move": move, **more})


async def page_of(who: Browser, query: str = "") -> str:
    """As somebody reads it: without tags."""
    text = re.sub(r"<[^>]+>", " ", html.unescape((await who.get(BASE + query)).text))
    return " ".join(text.split())


async def rated(storage: Storage, people: People, clock: MovableClock, days: int, good: int, bad: int) -> None:
    place, moment = people.passeport, clock() - timedelta(days=days)
    await given(storage, place.procedure, place.placement, moment, GOOD, times=good)
    await given(storage, place.procedure, place.placement, moment, BAD, times=bad)


async def test_a_file_is_tried_then_brought_in_then_taken_back(people: People, storage: Storage) -> None:
    assert "Aucune donnée d’exploitation" in await page_of(people.bruno)
    tried = await bring(people.bruno, MARCH, "check")
    assert tried.status_code == 200
    assert "Essai, rien n’est enregistré : 2 lignes à ajouter" in tried.text
    assert "2026-03-10;counter;;100;2,5" in tried.text, "what was pasted stays, to be imported"
    assert await storage.operations.last_day(people.passeport.procedure) is None
    done = await bring(people.bruno, MARCH)
    assert done.headers["location"] == f"{BASE}?fait=operations-imported"
    assert "200 démarches achevées" in await page_of(people.rachel)
    again = await bring(people.bruno, MARCH)
    assert again.headers["location"] == f"{BASE}?fait=operations-same"
    at = re.search(r'name="at" value="([^"]+)"', (await people.bruno.get(BASE)).text)
    assert at
    assert (await people.bruno.post(f"{BASE}/annuler", {"at": html.unescape(at[1])})).status_code == 303
    assert "Aucune donnée d’exploitation" in await page_of(people.rachel)
    late = await people.bruno.post(f"{BASE}/annuler", {"at": html.unescape(at[1])})
    assert late.status_code == 409
    assert "n&#39;est plus le dernier" in late.text
    acts = [line.act for line in await storage.journal.before(Search(actor="bruno@exemple.fr"))]
    assert acts[:2] == ["operations.undo", "operations.import"]


async def test_a_file_is_uploaded_and_comes_back_as_it_is_stored(people: People) -> None:
    bruno = people.bruno
    sent = await bruno.client.post(
        BASE,
        data={"move": "import", "text": ""},
        files={"file": ("volumes.csv", MARCH.encode("cp1252"), "text/csv")},
        headers={**SAME_SITE, "Cookie": f"__Host-avis_session={bruno.token}"},
    )
    assert sent.headers["location"] == f"{BASE}?fait=operations-imported"
    file = await people.rachel.get(f"{BASE}/donnees.csv")
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="exploitation-passeport.csv"' in file.headers["content-disposition"]
    assert file.content.decode("utf-8-sig").splitlines() == [
        "procedure,date,channel,started,completed,delay_days_median",
        "passeport,2026-03-10,counter,,100,2.5",
        "passeport,2026-03-10,online,120,100,2.5",
    ]
    again = await bring(bruno, file.text)
    assert again.headers["location"] == f"{BASE}?fait=operations-same", "what was downloaded can be imported"
    assert (await people.rachel.get(f"{BASE}/donnees.csv?period=days&from=x&to=y")).status_code == 400


async def test_each_wrong_row_is_told_and_nothing_is_stored_unless_the_rest_is_wanted(
    people: People, storage: Storage
) -> None:
    text = f"{MARCH}hier;online;1;1;1\n2026-03-09;online;1;beaucoup;1\n"
    answer = await bring(people.bruno, text)
    assert answer.status_code == 422
    page = html.unescape(answer.text)
    assert "Rien n’est enregistré : 2 lignes à corriger" in page
    assert "Ligne 4, date : « hier » n'est pas une date" in page
    assert "Ligne 5, completed : « beaucoup »" in page
    assert "2026-03-09;online;1;beaucoup;1" in page, "it can be corrected where it stands"
    assert await storage.operations.last_day(people.passeport.procedure) is None
    page = html.unescape((await bring(people.bruno, text, partial="1")).text)
    assert "2 lignes ajoutées ou corrigées enregistrées, 2 lignes refusées" in page
    assert await storage.operations.last_day(people.passeport.procedure) == "2026-03-10"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Choisissez un fichier, ou collez ses lignes"),
        ("n'importe quoi", "n'est pas connue"),
        (f"procedure;{HEAD}\npermis;2026-03-10;online;1;1;1", "importez depuis sa page"),
    ],
)
async def test_what_is_no_file_of_this_procedure_is_refused_in_french(people: People, text: str, said: str) -> None:
    answer = await bring(people.bruno, text)
    assert answer.status_code == 422
    assert said in html.unescape(answer.text)


async def test_many_errors_stay_a_page_and_a_long_file_is_not_put_into_it(people: People) -> None:
    rows = "\n".join(f"{n};online;1;1;1" for n in range(5_000))
    answer = await bring(people.bruno, f"{HEAD}\n{rows}")
    assert answer.status_code == 422
    assert "… et 4\u202f900 autres." in answer.text
    assert len(answer.content) < 100_000


async def test_a_file_that_is_too_large_says_what_to_do(people: People) -> None:
    answer = await bring(people.bruno, "x" * 3_000_000)
    assert answer.status_code == 413
    assert "Coupez le fichier en plusieurs" in answer.text


async def test_the_rate_counts_the_reviews_of_days_whose_cases_are_known(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    await rated(storage, people, clock, 2, 8, 2)
    await rated(storage, people, clock, 1, 500, 0)
    await bring(people.bruno, MARCH)
    page = await page_of(people.rachel)
    assert "5,0 % 10 avis pour 200 démarches achevées" in page
    assert "mars 2026 5,0 % 10 200 50,0 %" in page
    assert "En ligne 50,0 % 100 120" in page
    assert "Au guichet 50,0 % 100 non connu" in page


async def test_a_few_cases_make_no_rate_and_elsewhere_says_until_when_there_are_data(people: People) -> None:
    await bring(people.bruno, f"{HEAD}\n2026-03-10;online;;29;\n")
    page = await page_of(people.bruno)
    assert "Pas encore de taux : il faut au moins 30 démarches achevées" in page
    assert "Aucun délai n’est importé" in page
    past = await page_of(people.bruno, "?period=days&from=2025-01-01&to=2025-01-31")
    assert "Les données importées vont jusqu’au 10 mars 2026" in past


async def test_satisfaction_by_delay_differs_only_where_the_statistics_say_so(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    rows = [
        "2026-03-11;online;;100;1",
        "2026-03-10;online;;100;5",
        "2026-03-09;online;;100;20",
        "2026-03-08;online;;9;40",
    ]
    await bring(people.bruno, "\n".join([HEAD, *rows]))
    await rated(storage, people, clock, 1, 80, 20)
    await rated(storage, people, clock, 2, 75, 25)
    await rated(storage, people, clock, 3, 30, 70)
    await rated(storage, people, clock, 4, 0, 9)
    page = await page_of(people.rachel)
    assert re.search(r"1 jour au plus 8,0 / 10 Bon [\d,]+ – [\d,]+ 100 1 référence", page)
    assert re.search(r"plus de 3 à 7 jours 7,5 / 10 Moyen [\d,]+ – [\d,]+ 100 1 pas de différence établie", page)
    assert re.search(r"plus de 14 à 30 jours 3,0 / 10 \w+ [\d,]+ – [\d,]+ 100 1 5,0 de moins", page)
    assert re.search(r"plus de 30 à 60 jours 0,0 / 10 \w+ [\d,]+ – [\d,]+ 9 1 trop peu de réponses", page)


async def test_a_reader_reads_and_does_not_import(people: People) -> None:
    await bring(people.bruno, MARCH)
    text = (await people.rachel.get(BASE)).text
    assert "Importer un fichier" not in text
    assert "Annuler cet import" not in text


@pytest.mark.parametrize("at", ["", "hier", "2026-03-10T10:00:00"])
async def test_an_import_that_is_no_instant_is_not_taken_back(people: People, at: str) -> None:
    await bring(people.bruno, MARCH)
    assert (await people.bruno.post(f"{BASE}/annuler", {"at": at})).status_code in {400, 409}


async def test_what_cannot_be_written_says_so(people: People, storage: Storage) -> None:
    async with broken(storage, "operation_import"):
        assert (await bring(people.bruno, MARCH)).status_code == 503

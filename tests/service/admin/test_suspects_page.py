"""What looks like a robot's, in the admin: seen, counted, set aside, and taken back."""

import re
from typing import Any

import pytest

from collector.storage import Storage
from collector.storage.reviews import Filter
from collector.suspicion import USUAL_WHEN_NEW, most_same_texts
from tests.conftest import MovableClock, broken, send
from tests.service.admin.conftest import People
from tests.service.test_counts import check_counts

BASE = "/admin/demarches/passeport"
SAME = {"satisfaction": "bad", "verbatim": "Service lamentable, tout est à refaire depuis le début."}
MANY = most_same_texts(USUAL_WHEN_NEW) + 1
WAVE = {"jour": "2026-03-12", "motif": "text", "etat": "suspect"}


@pytest.fixture
async def wave(people: People, clock: MovableClock) -> People:
    """The same text, many times, and one honest review."""
    for _ in range(MANY):
        await send(people.nobody.client, people.passeport.key, SAME)
    await send(people.nobody.client, people.passeport.key, {"satisfaction": "good", "verbatim": "Très simple"})
    return people


async def reviews_counted(storage: Storage, people: People) -> int:
    await check_counts(storage, people.passeport)
    return (await storage.reviews.counts(people.passeport.procedure, "2026-03-12", "2026-03-12"))["reviews"]


async def test_home_says_what_waits_and_leads_there(wave: People) -> None:
    text = (await wave.rachel.get("/admin")).text
    link = re.search(r'href="([^"]+a-verifier)">(\d+) avis à vérifier', text)
    assert link
    assert (link[1], int(link[2])) == (f"{BASE}/a-verifier", MANY)
    assert "à vérifier" not in (await wave.samir.get("/admin")).text, "not a word about others' procedures"


async def test_a_wave_says_why_it_waits_and_shows_what_it_says(wave: People) -> None:
    text = (await wave.rachel.get(f"{BASE}/a-verifier")).text
    assert f"{MANY} avis, 12 mars 2026, 12 h 00" in text
    assert "Même texte, envoyé de nombreuses fois" in text
    assert "Service lamentable" in text
    assert "Très simple" not in text
    assert "<button" not in text.partition("<main")[2].partition("</main>")[0], "a reader looks and does not decide"


async def test_the_list_of_reviews_shows_what_counts_and_the_rest_on_demand(wave: People) -> None:
    counted = (await wave.rachel.get(f"{BASE}/avis")).text
    assert "Très simple" in counted
    assert "Service lamentable" not in counted
    waiting = (await wave.rachel.get(f"{BASE}/avis?standing=suspect")).text
    assert "Service lamentable" in waiting
    assert "Très simple" not in waiting
    assert (await wave.rachel.get(f"{BASE}/avis?standing=perdu")).status_code == 422


async def test_a_manager_counts_a_whole_wave_and_takes_it_back(wave: People, storage: Storage) -> None:
    assert await reviews_counted(storage, wave) == 1
    answer = await wave.bruno.post(f"{BASE}/a-verifier", {**WAVE, "verdict": "release"})
    assert answer.headers["location"] == f"{BASE}/a-verifier?etat=suspect&fait=wave-release"
    assert await reviews_counted(storage, wave) == MANY + 1
    page = (await wave.bruno.get(answer.headers["location"])).text
    assert "comptent maintenant" in page
    assert "Rien à vérifier" in page
    assert f"{MANY} avis" in (await wave.bruno.get(f"{BASE}/a-verifier?etat=released")).text
    await wave.bruno.post(f"{BASE}/a-verifier", {**WAVE, "etat": "released", "verdict": "doubt"})
    assert await reviews_counted(storage, wave) == 1
    await wave.bruno.post(f"{BASE}/a-verifier", {**WAVE, "verdict": "confirm"})
    assert "Rien à vérifier" in (await wave.bruno.get(f"{BASE}/a-verifier")).text
    assert "avis à vérifier" not in (await wave.bruno.get("/admin")).text
    assert f"{MANY} avis" in (await wave.bruno.get(f"{BASE}/a-verifier?etat=confirmed")).text


async def test_a_manager_counts_one_of_a_wave(wave: People, storage: Storage) -> None:
    path = f"{BASE}/a-verifier?etat=suspect&jour=2026-03-12&motif=text"
    first = (await wave.bruno.get(path)).text
    one = re.search(r'action="([^"]+/a-verifier/\d+)"', first)
    assert one
    answer = await wave.bruno.post(one[1], {**WAVE, "verdict": "release"})
    assert answer.headers["location"] == f"{path}&fait=review-release"
    assert await reviews_counted(storage, wave) == 2
    again = await wave.bruno.post(one[1], {**WAVE, "verdict": "release"})
    assert again.status_code == 404
    assert "quelqu&#39;un d&#39;autre" in again.text


async def test_a_wave_is_read_on_page_by_page_and_each_review_once(wave: People) -> None:
    path, found = f"{BASE}/a-verifier?etat=suspect&jour=2026-03-12&motif=text", list[str]()
    for _ in range(3):
        text = (await wave.bruno.get(path)).text
        found += re.findall(r'action="[^"]+/a-verifier/(\d+)"', text)
        onward = re.search(r'href="([^"]+)">Avis plus anciens', text)
        if not onward:
            break
        path = onward[1].replace("&amp;", "&")
    assert len(found) == len(set(found)) == MANY


async def test_what_was_never_suspected_cannot_be_set_aside_by_a_made_up_form(wave: People, storage: Storage) -> None:
    (honest,) = await storage.reviews.before(wave.passeport.procedure, Filter())
    for verdict in ("confirm", "doubt"):
        answer = await wave.bruno.post(f"{BASE}/a-verifier/{honest.seq}", {**WAVE, "verdict": verdict})
        assert answer.status_code == 404
    assert await reviews_counted(storage, wave) == 1


@pytest.mark.parametrize("wrong", [{"verdict": "forget"}, {"motif": "humeur"}, {"jour": "hier"}, {"etat": ""}])
async def test_a_form_that_says_something_else_is_refused(wave: People, wrong: dict[str, Any]) -> None:
    for path in (f"{BASE}/a-verifier", f"{BASE}/a-verifier/1"):
        assert (await wave.bruno.post(path, {**WAVE, "verdict": "release", **wrong})).status_code == 400


async def test_an_address_that_names_no_wave_shows_them_all(wave: People) -> None:
    text = (await wave.rachel.get(f"{BASE}/a-verifier?jour=2026-01-01&motif=text&etat=nulle-part")).text
    assert f"{MANY} avis, 12 mars 2026" in text


async def test_a_verdict_that_cannot_be_written_says_so(wave: People, storage: Storage) -> None:
    async with broken(storage, "day_count"):
        answer = await wave.bruno.post(f"{BASE}/a-verifier", {**WAVE, "verdict": "release"})
        assert answer.status_code == 503
    assert await reviews_counted(storage, wave) == 1

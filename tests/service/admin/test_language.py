"""The admin in another language than French, for whoever chose it in this browser."""

from httpx import AsyncClient

from tests.service.admin.conftest import SAME_SITE, People


async def test_whoever_chooses_english_reads_english_on_the_same_page(people: People) -> None:
    path = f"/admin/demarches/{people.passeport.procedure.slug}?periode=30j"
    assert '<html lang="fr">' in (await people.bruno.get(path)).text
    answer = await people.bruno.post("/admin/langue", {"langue": "en", "retour": path})
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    cookie = answer.headers["set-cookie"]
    assert {"avis_langue=en", "HttpOnly", "Path=/admin", "SameSite=lax"} <= set(cookie.split("; "))
    people.bruno.language = "en"
    english = (await people.bruno.get(path)).text
    assert '<html lang="en">' in english
    assert "My procedures" in english
    assert "Mes démarches" not in english
    back = await people.bruno.post("/admin/langue", {"langue": "fr", "retour": path})
    assert "avis_langue=fr" in back.headers["set-cookie"]
    people.bruno.language = "fr"
    assert "Mes démarches" in (await people.bruno.get(path)).text


async def test_an_error_speaks_the_chosen_language_too(client: AsyncClient) -> None:
    cookies = {"Cookie": "avis_langue=en"}
    assert "This page does not exist" in (await client.get("/admin/nulle-part", headers=cookies)).text
    typed = {"email": "a@b.fr", "password": "x"}
    wrong = await client.post("/admin/connexion", data=typed, headers={**cookies, **SAME_SITE})
    assert "does not match" in wrong.text


async def test_nobody_is_sent_elsewhere_or_to_a_language_that_is_none(people: People) -> None:
    answer = await people.bruno.post("/admin/langue", {"langue": "en", "retour": "https://elsewhere.example/"})
    assert answer.headers["location"] == "/admin"
    assert (await people.bruno.post("/admin/langue", {"langue": "xx", "retour": "/admin"})).status_code == 400
    people.bruno.language = "xx"
    assert '<html lang="fr">' in (await people.bruno.get("/admin")).text

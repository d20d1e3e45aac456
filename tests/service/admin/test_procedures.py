"""Create a procedure, show it in a page, change it, close it: and every way in which a form can be wrong."""

from typing import Any

import pytest
from pypdfium2 import PdfDocument

from collector.storage import Storage
from tests.conftest import GOOD, MovableClock, send
from tests.service.admin.conftest import People, signed_in

FORM: dict[str, Any] = {
    "title": "Demander une carte d'identité",
    "slug": "",
    "organisation": "Agence des titres",
    "ministry": "",
    "audiences": ["individuals", "agents"],
    "origins": "https://cni.exemple.fr\nautre.exemple.fr/page",
}


async def test_an_organisations_manager_creates_a_procedure_manages_it_and_is_led_to_its_snippet(
    people: People, storage: Storage
) -> None:
    place = f"organisation/{people.other.procedure.organisation_id}"
    response = await people.oscar.post("/admin/nouvelle-demarche", {**FORM, "place": place, "organisation": "Autre"})
    assert response.status_code == 303
    place = response.headers["location"]
    assert place.startswith("/admin/demarches/demander-une-carte-d-identite/emplacements/")
    assert place.endswith("?fait=procedure-created")
    made = await storage.catalogue.procedure("demander-une-carte-d-identite")
    assert made
    assert (made.title, made.organisation, made.ministry, made.state) == (
        "Demander une carte d'identité",
        "Agence des titres",
        "Intérieur",
        "open",
    )
    assert made.audiences == ("individuals", "agents")
    assert made.origins == ("https://cni.exemple.fr", "https://autre.exemple.fr")
    assert (await people.oscar.get(place)).status_code == 200
    assert (await people.oscar.get("/admin/demarches/demander-une-carte-d-identite/reglages")).status_code == 200
    assert (await people.bruno.get(place)).status_code == 404


async def test_nobody_creates_a_procedure_in_an_organisation_of_others(people: People, storage: Storage) -> None:
    mine, theirs = people.other.procedure.organisation_id, people.passeport.procedure.organisation_id
    shown = (await people.oscar.get("/admin/nouvelle-demarche")).text
    assert f'value="organisation/{mine}" selected' in shown
    assert "Mairie d&#39;Exemple" not in shown
    assert "Demander un permis" not in shown
    for place in ("", f"organisation/{theirs}", "organisation/999", "procedure/permis"):
        response = await people.oscar.post("/admin/nouvelle-demarche", {**FORM, "place": place})
        assert response.status_code == 422
        assert 'id="place-error"' in response.text
    assert await storage.catalogue.procedure("demander-une-carte-d-identite") is None


async def test_an_administrator_creates_one_for_an_organisation_that_is_new(people: People, storage: Storage) -> None:
    assert (await people.claude.post("/admin/nouvelle-demarche", {**FORM, "slug": "neuve"})).status_code == 303
    made = await storage.catalogue.procedure("neuve")
    assert made
    assert (made.organisation, made.ministry) == ("Agence des titres", "Agence des titres")
    assert made.organisation_id != people.other.procedure.organisation_id


async def test_one_ticked_audience_is_one_audience(people: People, storage: Storage) -> None:
    await people.claude.post("/admin/nouvelle-demarche", {**FORM, "audiences": "agents", "slug": "une"})
    made = await storage.catalogue.procedure("une")
    assert made
    assert made.audiences == ("agents",)


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"title": ""}, "title", "à remplir"),
        ({"title": "x" * 151}, "title", "150 caractères au plus"),
        ({"title": "Titre\u0000"}, "title", "invisibles"),
        ({"organisation": "  "}, "organisation", "à remplir"),
        ({"slug": "Avec Majuscules"}, "slug", "lettres sans accent"),
        ({"slug": "passeport"}, "slug", "déjà pris"),
        ({"slug": "methodologie"}, "slug", "page de l'observatoire"),
        ({"title": "???"}, "slug", "lettres sans accent"),
        ({"origins": "https://bon.exemple.fr\nftp://mauvais"}, "origins", "ftp://mauvais"),
    ],
)
async def test_an_error_stands_beside_its_field_and_all_that_was_typed_is_kept(
    people: People, change: dict[str, str], field: str, says: str
) -> None:
    response = await people.claude.post("/admin/nouvelle-demarche", {**FORM, **change})
    assert response.status_code == 422
    error = response.text.split(f'id="{field}-error">')[1].split("</p>")[0]
    assert says in error.replace("&#39;", "'")
    assert f'href="#{field}"' in response.text
    assert "<title>Erreur : " in response.text.replace("\n", "")
    if field != "organisation":
        assert 'value="Agence des titres"' in response.text
    if field != "origins":
        assert "autre.exemple.fr/page</textarea>" in response.text
    assert 'value="individuals" id="audiences" checked' in response.text
    assert 'value="businesses" checked' not in response.text


async def test_what_people_type_is_never_markup(people: People, storage: Storage) -> None:
    evil = "<script>alert(1)</script>"
    await people.claude.post("/admin/nouvelle-demarche", {**FORM, "title": evil, "slug": "evil"})
    for path in ("/admin", "/admin/demarches/evil", "/admin/demarches/evil/reglages"):
        text = (await people.claude.get(path)).text
        assert evil not in text
        assert "&lt;script&gt;" in text


async def test_settings_are_changed_and_kept(people: People, storage: Storage) -> None:
    form = {"title": "Passeport, nouveau nom", "audiences": "agents", "origins": "https://neuf.exemple.fr"}
    response = await people.bruno.post("/admin/demarches/passeport/reglages", form)
    assert response.headers["location"] == "/admin/demarches/passeport/reglages?fait=procedure-changed"
    changed = await storage.catalogue.procedure("passeport")
    assert changed
    assert (changed.title, changed.audiences, changed.origins) == (
        "Passeport, nouveau nom",
        ("agents",),
        ("https://neuf.exemple.fr",),
    )
    wrong = await people.bruno.post("/admin/demarches/passeport/reglages", {**form, "title": "", "origins": "ftp://x"})
    assert wrong.status_code == 422
    assert "ftp://x</textarea>" in wrong.text


async def test_a_closed_procedure_takes_no_review_until_it_is_opened_again(people: People) -> None:
    await people.bruno.post("/admin/demarches/passeport/fermer")
    assert (await send(people.nobody.client, people.passeport.key)).status_code == 410
    assert "Ouvrir la démarche" in (await people.bruno.get("/admin/demarches/passeport/reglages")).text
    await people.bruno.post("/admin/demarches/passeport/ouvrir")
    assert (await send(people.nobody.client, people.passeport.key)).status_code == 201


async def test_home_says_what_to_do_where_there_is_nothing(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    eve = await signed_in(
        people.nobody.client, storage, clock, "eve", "manager", await storage.catalogue.organisation("Neuve", "Neuve")
    )
    assert "en trois gestes" in (await eve.get("/admin")).text
    dan = await signed_in(people.nobody.client, storage, clock, "dan", "reader")
    text = (await dan.get("/admin")).text
    assert "Aucune démarche ne vous est confiée" in text
    assert "dan@exemple.fr" in text


async def test_home_shows_mine_with_count_interval_and_level(people: People) -> None:
    for _ in range(3):
        await send(people.nobody.client, people.passeport.key)
    mine = (await people.bruno.get("/admin")).text
    assert "Demander un passeport" in mine
    assert "permis" not in mine
    assert "3 avis" in mine
    assert "10,0" in mine
    assert "entre " in mine
    assert "Bon" in mine
    everything = (await people.claude.get("/admin")).text
    assert "Demander un permis" in everything
    assert "Pas encore d’avis" in everything


async def test_home_finds_by_title_or_organisation(people: People) -> None:
    assert "Demander un permis" not in (await people.claude.get("/admin?q=passe")).text
    assert "Demander un permis" in (await people.claude.get("/admin?q=titres")).text
    assert "Aucune démarche ne correspond" in (await people.claude.get("/admin?q=rien&page=-4")).text
    assert (await people.claude.get("/admin?page=999999999999999999999")).status_code == 200


async def test_a_manager_reads_indicators_of_a_period_with_their_table(people: People, clock: MovableClock) -> None:
    clock.move(days=-45)
    for answers in (GOOD, {"satisfaction": "bad", "comprehension": 1}, {"satisfaction": "medium"}):
        await send(people.nobody.client, people.passeport.key, answers)
    clock.move(days=45)
    await send(people.nobody.client, people.passeport.key)
    year = (await people.rachel.get("/admin/demarches/passeport")).text
    assert "4 avis" in year
    assert "6,2" in year  # 25 points / 4, cut and never rounded up
    month = (await people.rachel.get("/admin/demarches/passeport?period=30d")).text
    assert "1 avis" in month
    assert '<table id="evolution-table">' in month
    days = await people.rachel.get("/admin/demarches/passeport?period=days&from=2026-01-26&to=2026-01-26")
    assert "3 avis" in days.text
    assert "5,0" in days.text
    other = (await people.rachel.get("/admin/demarches/passeport?courbe=comprehension")).text
    assert "Évolution : Clarté des informations" in other


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("period=days&from=2026-03-12&to=2026-03-01", "La fin vient avant le début"),
        ("period=days&from=hier&to=2026-03-01", "Écrivez une date qui existe"),
        ("period=days", "Choisissez une date"),
    ],
)
async def test_a_period_that_cannot_be_is_said_and_the_page_still_stands(people: People, query: str, says: str) -> None:
    response = await people.rachel.get(f"/admin/demarches/passeport?{query}")
    assert response.status_code == 422
    assert says in response.text


async def test_without_a_review_indicators_are_absent_and_never_zero(people: People) -> None:
    text = (await people.rachel.get("/admin/demarches/passeport")).text
    assert "Aucun avis sur cette période" in text
    assert "0,0" not in text


async def test_a_poster_of_a_placement_is_downloaded_ready_to_print(people: People) -> None:
    path = f"/admin/demarches/passeport/emplacements/{people.passeport.key}/affiche.pdf"
    poster = await people.rachel.get(f"{path}?format=a5")
    assert poster.headers["content-type"] == "application/pdf"
    assert poster.headers["content-disposition"] == 'attachment; filename="affiche-passeport-a5.pdf"'
    (page,) = PdfDocument(poster.content)
    said = page.get_textpage().get_text_bounded()
    assert "Demander un passeport" in said
    assert f"/avis/{people.passeport.key}" in said
    assert (await people.rachel.get(path)).headers["content-disposition"].endswith('a4.pdf"')
    refused = await people.rachel.get(f"{path}?format=a3")
    assert refused.status_code == 400
    assert "Les formats d&#39;affiche sont a4 et a5." in refused.text

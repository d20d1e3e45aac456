"""Every page for every role, of one's own procedure and of another's: one table, and no page outside it."""

from typing import Any

import pytest
from litestar import Litestar

from collector.schema import User
from collector.storage import Storage
from collector.storage.journal import Search
from collector.storage.problems import Wanted
from collector.storage.reviews import Filter
from tests.conftest import NOON, MovableClock, found, send
from tests.service.admin.conftest import NAMES, People

OWN = "/admin/demarches/{slug:str}"
SERVICE = "/admin/comptes-de-service/{service:int}"
PLACED = OWN + "/emplacements/{key:str}"

# What each answers, in the order of NAMES: the administrator; the manager and the reader of the procedure's
# organisation; those of the procedure; the manager of another organisation; the manager and the reader of another
# procedure; nobody, whom 303 sends to sign in. POSTs are sent empty: 422 (the form again), 400, 201 or 303 mean that
# somebody was let in.
TABLE: dict[tuple[str, str], tuple[int, ...]] = {
    ("GET", "/admin"): (200, 200, 200, 200, 200, 200, 200, 200, 303),
    ("GET", "/admin/connexion"): (303, 303, 303, 303, 303, 303, 303, 303, 200),
    ("GET", "/admin/connexion/fournisseur"): (303, 303, 303, 303, 303, 303, 303, 303, 404),
    ("GET", "/admin/connexion/fournisseur/retour"): (404, 404, 404, 404, 404, 404, 404, 404, 404),
    ("GET", "/admin/deconnexion/suite"): (303, 303, 303, 303, 303, 303, 303, 303, 303),
    ("GET", "/admin/deconnexion/retour"): (303, 303, 303, 303, 303, 303, 303, 303, 303),
    ("GET", "/admin/connexion/code"): (303, 303, 303, 303, 303, 303, 303, 303, 303),
    ("POST", "/admin/connexion/code"): (303, 303, 303, 303, 303, 303, 303, 303, 401),
    ("POST", "/admin/langue"): (400, 400, 400, 400, 400, 400, 400, 400, 400),
    ("GET", "/admin/mot-de-passe"): (200, 200, 200, 200, 200, 200, 200, 200, 200),
    ("POST", "/admin/mot-de-passe"): (422, 422, 422, 422, 422, 422, 422, 422, 422),
    ("GET", "/admin/mot-de-passe-oublie"): (200, 200, 200, 200, 200, 200, 200, 200, 200),
    ("POST", "/admin/mot-de-passe-oublie"): (422, 422, 422, 422, 422, 422, 422, 422, 422),
    ("GET", "/admin/compte"): (200, 200, 200, 200, 200, 200, 200, 200, 303),
    ("POST", "/admin/compte"): (422, 422, 422, 422, 422, 422, 422, 422, 303),
    ("POST", "/admin/compte/sessions"): (404, 404, 404, 404, 404, 404, 404, 404, 303),
    ("POST", "/admin/compte/sessions/autres"): (303, 303, 303, 303, 303, 303, 303, 303, 303),
    ("GET", "/admin/compte/deux-etapes"): (200, 200, 200, 200, 200, 200, 200, 200, 303),
    ("POST", "/admin/compte/deux-etapes"): (422, 422, 422, 422, 422, 422, 422, 422, 303),
    ("POST", "/admin/compte/deux-etapes/retirer"): (422, 422, 422, 422, 422, 422, 422, 422, 303),
    ("GET", "/admin/nouvelle-demarche"): (200, 200, 403, 403, 403, 200, 403, 403, 303),
    ("POST", "/admin/nouvelle-demarche"): (422, 422, 403, 403, 403, 422, 403, 403, 303),
    ("GET", "/admin/demarches/{slug:str}"): (200, 200, 200, 200, 200, 404, 404, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/indicateurs.csv"): (400, 400, 400, 400, 400, 404, 404, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/avis"): (200, 200, 200, 200, 200, 404, 404, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/avis/{seq:int}/masquer"): (200, 200, 403, 200, 403, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/avis/{seq:int}/masquer"): (409, 409, 403, 409, 403, 404, 404, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/signalements"): (200, 200, 200, 200, 200, 404, 404, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/signalements/{problem:int}"): (200, 200, 200, 200, 200, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/signalements/{problem:int}"): (400, 400, 403, 400, 403, 404, 404, 404, 303),
    ("POST", OWN + "/signalements/{problem:int}/deplacer"): (409, 409, 403, 409, 403, 404, 404, 404, 303),
    ("POST", OWN + "/signalements/{problem:int}/reunir"): (400, 400, 403, 400, 403, 404, 404, 404, 303),
    ("POST", OWN + "/signalements/{problem:int}/separer"): (409, 409, 403, 409, 403, 404, 404, 404, 303),
    ("POST", OWN + "/avis/{seq:int}/etiquettes"): (422, 422, 403, 422, 403, 404, 404, 404, 303),
    ("POST", OWN + "/avis/{seq:int}/etiquettes/retirer"): (400, 400, 403, 400, 403, 404, 404, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/avis/{seq:int}/effacer"): (200, 200, 403, 200, 403, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/avis/{seq:int}/effacer"): (422, 422, 403, 422, 403, 404, 404, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/themes"): (200, 200, 200, 200, 200, 404, 404, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/themes.csv"): (200, 200, 200, 200, 200, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/avis/vues"): (422, 422, 422, 422, 422, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/avis/vues/{view:int}"): (400, 400, 400, 400, 400, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/avis/{seq:int}/notes"): (422, 422, 403, 422, 403, 404, 404, 404, 303),
    ("POST", OWN + "/avis/{seq:int}/notes/{note:int}"): (400, 400, 403, 400, 403, 404, 404, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/alertes"): (200, 200, 200, 200, 200, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/alertes"): (422, 422, 422, 422, 422, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/alertes/bouger"): (400, 400, 400, 400, 400, 404, 404, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/webhooks"): (200, 200, 403, 200, 403, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/webhooks"): (422, 422, 403, 422, 403, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/webhooks/{hook:int}"): (400, 400, 403, 400, 403, 404, 404, 404, 303),
    ("GET", "/admin/desabonnement/{token:str}"): (404, 404, 404, 404, 404, 404, 404, 404, 404),
    ("POST", "/admin/desabonnement/{token:str}"): (404, 404, 404, 404, 404, 404, 404, 404, 404),
    ("GET", "/admin/demarches/{slug:str}/ameliorations"): (200, 200, 200, 200, 200, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/ameliorations"): (422, 422, 403, 422, 403, 404, 404, 404, 303),
    ("POST", OWN + "/ameliorations/{improvement:int}"): (400, 400, 403, 400, 403, 404, 404, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/scenarios"): (200, 200, 200, 200, 200, 404, 404, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/exploitation"): (200, 200, 200, 200, 200, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/exploitation"): (422, 422, 403, 422, 403, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/exploitation/annuler"): (400, 400, 403, 400, 403, 404, 404, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/criteres"): (200, 200, 200, 200, 200, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/criteres"): (400, 400, 403, 400, 403, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/criteres/annuler"): (400, 400, 403, 400, 403, 404, 404, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/exploitation/donnees.csv"): (200, 200, 200, 200, 200, 404, 404, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/a-verifier"): (200, 200, 200, 200, 200, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/a-verifier"): (400, 400, 403, 400, 403, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/a-verifier/{seq:int}"): (400, 400, 403, 400, 403, 404, 404, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/formulaire"): (200, 200, 403, 200, 403, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/formulaire"): (303, 303, 403, 303, 403, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/formulaire/publier"): (409, 409, 403, 409, 403, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/formulaire/abandonner"): (303, 409, 403, 409, 403, 404, 404, 404, 303),
    ("POST", OWN + "/formulaire/versions/{number:int}"): (404, 404, 403, 404, 403, 404, 404, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/emplacements"): (200, 200, 200, 200, 200, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/emplacements"): (422, 422, 403, 422, 403, 404, 404, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/emplacements/{key:str}"): (200, 200, 200, 200, 200, 404, 404, 404, 303),
    ("GET", OWN + "/emplacements/{key:str}/affiche.pdf"): (200, 200, 200, 200, 200, 404, 404, 404, 303),
    ("POST", OWN + "/emplacements/{key:str}/fermer"): (303, 303, 403, 303, 403, 404, 404, 404, 303),
    ("POST", OWN + "/emplacements/{key:str}/anciens-liens"): (422, 422, 403, 422, 403, 404, 404, 404, 303),
    ("POST", PLACED + "/anciens-liens/{number:int}/retirer"): (303, 303, 403, 303, 403, 404, 404, 404, 303),
    ("POST", OWN + "/emplacements/{key:str}/rouvrir"): (303, 303, 403, 303, 403, 404, 404, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/exports"): (200, 200, 200, 200, 200, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/exports"): (422, 422, 403, 422, 403, 404, 404, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/exports/{id:str}"): (200, 200, 200, 200, 200, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/exports/{id:str}/revoquer"): (303, 303, 403, 303, 403, 404, 404, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/reglages"): (200, 200, 403, 200, 403, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/reglages"): (422, 422, 403, 422, 403, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/sites"): (400, 400, 403, 400, 403, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/fermer"): (303, 303, 403, 303, 403, 404, 404, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/ouvrir"): (303, 303, 403, 303, 403, 404, 404, 404, 303),
    ("GET", "/admin/utilisateurs"): (200, 200, 403, 403, 403, 200, 403, 403, 303),
    ("POST", "/admin/utilisateurs"): (422, 422, 403, 403, 403, 422, 403, 403, 303),
    ("GET", "/admin/utilisateurs/{id:int}"): (200, 200, 403, 403, 403, 404, 403, 403, 303),
    ("POST", "/admin/utilisateurs/{id:int}/droits"): (422, 422, 403, 403, 403, 404, 403, 403, 303),
    ("POST", "/admin/utilisateurs/{id:int}/droits/retirer"): (400, 400, 403, 403, 403, 404, 403, 403, 303),
    ("POST", "/admin/utilisateurs/{id:int}/administrateur"): (400, 403, 403, 403, 403, 403, 403, 403, 303),
    ("POST", "/admin/utilisateurs/{id:int}/identite"): (303, 403, 403, 403, 403, 403, 403, 403, 303),
    ("POST", "/admin/utilisateurs/{id:int}/lien"): (200, 403, 403, 403, 403, 403, 403, 403, 303),
    ("POST", "/admin/utilisateurs/{id:int}/sessions"): (303, 403, 403, 403, 403, 403, 403, 403, 303),
    ("POST", "/admin/utilisateurs/{id:int}/deux-etapes"): (303, 403, 403, 403, 403, 403, 403, 403, 303),
    ("POST", "/admin/utilisateurs/{id:int}/desactiver"): (303, 403, 403, 403, 403, 403, 403, 403, 303),
    ("GET", "/admin/comptes-de-service"): (200, 200, 403, 403, 403, 200, 403, 403, 303),
    ("POST", "/admin/comptes-de-service"): (422, 422, 403, 403, 403, 422, 403, 403, 303),
    ("GET", "/admin/comptes-de-service/{service:int}"): (200, 200, 403, 403, 403, 404, 403, 403, 303),
    ("POST", "/admin/comptes-de-service/{service:int}/cles"): (422, 422, 403, 403, 403, 404, 403, 403, 303),
    ("POST", SERVICE + "/cles/{key:str}/revoquer"): (404, 404, 403, 403, 403, 404, 403, 403, 303),
    ("POST", "/admin/comptes-de-service/{service:int}/droits"): (422, 422, 403, 403, 403, 404, 403, 403, 303),
    ("POST", "/admin/comptes-de-service/{service:int}/droits/retirer"): (400, 400, 403, 403, 403, 404, 403, 403, 303),
    ("GET", "/admin/journal/controle"): (200, 403, 403, 403, 403, 403, 403, 403, 303),
    ("GET", "/admin/journal.csv"): (200, 403, 403, 403, 403, 403, 403, 403, 303),
    ("POST", "/admin/utilisateurs/{id:int}/reactiver"): (303, 403, 403, 403, 403, 403, 403, 403, 303),
    ("GET", "/admin/journal"): (200, 403, 403, 403, 403, 403, 403, 403, 303),
    ("GET", "/admin/administrations"): (200, 403, 403, 403, 403, 403, 403, 403, 303),
    ("GET", "/admin/administrations/{organisation:int}"): (200, 403, 403, 403, 403, 403, 403, 403, 303),
    ("POST", "/admin/administrations/{organisation:int}"): (422, 403, 403, 403, 403, 403, 403, 403, 303),
    ("GET", "/admin/administrations/{organisation:int}/reunir"): (422, 403, 403, 403, 403, 403, 403, 403, 303),
    ("POST", "/admin/administrations/{organisation:int}/reunir"): (422, 403, 403, 403, 403, 403, 403, 403, 303),
    ("GET", "/admin/annonces"): (200, 403, 403, 403, 403, 403, 403, 403, 303),
    ("POST", "/admin/annonces"): (422, 403, 403, 403, 403, 403, 403, 403, 303),
    ("GET", "/admin/annonces/{announcement:int}"): (404, 403, 403, 403, 403, 403, 403, 403, 303),
    ("POST", "/admin/annonces/{announcement:int}"): (404, 403, 403, 403, 403, 403, 403, 403, 303),
    ("POST", "/admin/annonces/{announcement:int}/etat"): (400, 403, 403, 403, 403, 403, 403, 403, 303),
    ("POST", "/admin/annonces/{announcement:int}/masquer"): (303, 303, 303, 303, 303, 303, 303, 303, 303),
    ("GET", "/admin/limites"): (200, 403, 403, 403, 403, 403, 403, 403, 303),
    ("GET", "/admin/sante"): (200, 403, 403, 403, 403, 403, 403, 403, 303),
    ("GET", "/admin/import/{sheet:str}"): (200, 403, 403, 403, 403, 403, 403, 403, 303),
    ("POST", "/admin/import/{sheet:str}"): (422, 403, 403, 403, 403, 403, 403, 403, 303),
    ("POST", "/admin/import/{sheet:str}/importer"): (409, 403, 403, 403, 403, 403, 403, 403, 303),
    ("GET", "/admin/export/{file:str}"): (200, 403, 403, 403, 403, 403, 403, 403, 303),
    ("GET", "/admin/static/{name:str}"): (404, 404, 404, 404, 404, 404, 404, 404, 404),
    ("GET", "/admin/{rest:path}"): (404, 404, 404, 404, 404, 404, 404, 404, 404),
    # These two end or begin a session, so they come last and are tested by themselves.
    ("POST", "/admin/connexion"): (401, 401, 401, 401, 401, 401, 401, 401, 401),
    ("POST", "/admin/deconnexion"): (303, 303, 303, 303, 303, 303, 303, 303, 303),
}

PAGES_AND_FILES = ("text/html", "text/plain", "text/csv", "application/pdf")


def _routes(app: Litestar) -> set[tuple[str, str]]:
    return {
        (method, route.path)
        for route in app.routes
        if route.path.startswith("/admin")
        for handler in getattr(route, "route_handlers", [])
        for method in handler.http_methods
        if method not in {"OPTIONS", "HEAD"}
    }


@pytest.mark.parametrize("environ", ["sqlite"], indirect=True)
def test_the_table_has_every_route_of_the_admin(app: Litestar) -> None:
    assert _routes(app) == set(TABLE)


async def test_every_page_lets_in_whom_the_table_says(people: People, storage: Storage) -> None:
    claude, key = people.claude, people.passeport.key
    made = await claude.post(
        "/admin/demarches/passeport/exports",
        {"content": "reviews", "format": "csv", "recipient": "Observatoire", "expires": "7"},
    )
    assert made.status_code == 201
    link = (await storage.links.all())[0].id
    invitation = {"name": "E", "email": "e@exemple.fr", "role": "reader", "place": "procedure/passeport"}
    assert (await claude.post("/admin/utilisateurs", invitation)).status_code == 201
    invited = await storage.accounts.find("e@exemple.fr")
    assert invited
    comment = {"satisfaction": "good", "verbatim": "Rien à redire"}
    assert (await send(claude.client, key, comment)).status_code == 201
    (review,) = await storage.reviews.before(people.passeport.procedure, Filter())
    report = {"kind": "technical", "verbatim": "Page blanche"}
    assert (await send(claude.client, people.passeport.malfunction.key, report)).status_code == 201
    await storage.problems.sort()
    (problem,) = await storage.problems.find(people.passeport.procedure, Wanted())
    service = await storage.services.add(
        name="Entrepôt",
        purpose="Essai",
        over=people.passeport.procedure,
        role="reader",
        now=NOON,
        by="claude@exemple.fr",
    )
    values: dict[str, Any] = {
        "{service:int}": service.id,
        "{problem:int}": problem.id,
        "{improvement:int}": 1,
        "{note:int}": 1,
        "{view:int}": 1,
        "{announcement:int}": 1,
        "{number:int}": 7,
        "{seq:int}": review.seq,
        "{slug:str}": "passeport",
        "{key:str}": key,
        "{id:str}": link,
        "{id:int}": invited[0].id,
        "{token:str}": "rien",
        "{hook:int}": 1,
        "{name:str}": "rien.css",
        "{sheet:str}": "demarches",
        "{organisation:int}": people.passeport.procedure.organisation_id,
        "{file:str}": "demarches.csv",
        "{rest:path}": "rien/du/tout",
    }
    wrong = []
    for (method, pattern), expected in TABLE.items():
        path = pattern
        for name, value in values.items():
            path = path.replace(name, str(value))
        for name, status in zip(NAMES, expected, strict=True):
            browser = people.each()[name]
            # Failures are counted by visitor, and this is about something else.
            browser.address = f"203.0.113.{NAMES.index(name)}"
            response = await (browser.get(path) if method == "GET" else browser.post(path))
            if response.status_code != status:
                wrong.append((name, method, pattern, response.status_code, status))
            assert response.headers["content-type"].startswith(PAGES_AND_FILES), (method, path)
    assert wrong == []


async def test_a_foreign_procedure_looks_like_one_that_does_not_exist(people: People) -> None:
    foreign = await people.bruno.get("/admin/demarches/permis")
    missing = await people.bruno.get("/admin/demarches/nulle-part")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.text == missing.text


async def test_a_placement_or_a_link_of_another_procedure_is_not_found_through_mine(
    people: People, storage: Storage
) -> None:
    made = await people.samir.post(
        "/admin/demarches/permis/exports",
        {"content": "reviews", "format": "csv", "recipient": "Samir", "expires": "7"},
    )
    assert made.status_code == 201
    link = (await storage.links.all())[0].id
    base = "/admin/demarches/passeport"
    for path in (f"{base}/emplacements/{people.other.key}", f"{base}/exports/{link}", f"{base}/emplacements/inconnue"):
        assert (await people.bruno.get(path)).status_code == 404
    for path in (f"{base}/emplacements/{people.other.key}/fermer", f"{base}/exports/{link}/revoquer"):
        assert (await people.bruno.post(path)).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "", "Origin": "https://ailleurs.exemple"},
        {"Sec-Fetch-Site": "", "Origin": "null"},
    ],
)
async def test_another_site_cannot_act_for_somebody_signed_in(people: People, headers: dict[str, str]) -> None:
    response = await people.bruno.post("/admin/demarches/passeport/fermer", None, **headers)
    assert response.status_code == 403
    assert "Cette action doit partir d" in response.text
    assert "Ouverte" in (await people.bruno.get("/admin/demarches/passeport")).text


async def test_a_right_taken_back_is_gone_from_the_next_page_on(people: People, storage: Storage) -> None:
    page = await page_of(storage, "rachel")
    taken = await people.claude.post(f"{page}/droits/retirer", {"place": "procedure/passeport"})
    assert taken.headers["location"] == f"{page}?fait=right-taken"
    assert (await people.rachel.get("/admin/demarches/passeport")).status_code == 404
    await people.claude.post(f"{page}/droits", {"place": "procedure/permis", "role": "manager"})
    assert (await people.rachel.get("/admin/demarches/permis/reglages")).status_code == 200


async def test_the_stronger_of_two_rights_holds_and_each_is_taken_alone(people: People, storage: Storage) -> None:
    page, settings = await page_of(storage, "rachel"), "/admin/demarches/passeport/reglages"
    organisation = f"organisation/{people.passeport.procedure.organisation_id}"
    assert (await people.rachel.get(settings)).status_code == 403
    given = await people.claude.post(f"{page}/droits", {"place": organisation, "role": "manager"})
    assert given.headers["location"] == f"{page}?fait=right-given"
    assert (await people.rachel.get(settings)).status_code == 200
    assert "toute l’administration Mairie d&#39;Exemple" in (await people.rachel.get("/admin/compte")).text
    await people.claude.post(f"{page}/droits", {"place": organisation, "role": "reader"})
    assert (await people.rachel.get(settings)).status_code == 403
    await people.claude.post(f"{page}/droits/retirer", {"place": organisation})
    assert (await people.rachel.get("/admin/demarches/passeport")).status_code == 200


async def test_a_right_over_an_organisation_reaches_the_procedures_to_come(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    await found(storage, clock, "chasse")
    path = "/admin/demarches/chasse/reglages"
    answers = {name: (await browser.get(path)).status_code for name, browser in people.each().items()}
    assert {name: status for name, status in answers.items() if status not in {404, 303}} == {
        "claude": 200,
        "olga": 200,
        "remi": 403,
    }


async def test_an_organisations_manager_looks_after_its_accounts_and_no_others(
    people: People, storage: Storage
) -> None:
    seen = (await people.olga.get("/admin/utilisateurs")).text
    assert [name for name in NAMES if f"{name}@exemple.fr" in seen] == ["olga", "remi", "bruno", "rachel"]
    assert "Agence des titres" not in seen
    samir, rachel = await page_of(storage, "samir"), await page_of(storage, "rachel")
    foreign = {"place": "procedure/permis", "role": "reader"}
    assert (await people.olga.get(samir)).status_code == 404
    assert (await people.olga.post(f"{samir}/droits", foreign)).status_code == 404
    assert (await people.olga.post(f"{rachel}/droits", foreign)).status_code == 422
    theirs = f"organisation/{people.other.procedure.organisation_id}"
    assert (await people.olga.post(f"{rachel}/droits", {**foreign, "place": theirs})).status_code == 422
    new = {"organisation": "À moi", "role": "manager"}
    assert (await people.olga.post(f"{rachel}/droits", new)).status_code == 422
    assert [one.name for one in await storage.catalogue.organisations()] == ["Agence des titres", "Mairie d'Exemple"]
    # Samir's account comes into sight with a right of ours, and goes with it; his own rights stay out of sight.
    invitation = {"name": "S", "email": "samir@exemple.fr", "role": "reader", "place": "procedure/passeport"}
    assert (await people.olga.post("/admin/utilisateurs", invitation)).headers[
        "location"
    ] == f"{samir}?fait=right-given"
    assert "Demander un permis" not in (await people.olga.get(samir)).text
    assert (await people.olga.post(f"{samir}/droits/retirer", {"place": "procedure/permis"})).status_code == 400
    gone = await people.olga.post(f"{samir}/droits/retirer", {"place": "procedure/passeport"})
    assert gone.headers["location"] == "/admin/utilisateurs?fait=right-taken"
    assert (await people.olga.get(samir)).status_code == 404
    assert (await people.samir.get("/admin/demarches/permis")).status_code == 200


async def test_only_an_administrator_makes_administrators_and_never_of_themselves(
    people: People, storage: Storage
) -> None:
    rachel, claude = await page_of(storage, "rachel"), await page_of(storage, "claude")
    invitation = {"name": "E", "email": "e@exemple.fr", "role": "administrator"}
    assert (await people.olga.post("/admin/utilisateurs", invitation)).status_code == 422
    assert await storage.accounts.find("e@exemple.fr") is None
    assert (await people.olga.post(f"{rachel}/administrateur", {"administrator": "yes"})).status_code == 403
    await people.claude.post(f"{rachel}/administrateur", {"administrator": "yes"})
    assert (await people.rachel.get("/admin/journal")).status_code == 200
    await people.claude.post(f"{rachel}/administrateur", {"administrator": "no"})
    assert (await people.rachel.get("/admin/journal")).status_code == 403
    assert (await people.rachel.get("/admin/demarches/passeport")).status_code == 200
    own = await people.claude.post(f"{claude}/administrateur", {"administrator": "no"})
    assert own.status_code == 409
    assert (await people.claude.get("/admin/journal")).status_code == 200


async def test_rights_can_be_given_over_an_organisation_before_its_first_procedure(
    people: People, storage: Storage
) -> None:
    page = await page_of(storage, "rachel")
    await people.claude.post(f"{page}/droits", {"organisation": "Agence des saisons", "role": "manager"})
    assert "Agence des saisons" in (await people.rachel.get("/admin/nouvelle-demarche")).text
    (right, _) = await storage.accounts.rights(await account_of(storage, "rachel"))
    assert (right.kind, right.name, right.role) == ("organisation", "Agence des saisons", "manager")
    made = [line for line in await storage.journal.before(Search()) if line.act == "organisation.create"]
    assert [(line.actor, line.subject) for line in made] == [("claude@exemple.fr", "Agence des saisons")]


async def account_of(storage: Storage, name: str) -> User:
    known = await storage.accounts.find(f"{name}@exemple.fr")
    assert known
    return known[0]


async def page_of(storage: Storage, name: str) -> str:
    return f"/admin/utilisateurs/{(await account_of(storage, name)).id}"


async def test_every_page_carries_the_strict_policy_and_is_never_stored(people: People) -> None:
    for path in ("/admin", "/admin/connexion", "/admin/demarches/passeport", "/admin/rien"):
        response = await people.claude.get(path)
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert " style=" not in response.text
        assert "<script>" not in response.text

"""Every page for every role, of one's own procedure and of another's: one table, and no page outside it."""

from typing import Any

import pytest
from litestar import Litestar

from collector.storage import Storage
from collector.storage.reviews import Filter
from tests.conftest import send
from tests.service.admin.conftest import People

PEOPLE = ("claude", "bruno", "rachel", "samir", "nobody")

# What each answers: administrator, own manager, own reader, foreign manager, nobody. 303 from nobody is the sign-in.
# POSTs are sent empty: 422 (the form again), 201 or 303 mean that it was let in.
TABLE: dict[tuple[str, str], tuple[int, int, int, int, int]] = {
    ("GET", "/admin"): (200, 200, 200, 200, 303),
    ("GET", "/admin/connexion"): (303, 303, 303, 303, 200),
    ("GET", "/admin/compte"): (200, 200, 200, 200, 303),
    ("POST", "/admin/compte"): (422, 422, 422, 422, 303),
    ("GET", "/admin/nouvelle-demarche"): (200, 200, 403, 200, 303),
    ("POST", "/admin/nouvelle-demarche"): (422, 422, 403, 422, 303),
    ("GET", "/admin/demarches/{slug:str}"): (200, 200, 200, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/avis"): (200, 200, 200, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/avis/{seq:int}/masquer"): (200, 200, 403, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/avis/{seq:int}/masquer"): (409, 409, 403, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/a-verifier"): (200, 200, 200, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/a-verifier"): (400, 400, 403, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/a-verifier/{seq:int}"): (400, 400, 403, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/emplacements"): (200, 200, 200, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/emplacements"): (422, 422, 403, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/emplacements/{key:str}"): (200, 200, 200, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/emplacements/{key:str}/fermer"): (303, 303, 403, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/emplacements/{key:str}/rouvrir"): (303, 303, 403, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/exports"): (200, 200, 200, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/exports"): (422, 422, 403, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/exports/{id:str}"): (200, 200, 200, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/exports/{id:str}/revoquer"): (303, 303, 403, 404, 303),
    ("GET", "/admin/demarches/{slug:str}/reglages"): (200, 200, 403, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/reglages"): (422, 422, 403, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/sites"): (400, 400, 403, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/fermer"): (303, 303, 403, 404, 303),
    ("POST", "/admin/demarches/{slug:str}/ouvrir"): (303, 303, 403, 404, 303),
    ("GET", "/admin/utilisateurs"): (200, 403, 403, 403, 303),
    ("POST", "/admin/utilisateurs"): (422, 403, 403, 403, 303),
    ("GET", "/admin/utilisateurs/{id:int}"): (200, 403, 403, 403, 303),
    ("POST", "/admin/utilisateurs/{id:int}/droits"): (303, 403, 403, 403, 303),
    ("POST", "/admin/utilisateurs/{id:int}/mot-de-passe"): (200, 403, 403, 403, 303),
    ("POST", "/admin/utilisateurs/{id:int}/desactiver"): (303, 403, 403, 403, 303),
    ("GET", "/admin/journal"): (200, 403, 403, 403, 303),
    ("GET", "/admin/static/{name:str}"): (404, 404, 404, 404, 404),
    ("GET", "/admin/{rest:path}"): (404, 404, 404, 404, 404),
    # These two end or begin a session, so they come last and are tested by themselves.
    ("POST", "/admin/connexion"): (401, 401, 401, 401, 401),
    ("POST", "/admin/deconnexion"): (303, 303, 303, 303, 303),
}


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
    await claude.post("/admin/utilisateurs", {"name": "E", "email": "e@exemple.fr", "role": "reader"})
    invited = await storage.accounts.find("e@exemple.fr")
    assert invited
    comment = {"satisfaction": "good", "verbatim": "Rien à redire"}
    assert (await send(claude.client, key, comment)).status_code == 201
    (review,) = await storage.reviews.before(people.passeport.procedure, Filter())
    values: dict[str, Any] = {
        "{seq:int}": review.seq,
        "{slug:str}": "passeport",
        "{key:str}": key,
        "{id:str}": link,
        "{id:int}": invited[0].id,
        "{name:str}": "rien.css",
        "{rest:path}": "rien/du/tout",
    }
    wrong = []
    for (method, pattern), expected in TABLE.items():
        path = pattern
        for name, value in values.items():
            path = path.replace(name, str(value))
        for name, status in zip(PEOPLE, expected, strict=True):
            browser = people.each()[name]
            response = await (browser.get(path) if method == "GET" else browser.post(path))
            if response.status_code != status:
                wrong.append((name, method, pattern, response.status_code, status))
            assert response.headers["content-type"].startswith(("text/html", "text/plain")), (method, path)
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


async def test_a_grant_taken_back_holds_from_the_next_page_on(people: People, storage: Storage) -> None:
    rachel = await storage.accounts.find("rachel@exemple.fr")
    assert rachel
    await people.claude.post(f"/admin/utilisateurs/{rachel[0].id}/droits", {"procedures": "permis"})
    assert (await people.rachel.get("/admin/demarches/passeport")).status_code == 404
    assert (await people.rachel.get("/admin/demarches/permis")).status_code == 200


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

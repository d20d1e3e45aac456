"""What goes wrong is a page in French that says what to do, and never shows how we are built."""

import pytest
from litestar import Litestar

from admin.static import asset, built
from collector.errors import StorageUnavailable
from collector.storage import Storage
from tests.service.admin.conftest import People


async def storage_of(app: Litestar) -> Storage:
    storage: Storage = await app.dependencies["storage"]()
    return storage


@pytest.mark.parametrize("environ", ["sqlite"], indirect=True)
async def test_without_the_database_a_page_says_so_and_when_to_come_back(
    people: People, app: Litestar, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = await storage_of(app)

    def away() -> None:
        raise StorageUnavailable(retry_after=5)

    monkeypatch.setattr(storage.engine, "read", away)
    response = await people.bruno.get("/admin")
    assert response.status_code == 503
    assert response.headers["retry-after"] == "5"
    assert "La base de données ne répond pas" in response.text
    assert "Votre avis" not in response.text
    assert (await people.bruno.get(asset("admin.css"))).status_code == 200


@pytest.mark.parametrize("environ", ["sqlite"], indirect=True)
async def test_a_mistake_of_ours_shows_nothing_of_itself(
    people: People, app: Litestar, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = await storage_of(app)

    def broken() -> None:
        raise RuntimeError("the secret of how we are built")

    monkeypatch.setattr(storage.engine, "read", broken)
    response = await people.bruno.get("/admin")
    assert response.status_code == 500
    assert "incident technique" in response.text
    assert "secret" not in response.text
    assert "Traceback" not in response.text


async def test_an_address_that_leads_nowhere_is_a_page(people: People) -> None:
    for browser in (people.bruno, people.nobody):
        response = await browser.get("/admin/rien")
        assert response.status_code == 404
        assert '<html lang="fr">' in response.text


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/admin/compte"), ("DELETE", "/admin/demarches/passeport"), ("GET", "/admin/deconnexion")],
)
async def test_only_what_a_form_can_send_is_answered(people: People, method: str, path: str) -> None:
    response = await people.bruno.client.request(method, path, headers={"Sec-Fetch-Site": "same-origin"})
    assert response.status_code == 405


async def test_a_body_that_is_no_form_is_an_empty_form(people: People) -> None:
    response = await people.olga.client.post(
        "/admin/nouvelle-demarche",
        content=b"\xff\xfe{",
        headers={
            "Content-Type": "application/json",
            "Cookie": "__Host-avis_session=token-of-olga",
            "Sec-Fetch-Site": "same-origin",
        },
    )
    assert response.status_code in {400, 422}
    assert response.headers["content-type"].startswith("text/html")


async def test_a_body_without_end_is_refused(people: People) -> None:
    response = await people.olga.post("/admin/nouvelle-demarche", {"title": "x" * 400_000})
    assert response.status_code in {400, 413}
    assert "<h1>" in response.text


async def test_static_files_are_kept_for_ever_under_a_name_with_their_hash(people: People) -> None:
    for name in ("admin.css", "admin.js", "charts.js"):
        response = await people.nobody.get(asset(name))
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]
        assert response.headers["content-type"].startswith(built()[asset(name).rpartition("/")[2]][0])

"""Service accounts in the admin: who makes them over what, keys that are shown once, and how one ends."""

import re

from httpx import AsyncClient

from collector.storage import Storage
from collector.storage.journal import Search
from tests.conftest import MovableClock
from tests.service.admin.conftest import Browser, People

BASE = "/admin/comptes-de-service"
DASHBOARD = {
    "name": "Tableau de bord",
    "purpose": "Suivi mensuel, bureau des titres",
    "place": "procedure/passeport",
    "role": "reader",
}
KEY = re.compile(r"avis_[0-9a-f]{8}_[0-9a-f]{64}")


async def made(browser: Browser, **changed: str) -> str:
    answer = await browser.post(BASE, {**DASHBOARD, **changed})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


async def new_key(browser: Browser, page: str) -> str:
    shown = await browser.post(f"{page}/cles", {"expires": "365"})
    assert shown.status_code == 201
    found = KEY.search(shown.text)
    assert found
    return found[0]


async def answer_of(client: AsyncClient, key: str) -> int:
    answer = await client.get("/api/v1/procedures/passeport/reviews", headers={"Authorization": f"Bearer {key}"})
    return answer.status_code


async def test_an_organisations_manager_makes_a_key_that_is_shown_once(people: People, client: AsyncClient) -> None:
    page = await made(people.olga)
    assert "Pas encore de clé" in (await people.olga.get(page)).text
    key = await new_key(people.olga, page)
    assert await answer_of(client, key) == 200
    again = (await people.olga.get(page)).text
    assert key not in again
    assert key[:13] in again
    assert "12/03/2027" in again
    assert "jusqu’au 12/03/2027" in (await people.olga.get(BASE)).text


async def test_nobody_makes_a_key_over_what_somebody_else_looks_after(people: People) -> None:
    for place in ("procedure/permis", "organisation/999", "procedure/rien", ""):
        refused = await people.olga.post(BASE, {**DASHBOARD, "place": place})
        assert refused.status_code == 422
        assert 'value="Tableau de bord"' in refused.text, "what was typed stays"
    page = await made(people.olga)
    refused = await people.olga.post(f"{page}/droits", {"place": "procedure/permis", "role": "reader"})
    assert refused.status_code == 422
    assert "Aucun programme n’utilise" in (await people.oscar.get(BASE)).text


async def test_where_it_also_reads_what_is_anothers_a_manager_only_takes_away(
    people: People, storage: Storage, client: AsyncClient
) -> None:
    page = await made(people.claude)
    given = await people.claude.post(f"{page}/droits", {"place": "procedure/permis", "role": "reader"})
    assert given.headers["location"] == f"{page}?fait=service-given"
    key = await new_key(people.claude, page)
    seen = (await people.olga.get(page)).text
    assert "Demander un permis" not in seen
    assert "1 autre droit" in seen
    for path, form in (("cles", {"expires": "365"}), ("droits", {"place": "procedure/passeport", "role": "reader"})):
        assert (await people.olga.post(f"{page}/{path}", form)).status_code == 403
    assert (await people.olga.post(f"{page}/droits/retirer", {"place": "procedure/permis"})).status_code == 400
    assert (await people.oscar.post(f"{page}/droits/retirer", {"place": "procedure/permis"})).status_code == 303
    assert (await people.oscar.get(page)).status_code == 404
    assert (await people.olga.post(f"{page}/cles/{key[5:13]}/revoquer")).status_code == 303
    assert await answer_of(client, key) == 401


async def test_a_key_is_revoked_at_once_and_once(people: People, client: AsyncClient) -> None:
    page = await made(people.claude)
    key = await new_key(people.claude, page)
    path = f"{page}/cles/{key[5:13]}/revoquer"
    assert (await people.claude.post(path)).headers["location"] == f"{page}?fait=key-revoked"
    assert await answer_of(client, key) == 401
    assert (await people.claude.post(path)).status_code == 404
    assert "Révoquée" in (await people.claude.get(page)).text


async def test_a_key_is_revoked_through_its_own_account_only(people: People, client: AsyncClient) -> None:
    key = await new_key(people.claude, await made(people.claude))
    other = await made(people.oscar, place="procedure/permis")
    assert (await people.oscar.post(f"{other}/cles/{key[5:13]}/revoquer")).status_code == 404
    assert await answer_of(client, key) == 200


async def test_the_role_is_chosen_shown_and_replaced_by_another(people: People, storage: Storage) -> None:
    page = await made(people.olga, role="manager")
    assert "Gestionnaire de « " in (await people.olga.get(page)).text
    assert "Gestionnaire de « " in (await people.olga.get(BASE)).text
    given = await people.olga.post(f"{page}/droits", {"place": "procedure/passeport", "role": "reader"})
    assert given.status_code == 303
    shown = (await people.olga.get(page)).text
    assert "Lecteur de « " in shown
    assert "Gestionnaire de « " not in shown
    (service,) = await storage.services.all()
    assert [one.role for one in await storage.services.rights(service.id)] == ["reader"]
    for role in ("administrator", ""):
        refused = await people.olga.post(f"{page}/droits", {"place": "procedure/passeport", "role": role})
        assert refused.status_code == 422
        assert 'id="role-error"' in refused.text
    said = [line.details for line in await storage.journal.before(Search(act="service.rights"))]
    assert said == [{"given": "passeport", "role": "reader"}]


async def test_a_third_key_is_refused_with_what_to_do(people: People, clock: MovableClock) -> None:
    page = await made(people.claude)
    await new_key(people.claude, page)
    await new_key(people.claude, page)
    refused = await people.claude.post(f"{page}/cles", {"expires": "90"})
    assert refused.status_code == 422
    assert "révoquez celle qui ne sert plus" in refused.text
    assert not KEY.search(refused.text)
    assert (await people.claude.post(f"{page}/cles", {"expires": "9000"})).status_code == 422


async def test_an_account_without_a_right_opens_nothing(people: People, client: AsyncClient) -> None:
    page = await made(people.claude)
    key = await new_key(people.claude, page)
    await people.claude.post(f"{page}/droits/retirer", {"place": "procedure/passeport"})
    assert await answer_of(client, key) == 404
    assert "n’ouvrent aucune démarche" in (await people.claude.get(page)).text


async def test_what_is_missing_is_said_beside_its_field(people: People) -> None:
    refused = await people.claude.post(BASE, {"name": "", "purpose": "x" * 201, "place": "procedure/passeport"})
    assert refused.status_code == 422
    assert {"name-error", "purpose-error"} <= set(re.findall(r'id="(\w+-error)"', refused.text))

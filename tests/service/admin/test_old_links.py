"""Buttons of the national service: taken over by their owner, followed by citizens."""

from httpx import AsyncClient

from collector.storage import Storage
from collector.storage.journal import Search
from tests.conftest import NOON
from tests.service.admin.conftest import People

OLD = "https://ailleurs.exemple.fr/Demarches/1234?button=567"
FIRST = "https://ailleurs.exemple.fr/Demarches/890?&view-mode=formulaire-avis&nd_source=button&key=a1b2c3"


def page_of(people: People, key: str = "") -> str:
    return f"/admin/demarches/passeport/emplacements/{key or people.passeport.key}"


async def leads(client: AsyncClient, address: str) -> str:
    answer = await client.get(address)
    assert answer.status_code == 302, address
    assert "set-cookie" not in answer.headers
    return answer.headers["location"]


async def test_a_button_that_is_taken_over_opens_the_form(people: People, client: AsyncClient) -> None:
    assert (await client.get("/Demarches/1234?button=567")).status_code == 404
    answer = await people.bruno.post(f"{page_of(people)}/anciens-liens", {"address": OLD})
    assert answer.headers["location"] == f"{page_of(people)}?fait=old-link-adopted#anciens-liens"
    for address in ("/Demarches/1234?button=567", "/Demarches/avis/1234?button=567", "/Demarches/1234?button=9"):
        assert await leads(client, address) == f"/avis/{people.passeport.key}"
    assert await leads(client, "/Demarches/1234?button=567&iframe=true&lang=en") == (
        f"/avis/{people.passeport.key}?lang=en&embed=1"
    )
    assert "/Demarches/1234?button=567" in (await people.rachel.get(page_of(people))).text


async def test_each_button_of_a_procedure_leads_to_its_own_placement(
    people: People, storage: Storage, client: AsyncClient
) -> None:
    mail = await storage.catalogue.add_placement(
        people.passeport.procedure, channel="email", form="satisfaction", label="Courriel", now=NOON
    )
    await people.bruno.post(f"{page_of(people)}/anciens-liens", {"address": FIRST})
    courriel = FIRST.replace("nd_source=button", "nd_source=courriel").partition("&key")[0]
    await people.bruno.post(f"{page_of(people, mail.key)}/anciens-liens", {"address": f'<a href="{courriel}">x</a>'})
    assert await leads(client, "/Demarches/890?nd_source=courriel&key=a1b2c3") == f"/avis/{mail.key}"
    assert await leads(client, "/Demarches/890?nd_source=button") == f"/avis/{people.passeport.key}"
    assert await leads(client, "/Demarches/890") == f"/avis/{people.passeport.key}"


async def test_a_link_that_is_none_is_refused_and_what_was_pasted_stays(people: People) -> None:
    for pasted in ("https://exemple.fr/avis/1", "", "x" * 2001):
        answer = await people.bruno.post(f"{page_of(people)}/anciens-liens", {"address": pasted})
        assert answer.status_code == 422
        assert "<title>Erreur : " in answer.text
        assert pasted in answer.text
    assert "Ce n’est pas un lien" in (
        (await people.bruno.post(f"{page_of(people)}/anciens-liens", {"address": "https://exemple.fr/avis/1"})).text
    )


async def test_a_number_is_one_procedures(people: People, client: AsyncClient) -> None:
    """Whoever else pasted it would have the citizens of another procedure."""
    await people.bruno.post(f"{page_of(people)}/anciens-liens", {"address": OLD})
    theirs = f"/admin/demarches/{people.other.procedure.slug}/emplacements/{people.other.key}/anciens-liens"
    answer = await people.samir.post(theirs, {"address": OLD.replace("567", "8")})
    assert answer.status_code == 422
    assert "mènent déjà à une autre démarche" in answer.text
    assert await leads(client, "/Demarches/1234?button=8") == f"/avis/{people.passeport.key}"


async def test_a_link_is_let_go_and_both_acts_are_in_the_journal(
    people: People, storage: Storage, client: AsyncClient
) -> None:
    await people.bruno.post(f"{page_of(people)}/anciens-liens", {"address": FIRST})
    await people.bruno.post(f"{page_of(people)}/anciens-liens/890/retirer")
    assert (await client.get("/Demarches/890")).status_code == 404
    await people.bruno.post(f"{page_of(people)}/anciens-liens/890/retirer")
    for act in ("placement.adopt", "placement.release"):
        (line,) = await storage.journal.before(Search(act=act))
        assert (line.actor, line.subject) == ("bruno@exemple.fr", f"passeport/{people.passeport.key}")


async def test_an_unknown_number_is_a_page_in_the_citizens_language(people: People, client: AsyncClient) -> None:
    for number in ("1", "0", "99999999999999", "passeport", "１２"):
        answer = await client.get(f"/Demarches/{number}", headers={"Accept-Language": "en"})
        assert answer.status_code == 404
        assert "<html lang=en" in answer.text

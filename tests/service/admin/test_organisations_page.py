"""Organisations: another name or ministry, and two that become one with all that they had."""

import html
import re

from collector.storage import Storage
from collector.storage.journal import Search
from tests.conftest import MovableClock, found, send
from tests.service.admin.conftest import People

PATH = "/admin/administrations"


async def test_each_is_listed_with_its_ministry_procedures_and_people(people: People) -> None:
    shown = (await people.claude.get(PATH)).text
    row = 'Agence des titres</a></th><td>Intérieur</td><td class="num">1</td><td class="num">1</td>'
    assert row in shown
    assert 'Mairie d&#39;Exemple</a></th><td>Intérieur</td><td class="num">1</td><td class="num">2</td>' in shown


async def test_a_new_name_and_ministry_are_those_of_its_procedures_and_in_the_journal(
    people: People, storage: Storage
) -> None:
    mairie = people.passeport.procedure.organisation_id
    sent = await people.claude.post(f"{PATH}/{mairie}", {"name": "Ville d'Exemple", "ministry": "Cohésion"})
    assert sent.headers["location"] == f"{PATH}/{mairie}?fait=organisation-changed"
    procedure = await storage.catalogue.procedure("passeport")
    assert procedure
    assert (procedure.organisation, procedure.ministry) == ("Ville d'Exemple", "Cohésion")
    (line,) = await storage.journal.before(Search(), number=1)
    assert (line.act, line.subject, line.details["before"]) == (
        "organisation.change",
        "Ville d'Exemple",
        "Mairie d'Exemple",
    )
    assert "Administration renommée" in (await people.claude.get("/admin/journal")).text
    await people.claude.post(f"{PATH}/{mairie}", {"name": "Ville d'Exemple", "ministry": "Cohésion"})
    assert (await storage.journal.before(Search(), number=1))[0].number == line.number, "nothing was changed"


async def test_a_name_that_is_taken_or_empty_is_refused_and_what_was_typed_stays(people: People) -> None:
    mairie = people.passeport.procedure.organisation_id
    taken = await people.claude.post(f"{PATH}/{mairie}", {"name": "Agence des titres", "ministry": "Intérieur"})
    assert (taken.status_code, "Réunissez-les plutôt" in taken.text) == (422, True)
    assert 'value="Agence des titres"' in taken.text
    assert (await people.claude.post(f"{PATH}/{mairie}", {"name": "", "ministry": "x"})).status_code == 422
    assert (await people.claude.post(f"{PATH}/999", {"name": "X", "ministry": "x"})).status_code == 404


async def test_what_a_merge_would_change_is_shown_before_it_does(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    old, new = people.other.procedure.organisation_id, people.passeport.procedure.organisation_id
    agency, mairie = await storage.catalogue.organisations()
    oscar = await storage.accounts.find("oscar@exemple.fr")
    assert oscar
    await storage.accounts.grant(oscar[0], mairie, "reader")
    await storage.services.add(name="Tableau", purpose="Lire", over=agency, role="reader", now=clock(), by="claude")
    shown = (await people.claude.get(f"{PATH}/{old}/reunir?into={new}")).text
    assert people.other.procedure.title in html.unescape(shown)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in shown.split("<tr>")[2:]]
    rows = [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells]
    assert rows == [
        ["Olga", "– aucun droit", "Gestionnaire", "Gestionnaire"],
        ["Oscar", "Gestionnaire", "Lecteur", "Gestionnaire"],
        ["Remi", "– aucun droit", "Lecteur", "Lecteur"],
        ["Tableau compte de service", "Lecteur", "– aucun droit", "Lecteur"],
    ]
    assert "Ministère :" not in shown
    await storage.organisations.rename(old, agency.name, "Cohésion", by="claude")
    shown = (await people.claude.get(f"{PATH}/{old}/reunir?into={new}")).text
    assert "Ministère : Cohésion → Intérieur" in shown
    assert len(await storage.catalogue.organisations()) == 2, "looking changed nothing"
    for into in ("", "999", str(old)):
        refused = await people.claude.get(f"{PATH}/{old}/reunir?into={into}")
        assert (refused.status_code, "Choisissez une des propositions" in refused.text) == (422, True)


async def test_two_become_one_with_procedures_rights_and_reviews(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    old, new = people.other.procedure.organisation_id, people.passeport.procedure.organisation_id
    oscar = await storage.accounts.find("oscar@exemple.fr")
    remi = await storage.accounts.find("remi@exemple.fr")
    assert oscar
    assert remi
    agency, mairie = await storage.catalogue.organisations()
    assert (agency.id, mairie.id) == (old, new)
    await storage.accounts.grant(remi[0], agency, "manager")
    await storage.accounts.grant(oscar[0], mairie, "reader")
    sent = await people.claude.post(f"{PATH}/{old}/reunir", {"into": str(new)})
    assert sent.headers["location"] == f"{PATH}/{new}?fait=organisation-merged"
    assert [one.organisation for one in await storage.catalogue.procedures()] == ["Mairie d'Exemple"] * 2
    # Of two rights the stronger stays, whichever organisation it was over.
    for user in (oscar[0], remi[0]):
        assert [(one.name, one.role) for one in await storage.accounts.rights(user)] == [
            ("Mairie d'Exemple", "manager")
        ]
    assert (await people.oscar.get("/admin/demarches/passeport/reglages")).status_code == 200
    assert (await send(people.claude.client, people.other.key)).status_code == 201
    (line,) = await storage.journal.before(Search(), number=1)
    assert (line.act, line.subject, line.details["into"], line.details["procedures_moved"]) == (
        "organisation.merge",
        "Agence des titres",
        "Mairie d'Exemple",
        1,
    )
    await found(storage, clock, "chasse", organisation="Agence des titres")
    assert len(await storage.catalogue.organisations()) == 2, "its name is free again"


async def test_nothing_is_merged_with_itself_or_with_what_does_not_exist(people: People, storage: Storage) -> None:
    mairie = people.passeport.procedure.organisation_id
    for into in ("", "999", str(mairie), "x"):
        refused = await people.claude.post(f"{PATH}/{mairie}/reunir", {"into": into})
        assert (refused.status_code, "Choisissez une des propositions" in refused.text) == (422, True)
    assert (await people.claude.post(f"{PATH}/999/reunir", {"into": str(mairie)})).status_code == 404
    assert len(await storage.catalogue.organisations()) == 2

"""What administrators read in the journal, and what the pages of the admin write into it."""

import csv
import io

from admin.accounts import digest_of
from admin.pages.journal import COLUMNS
from collector.storage import Storage
from collector.storage.accounts import MOST_REFUSED, REFUSED_IN
from collector.storage.acting import label_of
from collector.storage.journal import PAGE, PART, Search
from tests.conftest import ALICE, MovableClock
from tests.service.admin.conftest import PASSWORD, Browser, People


async def written(storage: Storage, since: int) -> list[tuple[str, str, str]]:
    """Who did what to what, oldest first, after line `since`."""
    lines = await storage.journal.before(Search(), number=1000)
    return [(line.actor, line.act, line.subject) for line in lines[::-1] if line.number > since]


async def last(storage: Storage) -> int:
    return (await storage.journal.before(Search(), number=1))[0].number


async def test_each_act_of_an_owner_is_written_under_their_name(people: People, storage: Storage) -> None:
    since, base, key = await last(storage), "/admin/demarches/passeport", people.passeport.key
    bruno, claude = people.bruno, people.claude
    await bruno.post(f"{base}/reglages", {"title": "Passeport", "audiences": "individuals", "origins": ""})
    await bruno.post(f"{base}/sites", {"origin": "https://b.exemple.fr"})
    await bruno.post(f"{base}/fermer")
    await bruno.post(f"{base}/ouvrir")
    await bruno.post(f"{base}/emplacements/{key}/fermer")
    await bruno.post(f"{base}/emplacements/{key}/rouvrir")
    await bruno.post(f"{base}/emplacements", {"label": "Guichet", "channel": "counter", "form": "satisfaction"})
    made = {"content": "reviews", "format": "csv", "recipient": "Observatoire", "expires": "7"}
    await bruno.post(f"{base}/exports", made)
    link = (await storage.links.all())[0].id
    await bruno.post(f"{base}/exports/{link}/revoquer")
    await claude.post(
        "/admin/utilisateurs", {"name": "E", "email": "e@exemple.fr", "role": "reader", "place": "procedure/passeport"}
    )
    invited = await storage.accounts.find("e@exemple.fr")
    assert invited
    number = invited[0].id
    await claude.post(f"/admin/utilisateurs/{number}/droits", {"place": "procedure/passeport", "role": "manager"})
    await claude.post(f"/admin/utilisateurs/{number}/droits/retirer", {"place": "procedure/passeport"})
    await claude.post(f"/admin/utilisateurs/{number}/lien")
    await claude.post(f"/admin/utilisateurs/{number}/desactiver")
    counter = (await storage.catalogue.placements(people.passeport.procedure))[-1].key
    assert await written(storage, since) == [
        ("bruno@exemple.fr", "procedure.change", "passeport"),
        ("bruno@exemple.fr", "procedure.change", "passeport"),
        ("bruno@exemple.fr", "procedure.state", "passeport"),
        ("bruno@exemple.fr", "procedure.state", "passeport"),
        ("bruno@exemple.fr", "placement.close", key),
        ("bruno@exemple.fr", "placement.open", key),
        ("bruno@exemple.fr", "placement.create", f"passeport/{counter}"),
        ("bruno@exemple.fr", "link.create", link),
        ("bruno@exemple.fr", "link.revoke", link),
        ("claude@exemple.fr", "user.create", "e@exemple.fr"),
        ("claude@exemple.fr", "user.rights", "e@exemple.fr"),
        ("claude@exemple.fr", "user.invite", "e@exemple.fr"),
        ("claude@exemple.fr", "user.rights", "e@exemple.fr"),
        ("claude@exemple.fr", "user.rights", "e@exemple.fr"),
        ("claude@exemple.fr", "user.invite", "e@exemple.fr"),
        ("claude@exemple.fr", "user.disable", "e@exemple.fr"),
    ]


async def test_signing_in_and_changing_a_password_are_written(
    anybody: Browser, people: People, storage: Storage
) -> None:
    since = await last(storage)
    await anybody.post("/admin/connexion", {"email": "bruno@exemple.fr", "password": "faux"})
    await anybody.post("/admin/connexion", {"email": "bruno@exemple.fr", "password": PASSWORD})
    new = "coquelicots et bleuets 77"
    await anybody.post("/admin/compte", {"old": PASSWORD, "new": new, "again": new})
    await people.claude.post(
        "/admin/nouvelle-demarche",
        {"title": "Permis de chasse", "organisation": "Office", "audiences": "individuals"},
    )
    assert await written(storage, since) == [
        ("nobody", "session.refuse", "bruno@exemple.fr"),
        ("bruno@exemple.fr", "session.open", "bruno@exemple.fr"),
        ("bruno@exemple.fr", "user.password", "bruno@exemple.fr"),
        ("claude@exemple.fr", "procedure.create", "permis-de-chasse"),
    ]


async def test_a_failed_sign_in_is_written_without_what_was_typed_unless_that_is_an_account(
    anybody: Browser, people: People, storage: Storage, clock: MovableClock
) -> None:
    since = await last(storage)
    for email in (" Bruno@Exemple.fr", "mot-de-passe-tape-au-mauvais-endroit", "mot-de-passe-tape-au-mauvais-endroit"):
        await anybody.post("/admin/connexion", {"email": email, "password": "faux"})
    assert (await people.claude.get("/admin/journal?actor=nobody")).text.count("Connexion refusée") == 4, (
        "3 and a choice"
    )
    clock.move(days=1)
    await anybody.post("/admin/connexion", {"email": "mot-de-passe-tape-au-mauvais-endroit", "password": "faux"})
    (_, act, known), *unknown = await written(storage, since)
    assert (act, known) == ("session.refuse", "bruno@exemple.fr")
    names = [subject for _, _, subject in unknown]
    assert names[0] == names[1] != names[2], "the same name for a day, and another tomorrow"
    every = await storage.journal.before(Search(act="session.refuse"))
    assert "mauvais-endroit" not in f"{every}"
    assert ALICE not in f"{every}"


async def test_a_password_guessed_from_an_open_session_is_written(people: People, storage: Storage) -> None:
    since, new = await last(storage), "coquelicots et bleuets 77"
    await people.bruno.post("/admin/compte", {"old": "deviné", "new": new, "again": new})
    assert await written(storage, since) == [("nobody", "session.refuse", "bruno@exemple.fr")]


async def test_a_flood_of_failed_sign_ins_does_not_drown_the_rest(storage: Storage, clock: MovableClock) -> None:
    for n in range(MOST_REFUSED + 150):
        await storage.accounts.refuse_session(f"{n}", clock())
    lines = await storage.journal.before(Search(act="session.refuse"), number=1000)
    assert [line.details["this_hour"] for line in lines][:2] == [MOST_REFUSED + 100, MOST_REFUSED]
    assert len(lines) == MOST_REFUSED + 1
    clock.move(seconds=REFUSED_IN)
    await storage.accounts.refuse_session("later", clock())
    assert (await storage.journal.before(Search(), number=1))[0].details == {"this_hour": 1}


async def test_signing_out_is_written_once(anybody: Browser, people: People, storage: Storage) -> None:
    await anybody.post("/admin/connexion", {"email": "bruno@exemple.fr", "password": PASSWORD})
    since = await last(storage)
    for _ in range(2):
        await anybody.post("/admin/deconnexion")
    assert await written(storage, since) == [("bruno@exemple.fr", "session.close", "bruno@exemple.fr")]


async def test_an_administrator_searches_it(people: People, storage: Storage, clock: MovableClock) -> None:
    clock.move(days=2)
    await storage.catalogue.set_state("passeport", "closed", by="bruno@exemple.fr")
    clock.move(days=-2)
    everything = (await people.claude.get("/admin/journal")).text
    assert "Démarche ouverte ou fermée" in everything
    assert "commande avis" in everything
    assert "14/03/2026 à 12:00:00" in everything
    assert "état\u202f: Fermée" in everything
    own = (await people.claude.get("/admin/journal?actor=Bruno@exemple.fr%20&act=procedure.state")).text
    assert own.count("<tr>") == 2, "the head, and one line"
    for nothing in ("actor=nobody@exemple.fr", "from=2026-03-15", "to=2026-03-11", "act=review.mask"):
        assert "Aucune ligne ne correspond" in (await people.claude.get(f"/admin/journal?{nothing}")).text
    for day in ("from=2026-03-14", "to=2026-03-14"):
        found = (await people.claude.get(f"/admin/journal?{day}")).text
        assert ("état\u202f: Fermée" in found, "Connexion<br>" in found) == (True, day.startswith("to"))


async def test_it_is_read_in_pages(people: People, storage: Storage) -> None:
    for _ in range(60):
        await people.bruno.post("/admin/demarches/passeport/fermer")
    first = await people.claude.get("/admin/journal?act=procedure.state")
    assert first.text.count("<tr>") == 51
    assert "Revenir aux plus récentes" not in first.text
    at = first.text.index("before=")
    before = first.text[at : first.text.index('"', at)]
    second = await people.claude.get(f"/admin/journal?act=procedure.state&{before}")
    assert second.text.count("<tr>") == 11
    assert "Revenir aux plus récentes" in second.text
    assert (await people.claude.get("/admin/journal?before=n%27importe")).text.count("<tr>") == 51


async def test_a_search_that_cannot_be_understood_says_what_to_change(people: People) -> None:
    for query, words in (
        ("act=rien", "Choisissez une des propositions."),
        ("from=12/03/2026", "Écrivez une date qui existe"),
        ("from=2026-03-12&to=2026-03-11", "La fin vient avant le début."),
    ):
        answer = await people.claude.get(f"/admin/journal?{query}")
        assert answer.status_code == 422
        assert words in answer.text


async def test_it_says_from_which_session_as_its_holder_sees_it(people: People, anybody: Browser) -> None:
    await anybody.post("/admin/connexion", {"email": "bruno@exemple.fr", "password": PASSWORD})
    await anybody.post("/admin/demarches/passeport/fermer")
    assert anybody.token
    label = label_of(digest_of(anybody.token))
    assert f"{label} dans le journal" in (await anybody.get("/admin/compte")).text
    found = (await people.claude.get(f"/admin/journal?session={label}")).text
    assert found.count("<tr>") == 3, "the head, the sign-in and the closing"
    assert "Démarche ouverte ou fermée" in found
    assert anybody.token not in found
    assert (await people.claude.get("/admin/journal?subject=passep&act=procedure.state")).text.count("<tr>") == 2


async def test_it_is_taken_along_as_a_file_that_no_spreadsheet_runs(people: People, storage: Storage) -> None:
    async with storage.engine.write() as connection:
        for n in range(PAGE + 20):
            await storage.journal.append(connection, by="service", act="reviews.purge", subject=f"=1+{n}")
    answer = await people.claude.get("/admin/journal.csv?act=reviews.purge")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="journal-2026-03-12.csv"'
    assert answer.headers["cache-control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert list(rows[0]) == list(COLUMNS)
    assert [row["subject"] for row in rows] == [f"'=1+{n}" for n in reversed(range(PAGE + 20))]
    lines = {line.number: line for line in await storage.journal.before(Search(), number=10_000)}
    assert all(lines[int(row["number"])].digest == row["digest"] for row in rows)
    (line,) = await storage.journal.before(Search(act="journal.export"))
    assert (line.actor, line.details) == ("claude@exemple.fr", {"searched": "act=reviews.purge"})
    assert (await people.claude.get("/admin/journal.csv?act=rien")).status_code == 400


async def test_a_page_says_whether_the_chain_holds(people: People, storage: Storage) -> None:
    whole = (await people.claude.get("/admin/journal/controle")).text
    assert "intactes" in whole
    assert "C’est le début du journal" in whole
    (line,) = await storage.journal.before(Search(), number=1)
    assert line.digest in whole
    async with storage.engine.write() as connection:
        await connection.execute("UPDATE journal SET actor = 'x' WHERE number = 3")
    assert "La ligne 3 manque ou a été modifiée" in (await people.claude.get("/admin/journal/controle")).text


async def test_a_chain_that_somebody_else_sealed_is_told(people: People, storage: Storage) -> None:
    async with storage.engine.write() as connection:
        await connection.execute("UPDATE journal_head SET seal = ''")
    assert "scellée par aucune clé" in (await people.claude.get("/admin/journal/controle")).text


async def test_a_long_chain_is_checked_part_by_part(people: People, storage: Storage) -> None:
    for _ in range(10):
        async with storage.engine.write() as connection:
            for n in range(PART // 10):
                await storage.journal.append(connection, by="service", act="reviews.purge", subject=f"{n}")
    first = (await people.claude.get("/admin/journal/controle")).text
    assert "5\u202f000 lignes intactes" in first
    at = first.index("/admin/journal/controle?before=")
    rest = (await people.claude.get(first[at : first.index('"', at)])).text
    assert "C’est le début du journal" in rest
    assert "Dernière empreinte" not in rest

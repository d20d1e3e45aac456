"""Accounts in bulk: a row for each right, nothing taken away, invitations only where somebody asked for them."""

import pytest

from collector.storage import Storage
from collector.storage.journal import Search
from tests.conftest import MovableClock
from tests.service.admin.conftest import People
from tests.service.admin.test_import import imported, tried

SHEET = "utilisateurs"
HEAD = "Adresse électronique;Nom;Rôle;Administration;Ministère;Démarche\r\n"
ZOE = "Zoe@Exemple.fr;Zoé Exemple;Gestionnaire;Agence des titres;;\r\nzoe@exemple.fr;Zoé;Lecteur;;;passeport\r\n"


async def test_accounts_are_made_with_their_rights_and_the_second_time_nothing_changes(
    people: People, storage: Storage
) -> None:
    content = (HEAD + ZOE + "rachel@exemple.fr;Rachel;Gestionnaire;;;passeport\r\n").encode()
    shown = await tried(people.claude, content, SHEET)
    assert "<del>Lecteur</del> → <ins>Gestionnaire</ins>" in shown.text
    assert "n’envoie pas de courriel" in shown.text
    assert await storage.accounts.find("zoe@exemple.fr") is None, "nothing is changed by trying"
    assert (await imported(people.claude, shown, SHEET)).status_code == 303
    zoe = await storage.accounts.find("zoe@exemple.fr")
    assert zoe
    assert (zoe[0].name, zoe[0].invited, zoe[0].administrator) == ("Zoé Exemple", True, False)
    assert [(one.name, one.role) for one in await storage.accounts.rights(zoe[0])] == [
        ("Agence des titres", "manager"),
        ("Demander un passeport", "reader"),
    ]
    assert (await people.rachel.get("/admin/demarches/passeport/reglages")).status_code == 200
    acts = [(line.act, line.subject) for line in await storage.journal.before(Search(), number=4)]
    assert acts == [
        ("user.rights", "rachel@exemple.fr"),
        ("user.rights", "zoe@exemple.fr"),
        ("user.rights", "zoe@exemple.fr"),
        ("user.create", "zoe@exemple.fr"),
    ]
    assert (await storage.journal.verify()).broken is None
    assert "il n’y a rien à importer" in (await tried(people.claude, content, SHEET)).text


async def test_each_row_that_gives_no_right_is_told_why(people: People, storage: Storage, clock: MovableClock) -> None:
    await storage.catalogue.organisation("Agence des titres", "Transports")
    await storage.accounts.disable("samir@exemple.fr", clock())
    rows = [
        "pas une adresse;X;Lecteur;;;passeport",
        "a@exemple.fr;;Lecteur;;;passeport",
        "b@exemple.fr;B;Chef;;;passeport",
        "c@exemple.fr;C;Lecteur;;;",
        "d@exemple.fr;D;Lecteur;Agence des titres;;",
        "e@exemple.fr;E;Lecteur;Inconnue;;",
        "f@exemple.fr;F;Lecteur;;;inconnue",
        "g@exemple.fr;G;Lecteur;Agence des titres;Transports;passeport",
        "h@exemple.fr;H;Administrateur;;;passeport",
        "samir@exemple.fr;Samir;Lecteur;;;passeport",
        "i@exemple.fr;I;Lecteur;;;passeport",
        "i@exemple.fr;I;Gestionnaire;;;passeport",
    ]
    shown = await tried(people.claude, (HEAD + "\r\n".join(rows)).encode(), SHEET)
    for told in (
        "Écrivez une adresse comme",
        "Nom</strong> : Ce champ est à remplir.",
        "« Chef » n&#39;est pas connu. Écrivez : Administrateur, Gestionnaire, Lecteur.",
        "Donnez une administration ou l&#39;identifiant d&#39;une démarche.",
        "Donnez le ministère : Intérieur, Transports.",
        "« Inconnue » n&#39;est pas connue.",
        "Aucune démarche n&#39;a l&#39;identifiant « inconnue ».",
        "pas les deux",
        "Un administrateur peut déjà tout",
        "Ce compte est désactivé",
        "déjà à la ligne 12",
    ):
        assert told in shown.text, told
    assert "<strong>11</strong> à corriger" in shown.text


async def test_an_administrator_can_be_made_by_a_row(people: People, storage: Storage) -> None:
    shown = await tried(people.claude, (HEAD + "rachel@exemple.fr;;Administrateur;;;\r\n").encode(), SHEET)
    assert (await imported(people.claude, shown, SHEET)).status_code == 303
    assert (await people.rachel.get("/admin/journal")).status_code == 200


@pytest.mark.parametrize("format", ["csv", "xlsx"])
async def test_the_export_of_accounts_can_be_imported_again(people: People, storage: Storage, format: str) -> None:
    file = await people.claude.get(f"/admin/export/{SHEET}.{format}")
    shown = await tried(people.claude, file.content, SHEET)
    assert "il n’y a rien à importer" in shown.text
    assert "<strong>8</strong> inchangée" in shown.text

"""The page of declared criteria: what is said, by whom, with what evidence; corrected, refused in words, undone."""

import re

import pytest

from collector.criteria import CRITERIA
from collector.operations.days import OperationsDay, key_of
from collector.storage import Storage
from tests.conftest import MovableClock, broken
from tests.service.admin.conftest import People

BASE = "/admin/demarches/passeport/criteres"


def fields(name: str, **typed: str | list[str]) -> dict[str, str | list[str]]:
    return {"criterion": name, **{f"{name}-{field}": value for field, value in typed.items()}}


AVAILABLE = fields(
    "availability", said="declared", value="99,89 %", day="2026-03-01", evidence="https://suivi.exemple.fr/passeport"
)


def card(text: str, name: str) -> str:
    """What the page shows of a criterion, without its form."""
    found = re.search(rf'<li class="panel" id="{name}">(.*?)(?:<details|</li>)', text, flags=re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


async def test_before_anything_is_declared_the_page_says_what_to_do(people: People) -> None:
    text = (await people.bruno.get(BASE)).text
    assert "Aucun critère n’est déclaré" in text
    assert "Ouvrez « Déclarer »" in text
    assert all("Non déclaré" in card(text, one.name) for one in CRITERIA)
    reader = (await people.rachel.get(BASE)).text
    assert "Les gestionnaires de la démarche déclarent ici" in reader
    assert f'action="{BASE}' not in reader, "a reader looks and does not act"


async def test_a_criterion_is_declared_with_its_level_its_day_and_its_evidence(
    people: People, storage: Storage
) -> None:
    answer = await people.bruno.post(BASE, AVAILABLE)
    assert answer.status_code == 303
    text = (await people.bruno.get(answer.headers["location"])).text
    assert "La déclaration est enregistrée." in text
    assert "Annuler cette déclaration" in text
    said = card(text, "availability")
    assert "99,89 % Moyen" in said
    assert "Constaté le 1er mars 2026 par bruno@exemple.fr · preuve sur suivi.exemple.fr" in said
    assert 'href="https://suivi.exemple.fr/passeport"' in text
    assert "1 sur 9 critères ont une réponse." in text
    held = await storage.criteria.of(people.passeport.procedure)
    assert held["availability"].said.value == "99.89"
    again = await people.bruno.post(BASE, AVAILABLE)
    assert "criterion-same" in again.headers["location"]


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (fields("online", said="partly", day="2026-03-01"), "En partie Moyen"),
        (fields("support", said="declared", means=["email", "phone"], day="2026-03-01"), "Téléphone, Courriel Bon"),
        (fields("support", said="declared", day="2026-03-01"), "Aucun Insuffisant"),
        (fields("franceconnect", said="not_applicable", day="2026-03-01"), "Ne concerne pas cette démarche"),
        (fields("once", said="declared", value="4", day="2026-03-12"), "4 Moyen"),
        (fields("response_time", said="declared", value="1 200", day="2026-03-12"), "1200 ms Insuffisant"),
    ],
)
async def test_each_kind_of_criterion_reads_as_it_was_declared(
    people: People, sent: dict[str, str | list[str]], shown: str
) -> None:
    assert (await people.bruno.post(BASE, sent)).status_code == 303
    text = (await people.bruno.get(BASE)).text
    assert shown in card(text, str(sent["criterion"]))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"said": ""}, "Choisissez une des propositions."),
        ({"said": "yes"}, "Choisissez une des propositions."),
        ({"value": ""}, "Ce champ est à remplir."),
        ({"value": "99,899"}, "Écrivez un nombre de 0 à 100, avec 2 décimale(s) au plus."),
        ({"day": "2026-03-13"}, "Choisissez un jour passé"),
        ({"day": ""}, "Choisissez une date."),
        ({"evidence": "http://suivi.exemple.fr"}, "Collez l&#39;adresse complète d&#39;une page"),
        ({"evidence": "javascript:alert(1)"}, "Collez l&#39;adresse complète d&#39;une page"),
        ({"evidence": "https://bruno:secret@exemple.fr/"}, "Collez l&#39;adresse complète d&#39;une page"),
        ({"evidence": "https://exemple.fr:x/"}, "Collez l&#39;adresse complète d&#39;une page"),
        ({"evidence": "https://localhost/"}, "Collez l&#39;adresse complète d&#39;une page"),
        ({"evidence": "https://exemple.fr/" + "x" * 500}, "Raccourcissez ce texte"),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_stays(
    people: People, storage: Storage, changed: dict[str, str], message: str
) -> None:
    sent = {**AVAILABLE, **{f"availability-{name}": value for name, value in changed.items()}}
    answer = await people.bruno.post(BASE, sent)
    assert answer.status_code == 422
    assert message in answer.text
    for name in set(changed) - {"said"}:
        assert f'value="{changed[name]}"' in answer.text
    if "value" not in changed:
        assert 'value="99,89 %"' in answer.text
    assert await storage.criteria.of(people.passeport.procedure) == {}


async def test_a_whole_number_is_asked_for_where_one_is_needed(people: People) -> None:
    answer = await people.bruno.post(BASE, fields("once", said="declared", value="1,5", day="2026-03-01"))
    assert "Écrivez un nombre entier, de 0 à 999." in answer.text


async def test_a_declaration_is_undone_once(people: People) -> None:
    await people.bruno.post(BASE, fields("availability", said="declared", value="95", day="2026-01-01"))
    answer = await people.bruno.post(BASE, AVAILABLE)
    line = answer.headers["location"].split("declared=")[1].split("&")[0]
    undone = await people.bruno.post(f"{BASE}/annuler", {"id": line})
    text = (await people.bruno.get(undone.headers["location"])).text
    assert "La déclaration est annulée" in text
    assert "95 % Insuffisant" in card(text, "availability")
    assert text.count("99,89") == 1, "the history keeps it"
    late = await people.bruno.post(f"{BASE}/annuler", {"id": line})
    assert late.status_code == 409
    assert "il n&#39;y a plus rien à annuler" in late.text
    assert (await people.bruno.post(f"{BASE}/annuler", {"id": "1 OR 1"})).status_code == 400


async def test_what_was_declared_can_be_taken_back_for_good(people: People, storage: Storage) -> None:
    nothing = await people.bruno.post(BASE, fields("online", said="not_declared", day="2026-03-01"))
    assert "criterion-same" in nothing.headers["location"], "there was nothing to take back"
    await people.bruno.post(BASE, fields("online", said="yes", day="2026-02-01"))
    answer = await people.bruno.post(BASE, fields("online", said="not_declared", day="2026-03-01"))
    assert "criterion-declared" in answer.headers["location"]
    again = await people.bruno.post(BASE, fields("online", said="not_declared", day="2026-03-01"))
    assert "criterion-same" in again.headers["location"]
    assert "Non déclaré" in card((await people.bruno.get(BASE)).text, "online")
    assert (await storage.criteria.on(people.passeport.procedure, "2026-02-15"))["online"].standing == "not_declared"


async def test_the_share_of_use_online_is_proposed_from_operations_data(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    async def bring(*days: OperationsDay) -> None:
        given = {key_of(one): one for one in days}
        await storage.operations.bring(people.passeport.procedure, given, now=clock(), by="bruno")

    await bring(OperationsDay("2026-03-09", "online", None, 819, None))
    assert "Vos données d’exploitation disent" not in (await people.bruno.get(BASE)).text, "of one channel alone"
    await bring(OperationsDay("2026-03-09", "counter", None, 182, None))
    text = (await people.bruno.get(BASE)).text
    assert "Vos données d’exploitation disent 81,8 % sur douze mois, jusqu’au 9 mars 2026." in text
    assert "Déclarer 81,8 %" not in (await people.rachel.get(BASE)).text
    sent = dict(re.findall(r'type="hidden" name="(online_share-\w+)" value="([^"]*)"', text))
    await people.bruno.post(BASE, {"criterion": "online_share", **sent})
    after = (await people.bruno.get(BASE)).text
    assert "81,8 %" in card(after, "online_share")
    assert "Déclarer 81,8 %" not in after, "it is declared"


async def test_the_page_reads_in_english(people: People) -> None:
    await people.bruno.post(BASE, AVAILABLE)
    people.bruno.language = "en"
    text = (await people.bruno.get(BASE)).text
    assert "99.89% Fair" in card(text, "availability")


async def test_when_the_database_is_away_nothing_is_declared(people: People, storage: Storage) -> None:
    async with broken(storage, "criterion"):
        assert (await people.bruno.get(BASE)).status_code == 503
        assert (await people.bruno.post(BASE, AVAILABLE)).status_code == 503
    assert await storage.criteria.of(people.passeport.procedure) == {}

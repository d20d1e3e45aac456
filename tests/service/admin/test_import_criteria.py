"""Criteria in the table of procedures: a cell says the value, the day and the evidence, and comes back as it left."""

import pytest

from admin.bulk.criteria import COLUMNS as OF_CRITERIA
from admin.bulk.files import Row
from admin.bulk.kinds import KINDS
from admin.bulk.procedures import plan
from collector.criteria import CRITERIA, Statement
from collector.errors import Conflict
from collector.storage import Storage
from collector.storage.bulk import Catalogued
from collector.storage.journal import Search
from tests.conftest import NOON, MovableClock
from tests.service.admin.conftest import People

TODAY = NOON.date()
SAID = {
    "online": Statement("declared", "partly", None, "2026-03-01"),
    "support": Statement("declared", "phone,email", "https://aide.exemple.fr/contact?a=1", "2026-03-02"),
    "franceconnect": Statement("not_applicable", None, None, "2026-03-01"),
    "smartphone": Statement("declared", "yes", None, "2026-03-01"),
    "availability": Statement("declared", "99.89", "https://suivi.exemple.fr/", "2026-03-01"),
    "response_time": Statement("declared", "1200", None, "2026-03-01"),
    "accessibility": Statement("declared", "100", None, "2026-03-01"),
    "once": Statement("declared", "0", None, "2026-03-12"),
    "online_share": Statement("declared", "81.9", None, "2026-03-01"),
}


async def tried(storage: Storage, **cells: str) -> tuple[Catalogued, list[str], dict[str, str], dict[str, Statement]]:
    """What was there, and of one row: what it does, what is wrong with it, what is declared by it."""
    there = await storage.bulk.catalogued()
    (line,) = plan([Row(2, {"slug": "passeport", **cells})], there.known, there.organisations, TODAY).lines
    changes = [f"{one.column}: {one.before} > {one.after}" for one in line.changes]
    return there, changes or [line.deed], dict(line.errors), dict(line.wanted.criteria) if line.wanted else {}


def test_there_is_a_column_for_each_criterion() -> None:
    assert list(OF_CRITERIA) == [one.name for one in CRITERIA]


async def test_what_is_exported_is_imported_elsewhere_and_changes_nothing_here(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    await storage.criteria.declare(people.passeport.procedure, SAID, now=clock(), by="bruno")
    cells = next(one for one in await KINDS["demarches"].cells(storage) if one["slug"] == "passeport")
    assert cells["availability"] == "99,89 % | 2026-03-01 | https://suivi.exemple.fr/"
    assert cells["support"] == "Téléphone, Courriel | 2026-03-02 | https://aide.exemple.fr/contact?a=1"
    assert cells["franceconnect"] == "Ne concerne pas cette démarche | 2026-03-01"
    trial = await KINDS["demarches"].trial(storage, [Row(2, cells), Row(3, {**cells, "slug": "ailleurs"})], TODAY)
    assert [line.deed for line in trial.plan.lines] == ["leave", "create"]
    await trial.put(clock(), "claude")
    other = await storage.catalogue.procedure("ailleurs")
    assert other
    held = await storage.criteria.of(other)
    assert {name: one.said for name, one in held.items()} == SAID
    assert {one.by for one in held.values()} == {"claude"}
    assert len(await storage.criteria.history(people.passeport.procedure)) == len(SAID), "nothing was said again"


async def test_an_import_writes_lines_and_says_so_in_the_journal(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    rows = [Row(2, {"slug": "passeport", "availability": "99,95 | 2026-03-01", "online": ""})]
    trial = await KINDS["demarches"].trial(storage, rows, TODAY)
    (line,) = trial.plan.lines
    assert [(one.column, one.before, one.after) for one in line.changes] == [
        ("availability", "", "99,95 % | 2026-03-01")
    ]
    await trial.put(clock(), "claude")
    (said,) = await storage.journal.before(Search(act="criterion.declare"))
    assert (said.actor, said.subject, said.details["value"]) == ("claude", "passeport/availability", "99.95")
    again = await KINDS["demarches"].trial(storage, rows, TODAY)
    assert [line.deed for line in again.plan.lines] == ["leave"]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("99.9 | 2026-03-01", Statement("declared", "99.9", None, "2026-03-01")),
        (
            "99,9 % | https://exemple.fr/ | 2026-03-01",
            Statement("declared", "99.9", "https://exemple.fr/", "2026-03-01"),
        ),
        ("ne concerne pas cette demarche | 2026-03-01", Statement("not_applicable", None, None, "2026-03-01")),
        ("not_applicable | 2026-03-01", Statement("not_applicable", None, None, "2026-03-01")),
    ],
)
async def test_a_cell_is_read_as_people_write_it(people: People, storage: Storage, cell: str, said: Statement) -> None:
    _, _, errors, declared = await tried(storage, availability=cell)
    assert errors == {}
    assert declared == {"availability": said}


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("availability", "99,9", "Choisissez une date. Exemple d'une cellule : 99,95 | 2026-03-01"),
        ("availability", "beaucoup | 2026-03-01", "Écrivez un nombre de 0 à 100"),
        ("availability", "99 | 2026-03-13", "Choisissez un jour passé"),
        ("availability", "99 | hier", "Écrivez une date qui existe"),
        ("availability", "99 | 2026-03-01 | http://exemple.fr", "Collez l'adresse complète"),
        ("online", "peut-être | 2026-03-01", "« peut-être » n'est pas connu. Écrivez : Oui, En partie, Non"),
        ("support", "Pigeon | 2026-03-01", "« Pigeon » n'est pas connu. Écrivez : Guichet, Téléphone"),
    ],
)
async def test_what_cannot_be_read_is_said_by_column(
    people: People, storage: Storage, column: str, cell: str, message: str
) -> None:
    _, (deed,), errors, _ = await tried(storage, **{column: cell})
    assert deed == "refuse"
    assert message in errors[column]


async def test_an_empty_cell_says_nothing_and_not_declared_takes_back(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    await storage.criteria.declare(people.passeport.procedure, {"online": SAID["online"]}, now=clock(), by="bruno")
    _, deeds, _, _ = await tried(storage, online="")
    assert deeds == ["leave"]
    _, deeds, _, _ = await tried(storage, smartphone="Non déclaré")
    assert deeds == ["leave"], "nobody had declared it"
    there, deeds, _, declared = await tried(storage, online="Non déclaré")
    assert deeds == ["online: En partie | 2026-03-01 > "]
    assert declared == {"online": Statement(day="2026-03-01")}
    assert there.known[0].criteria


async def test_what_a_manager_declares_after_the_trial_is_not_written_over(
    people: People, storage: Storage, clock: MovableClock
) -> None:
    trial = await KINDS["demarches"].trial(storage, [Row(2, {"slug": "passeport", "once": "2 | 2026-03-01"})], TODAY)
    await storage.criteria.declare(people.passeport.procedure, {"once": SAID["once"]}, now=clock(), by="bruno")
    with pytest.raises(Conflict, match="a changé depuis l'essai"):
        await trial.put(clock(), "claude")
    assert (await storage.criteria.of(people.passeport.procedure))["once"].said == SAID["once"]

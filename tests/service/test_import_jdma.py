"""`avis import-jdma`: the national service's files, with the figures that it computes of the same lines."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collector.indicators import indicators
from collector.schema import Procedure
from collector.settings import load
from collector.storage import Storage
from collector.storage.reviews import Listed
from tests.conftest import NOON
from tests.national import MALFUNCTION, QUESTIONS, Row, figures, opinions, written_csv, written_xlsx
from tests.service.test_commands import ADD, Commands

NAMED = "Avis_Demander_un_passeport_2026-03-12_10-00-00"
Asked = Callable[[Storage, Procedure], Awaitable[Any]]


@pytest.fixture
def run(environ: dict[str, str]) -> Commands:
    run = Commands(environ)
    run("migrate")
    run(*ADD)
    return run


@pytest.fixture
def ask(environ: dict[str, str], run: Commands) -> Callable[[Asked], Any]:
    """Ask the database something about the procedure."""

    async def asked(question: Asked) -> Any:
        storage = Storage(load(environ))
        await storage.open()
        try:
            procedure = await storage.catalogue.procedure("passeport")
            assert procedure
            return await question(storage, procedure)
        finally:
            await storage.close()

    return lambda question: asyncio.run(asked(question))


async def every_review(storage: Storage, procedure: Procedure) -> list[Any]:
    changed = await storage.reviews.changed(
        (procedure.id,), after=0, last=2**62, from_day=None, to_day=None, number=10_000
    )
    return [each.review for each in changed.met if isinstance(each, Listed)]


@pytest.mark.parametrize("write", [written_csv, written_xlsx])
def test_imported_lines_give_the_figures_of_the_national_service(
    run: Commands, ask: Callable[[Asked], Any], tmp_path: Path, write: Callable[[Path, list[Row]], Path]
) -> None:
    rows = opinions(600)
    file = write(tmp_path / f"{NAMED}{'.csv' if write is written_csv else '.xlsx'}", rows)
    (done,) = run.json("import-jdma", str(file))
    assert (done["procedure"], done["imported"], done["refused"]) == ("passeport", 600, 0)
    counts = ask(lambda storage, procedure: storage.reviews.counts(procedure, "2023-01-01", "2026-12-31"))
    assert {one.name: one.value for one in indicators(counts)} == pytest.approx(figures(rows))
    (line,) = [one for one in run.json("journal") if one["act"] == "reviews.import"]
    assert (line["actor"], line["subject"], line["details"]) == (
        "command",
        "passeport",
        {"already": 0, "imported": 600},
    )


def test_what_is_imported_is_masked_dated_and_knows_no_address(
    run: Commands, ask: Callable[[Asked], Any], environ: dict[str, str], tmp_path: Path
) -> None:
    at = datetime(2024, 3, 31, 22, 30, 59, tzinfo=UTC)
    row: Row = (
        at, "Formulaire", "Page de fin", "1a2b3c4", "Moyen", "4", "Par chat / Autres, précisez", "Par chat : Oui",
        "Par chat : Ni bonne, ni mauvaise", "Je suis Alice Martin, 06 12 34 56 78", "alice.martin@exemple.fr",
    )  # fmt: skip
    run("import-jdma", str(written_csv(tmp_path / "x.csv", [row])), "--procedure", "passeport")
    (review,) = ask(every_review)
    assert (review.day, review.minute) == ("2024-04-01", int(at.timestamp()) // 60), "Paris is two hours ahead"
    assert (review.satisfaction, review.comprehension) == ("medium", 4)
    assert review.contact_tried == ("chat", "other")
    assert (review.contact_reached, review.contact_satisfaction) == ({"chat": True}, {"chat": 3})
    assert "06 12" not in review.verbatim
    assert "Martin" not in review.verbatim
    if not environ["AVIS_DATABASE"]:
        stored = (Path(environ["AVIS_DATA"]) / "avis.db").read_bytes()
        assert b"alice.martin" not in stored
        assert b"06 12 34" not in stored


def test_the_same_file_again_adds_nothing_and_a_longer_one_adds_the_rest(
    run: Commands, ask: Callable[[Asked], Any], tmp_path: Path
) -> None:
    rows = opinions(30)
    first = written_csv(tmp_path / f"{NAMED}.csv", rows[:20])
    assert run.json("import-jdma", str(first))[0]["imported"] == 20
    assert (
        run.json("import-jdma", str(first))[0] | {"imported": 0, "already": 20}
        == run.json("import-jdma", str(first))[0]
    )
    (longer,) = run.json("import-jdma", str(written_xlsx(tmp_path / "all.xlsx", rows)), "--procedure", "passeport")
    assert (longer["imported"], longer["already"]) == (10, 20), "the workbook's moments are those of the CSV file"
    assert len(ask(every_review)) == 30


def test_buttons_become_placements_once(run: Commands, tmp_path: Path) -> None:
    file = str(written_csv(tmp_path / f"{NAMED}.csv", opinions(20)))
    assert sorted(run.json("import-jdma", file)[0]["placements"]) == ["Courriel", "Page de fin"]
    assert run.json("import-jdma", file)[0]["placements"] == []
    labels = [one["label"] for one in run.json("placement", "list", "--procedure", "passeport")]
    assert sorted(labels) == ["Courriel", "Fin de démarche", "Page de fin"]


def test_what_cannot_be_read_is_told_line_by_line_and_the_rest_is_imported(
    run: Commands, ask: Callable[[Asked], Any], tmp_path: Path
) -> None:
    (good,) = opinions(1)
    at = good[0]
    rows: list[Row] = [
        good,
        (at, "F", "B", "b1", "", "4"),
        (at, "F", "B", "", "Moyen"),
        (datetime.now(UTC) + timedelta(days=2), "F", "B", "b2", "Moyen"),
        (at, "F", "B", "b3", "Très bien", "12", "Par pigeon / Une association", "Au guichet : Peut-être"),
        (at, "F", "B", "b4", "Très bien", "", "", "", "", "x" * 5001),
    ]
    file = written_csv(tmp_path / f"{NAMED}.csv", rows, [*QUESTIONS, "Avez-vous ri ?"])
    said = run("import-jdma", str(file), code=1)
    for wanted in (
        "ligne 3, satisfaction : Il manque la première réponse",
        "ligne 4, id : Il manque l'identifiant",
        "ligne 5, date : Le ",
        "ligne 6, comprehension : « 12 » n'est pas une réponse",
        "ligne 6, contact_tried : « Par pigeon »",
        "ligne 6, contact_reached : « Peut-être »",
        "ligne 7, verbatim : Ce texte a 5001 caractères : coupé après 5000.",
        "Colonnes laissées de côté, parce que le formulaire ne les a pas : Avez-vous ri ?",
        "3 avis, 3 ligne(s) refusée(s), 0 déjà là",
    ):
        assert wanted in said
    kept = {len(review.verbatim or ""): review for review in ask(every_review) if review.satisfaction == "good"}
    assert kept[0].contact_tried == ("association",)
    assert 5000 in kept


def test_a_dry_run_stores_nothing(run: Commands, ask: Callable[[Asked], Any], tmp_path: Path) -> None:
    file = written_csv(tmp_path / f"{NAMED}.csv", opinions(5))
    assert "Rien n'est enregistré (essai). Ce serait : 5 avis" in run("import-jdma", str(file), "--dry-run")
    assert ask(every_review) == []
    assert len(run.json("placement", "list", "--procedure", "passeport")) == 1


def test_malfunctions_are_imported_as_such(run: Commands, ask: Callable[[Asked], Any], tmp_path: Path) -> None:
    rows: list[Row] = [
        (NOON, "Remontées", "Pied de page", "c1", "J'ai un problème technique avec le site", "La page reste blanche"),
        (
            NOON,
            "Remontées",
            "Pied de page",
            "c2",
            "J'ai une suggestion d'amélioration pour le site",
            "Un bouton retour",
        ),
    ]
    run("import-jdma", str(written_csv(tmp_path / f"{NAMED}.csv", rows, MALFUNCTION)))
    assert [(one.form, one.kind, one.verbatim) for one in ask(every_review)] == [
        ("malfunction", "technical", "La page reste blanche"),
        ("malfunction", "suggestion", "Un bouton retour"),
    ]


def test_a_file_of_something_else_or_of_nobody_is_refused(run: Commands, tmp_path: Path) -> None:
    other = tmp_path / "x.csv"
    other.write_text("nom;prénom\nMartin;Alice\n")
    with pytest.raises(Exception, match="n'a pas la colonne « Date de l'avis »"):
        run("import-jdma", str(other))
    broken = tmp_path / "x.xlsx"
    broken.write_bytes(written_xlsx(tmp_path / "y.xlsx", opinions(3)).read_bytes()[:-400] + b"PK\5\6" + b"\0" * 18)
    with pytest.raises(Exception, match="Ce classeur ne se lit pas"):
        run("import-jdma", str(broken))
    run("procedure", "add", "--title", "Demander un permis", "--slug", "permis")
    with pytest.raises(Exception, match="Ajoutez --procedure SLUG"):
        run("import-jdma", str(written_csv(tmp_path / "z.csv", opinions(1))))
    with pytest.raises(Exception, match="n'existe pas"):
        run("import-jdma", str(tmp_path / "z.csv"), "--procedure", "personne")
    assert (
        run.json("import-jdma", str(written_csv(tmp_path / f"{NAMED}.csv", opinions(1))))[0]["procedure"] == "passeport"
    )

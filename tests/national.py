"""Exports as the national service writes them, from its described shape: for tests that read them back."""

import csv
import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

HEAD = ("Date de l'avis", "Nom du formulaire", "Lien d'intégration", "Identifiant Avis")
QUESTIONS = (
    "De façon générale, comment ça s'est passé ?",
    "Qu'avez-vous pensé des informations et des instructions fournies ?",
    "Durant votre parcours, avez-vous tenté d’obtenir de l’aide par l’un des moyens suivants ?",
    "Quand vous avez cherché de l'aide, avez-vous réussi à joindre l'administration ?",
    "Comment évaluez-vous la qualité de l'aide que vous avez obtenue de la part de l'administration ?",
    "Souhaitez-vous nous en dire plus ?",
    "Adresse mail",
)
MALFUNCTION = ("Quel type de retour souhaitez-vous nous faire ?", "Pouvez-vous nous en dire plus ?")
SMILEYS = ("Pas bien", "Moyen", "Très bien")
DESKS = tuple(f"{name} avec l’administration" for name in ("Au guichet", "Par téléphone", "Par e-mail", "Par chat"))
OTHERS = ("Une personne proche", "Une association", "Des sites internet", "Autres, précisez")
NONE = "Je n'ai pas eu besoin d'aide"
HELP = ("Très mauvaise", "Mauvaise", "Ni bonne, ni mauvaise", "Bonne", "Excellente")

Row = tuple[Any, ...]
"""A moment, the form, the button, the identifier, then a cell for each question."""


def opinions(number: int, seed: int = 1, since: datetime = datetime(2023, 11, 2, 8, tzinfo=UTC)) -> list[Row]:
    """Rows of the satisfaction form, over more than one year when there are some hundreds."""
    chance = random.Random(seed)  # noqa: S311 - rows that are the same for the same seed
    return [_opinion(chance, since + timedelta(hours=19 * n, seconds=n), n) for n in range(number)]


def _opinion(chance: random.Random, at: datetime, number: int) -> Row:
    tried = [NONE] if chance.random() < 0.4 else [each for each in (*DESKS, *OTHERS) if chance.random() < 0.3]
    reached = {desk: chance.random() < 0.6 for desk in tried if desk in DESKS}
    helped = {desk: chance.choice(HELP) for desk, was in reached.items() if was and chance.random() < 0.8}
    return (
        at,
        "Évaluation de la satisfaction usager",
        chance.choice(("Page de fin", "Courriel")),
        f"{number:07x}",
        chance.choice(SMILEYS),
        chance.choice(("", "1", "2", "3", "4", "5")),
        " / ".join(tried),
        " / ".join(f"{desk} : {'Oui' if was else 'Non'}" for desk, was in reached.items()),
        " / ".join(f"{desk} : {said}" for desk, said in helped.items()),
        chance.choice(("", "Appelez-moi au 06 12 34 56 78, merci", "Rapide et / ou clair")),
        chance.choice(("", "alice@exemple.fr")),
    )


def written_csv(path: Path, rows: Iterable[Row], questions: Sequence[str] = QUESTIONS) -> Path:
    """No byte order mark, commas, moments in UTC that do not say so."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*HEAD, *questions])
        writer.writerows([f"{at:%Y-%m-%d %H:%M:%S}", *cells] for at, *cells in rows)
    return path


def written_xlsx(path: Path, rows: Sequence[Row], questions: Sequence[str] = QUESTIONS) -> Path:
    """A sheet for each year, moments as fractions of days, joined answers on lines of their own."""
    with xlsxwriter.Workbook(path, {"remove_timezone": True}) as book:
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for year in sorted({at.year for at, *_ in rows}):
            sheet = book.add_worksheet(str(year))
            sheet.write_row(0, 0, [*HEAD, *questions])
            for number, (at, *cells) in enumerate((row for row in rows if row[0].year == year), 1):
                sheet.write_datetime(number, 0, at, moment)
                sheet.write_row(number, 1, [*cells[:3], *map(_on_lines, cells[3:])])
    return path


def _on_lines(cell: str) -> str:
    return "- " + cell.replace(" / ", "\n- ") if " / " in cell else cell


def figures(rows: Sequence[Row]) -> dict[str, float]:
    """The national formulas, as docs/methodology.md gives them, on the words of the rows."""
    said = [dict(zip(QUESTIONS, row[4:], strict=True)) for row in rows]
    smileys = [SMILEYS.index(one[QUESTIONS[0]]) * 5 for one in said]
    clear = [(int(one[QUESTIONS[1]]) - 1) * 2.5 for one in said if one[QUESTIONS[1]]]
    tried = [one[QUESTIONS[2]] for one in said if one[QUESTIONS[2]]]
    reached = [part for one in said for part in one[QUESTIONS[3]].split(" / ") if part]
    helped = [part.split(" : ")[1] for one in said for part in one[QUESTIONS[4]].split(" / ") if part]
    points = sum(HELP.index(each) * 2.5 for each in helped)
    missed = sum(part.endswith("Non") for part in reached)
    return {
        "satisfaction": sum(smileys) / len(smileys),
        "comprehension": sum(clear) / len(clear),
        "contact_reachability": 1 - missed / len(reached),
        "contact_satisfaction": points / len(helped),
        "contact": points / (len(helped) + missed),
        "autonomy": 10 * sum(cell == NONE for cell in tried) / len(tried),
    }

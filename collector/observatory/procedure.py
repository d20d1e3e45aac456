"""`GET /observatoire/{slug}`: what citizens say of one procedure, and what its administration answers."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from collector.criteria import CRITERIA, UNSAID, Statement, level, shown
from collector.errors import NotFound
from collector.exports.formats import csv_file
from collector.indicators import ENOUGH, MARKS, Level
from collector.observatory.charts import Chart, Month, chart
from collector.observatory.rendering import ANYONE, file, page
from collector.observatory.year import Line, rolling_year
from collector.schema import Clock, Procedure, Target
from collector.settings import Settings
from collector.storage import Storage
from collector.suppression import PUBLIC
from embed.language import DEFAULT, languages
from embed.snippets import form_url

_MONTHS = ("month", "reviews", "satisfaction", "satisfaction_low", "satisfaction_high")


class Spread(Struct, frozen=True):
    """How the answers to a question spread: each in words, with how many gave it."""

    question: str
    answers: Sequence[tuple[str, int]]

    @property
    def whole(self) -> int:
        return sum(number for _, number in self.answers)


@get("/observatoire/{slug:str}", opt=ANYONE)
async def show_procedure(
    request: Request[Any, Any, Any],
    slug: FromPath[str],
    storage: NamedDependency[Storage],
    settings: NamedDependency[Settings],
    clock: NamedDependency[Clock],
) -> Response[bytes]:
    procedure = await _public(storage, slug)
    first, today = rolling_year(clock)
    line = Line(procedure, await storage.published.figures(procedure, first, today))
    months = await _months(storage, procedure, today)
    return page(
        request,
        "procedure",
        base_url=settings.base_url,
        procedure=procedure,
        first=first,
        today=today,
        line=line,
        chart=_chart(months),
        months=[one for one in months if one.figure],
        spreads=_spreads(line),
        declared=_declared({name: one.said for name, one in (await storage.criteria.of(procedure)).items()}),
        improvements=[one for one in await storage.improvements.of(procedure) if one.published],
        form=await _form(storage, procedure, settings.base_url),
        enough=ENOUGH,
        least=settings.small_number,
    )


@get("/observatoire/{slug:str}/mois.csv", opt=ANYONE, media_type="text/csv")
async def months_as_csv(
    request: Request[Any, Any, Any],
    slug: FromPath[str],
    storage: NamedDependency[Storage],
    clock: NamedDependency[Clock],
) -> Response[bytes]:
    """The chart's months."""
    procedure = await _public(storage, slug)
    first, today = rolling_year(clock)
    await storage.published.figures(procedure, first, today)
    months = await _months(storage, procedure, today)
    values = [(f"{one.day:%Y-%m}", one.reviews, one.figure) for one in months if one.figure]
    rows = [
        dict(zip(_MONTHS, (name, reviews, one.value, one.low, one.high), strict=True)) for name, reviews, one in values
    ]
    return file(request, csv_file(rows, _MONTHS), "text/csv", f"{procedure.slug}-mois-{today}.csv")


async def _public(storage: Storage, slug: str) -> Procedure:
    """Raises NotFound."""
    procedure = None if "\0" in slug else await storage.catalogue.procedure(slug)
    if procedure is None or procedure.state not in PUBLIC:
        raise NotFound("Cette démarche n'existe pas, ou n'est pas publique. Cherchez-la parmi toutes les démarches.")
    return procedure


async def _months(storage: Storage, procedure: Procedure, today: date) -> list[Month]:
    """The last twelve, this one included."""
    number = today.year * 12 + today.month - 12
    first = date(number // 12, number % 12 + 1, 1)
    found = await storage.published.by_month(procedure, first, today)
    return [
        Month(
            date.fromisoformat(f"{name}-01"),
            figures.reviews or 0,
            next((one for one in figures.indicators if one.name == "satisfaction" and one.value is not None), None),
        )
        for name, figures in found.items()
    ]


def _declared(said: Mapping[str, Statement]) -> list[tuple[str, Statement, Level | None, str]]:
    """What was declared, in its order: with its level and as it reads."""
    stated = [(one.name, said.get(one.name, UNSAID)) for one in CRITERIA]
    return [
        (name, one, level(name, one), "" if one.value is None else shown(name, one.value))
        for name, one in stated
        if one.standing != "not_declared"
    ]


def _chart(months: Sequence[Month]) -> Chart | None:
    """Two points at least: one is no course of time."""
    return chart(months) if sum(one.figure is not None for one in months) > 1 else None


def _spreads(line: Line) -> list[Spread]:
    """Of the questions that enough people answered. Channels of help are too few people each to be told apart."""
    words, sums = languages()[DEFAULT], line.figures.sums
    clear = {str(mark): words.codes.comprehension.get(str(mark), "") for mark in MARKS}
    helped = sums["autonomy"].get("tried_none", 0)
    found = {
        "satisfaction": _spread(words.codes.satisfaction, sums["satisfaction"], "satisfaction"),
        "comprehension": _spread(
            {mark: f"{mark} – {text}" if text else mark for mark, text in clear.items()},
            sums["comprehension"],
            "comprehension",
        ),
        "autonomy": [
            (words.codes.contact_tried["none"], helped),
            ("J'ai cherché de l'aide", sums["autonomy"].get("tried", 0) - helped),
        ],
    }
    questions = {
        "satisfaction": words.questions.satisfaction,
        "comprehension": words.questions.comprehension,
        "autonomy": "Avez-vous eu besoin d'aide ?",
    }
    return [Spread(questions[name], answers) for name, answers in found.items() if name in line.indicators]


def _spread(words: Mapping[str, str], sums: Mapping[str, int], question: str) -> list[tuple[str, int]]:
    """The best answer first."""
    return [(words[code], sums[f"{question}_{code}"]) for code in reversed([*words]) if f"{question}_{code}" in sums]


async def _form(storage: Storage, procedure: Procedure, base_url: str) -> str | None:
    """Where a citizen may say something of an open procedure."""
    if procedure.state != "open":
        return None
    places = (one for one in await storage.catalogue.placements(procedure) if one.closed_at is None)
    place = next((one for one in places if one.form == "satisfaction" and one.channel == "web"), None)
    return form_url(Target(procedure, place), base_url) if place else None

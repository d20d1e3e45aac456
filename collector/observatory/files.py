"""The observatory's table as files: every figure with its interval and the number of answers behind it."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from collector.exports.formats import csv_file
from collector.exports.scope import Cells
from collector.indicators import ENOUGH, Indicator
from collector.observatory.words import INDICATORS
from collector.observatory.year import Line, Year
from collector.settings import Settings

_PARTS = ("value", "low", "high", "answers", "level")
FIGURES = tuple(f"{name}_{part}".removesuffix("_value") for name in INDICATORS for part in _PARTS)
COLUMNS = (
    *("slug", "title", "organisation", "ministry", "audiences", "reviews", "shown"),
    *FIGURES,
    "address",
)


def as_csv(lines: Sequence[Line], base_url: str) -> bytes:
    return csv_file([_flat(one, base_url) for one in lines], COLUMNS)


def parts(one: Indicator) -> dict[str, Any]:
    """A figure as the files say it: with its interval, and how many answers it stands on."""
    return {"value": one.value, "low": one.low, "high": one.high, "answers": one.count, "level": one.level}


def flat(figures: Mapping[str, Indicator]) -> dict[str, Any]:
    """Figures by column of a CSV file: `satisfaction`, `satisfaction_low`…; None without a figure."""
    found: dict[str, Any] = dict.fromkeys(FIGURES)
    for name, one in figures.items():
        found |= {f"{name}_{part}".removesuffix("_value"): value for part, value in parts(one).items()}
    return found


def as_json(year: Year, lines: Sequence[Line], settings: Settings) -> bytes:
    """`least` reviews stand behind every figure; a procedure is shown from `enough` on."""
    whole = {
        "from": year.first.isoformat(),
        "to": year.last.isoformat(),
        "least": settings.small_number,
        "enough": ENOUGH,
        "procedures": [_nested(one, settings.base_url) for one in lines],
    }
    return msgspec.json.encode(whole) + b"\n"


def _nested(line: Line, base_url: str) -> dict[str, Any]:
    figures = {name: parts(one) for name, one in line.indicators.items()}
    return {**_about(line), "indicators": figures, "address": _address(line, base_url)}


def _flat(line: Line, base_url: str) -> Cells:
    return {**_about(line), **flat(line.indicators), "address": _address(line, base_url)}


def _about(line: Line) -> dict[str, Any]:
    one = line.procedure
    return {
        "slug": one.slug,
        "title": one.title,
        "organisation": one.organisation,
        "ministry": one.ministry,
        "audiences": list(one.audiences),
        "reviews": line.reviews,
        "shown": line.is_shown,
    }


def _address(line: Line, base_url: str) -> str:
    return f"{base_url}/observatoire/{line.procedure.slug}"

"""The statements on `day_count` and `month_count`, written from `COUNTS`: tables, sums and formulas cannot drift apart.

A period is summed from its whole months and the days at either end: what a year costs depends neither on how many
reviews it had, nor on how many days.
"""

from calendar import monthrange
from typing import Literal

from collector.indicators import COUNTS
from collector.schema import parse_day
from collector.storage.many import Many, inserted

_DAY = ("procedure_id", "day", "placement_id", "form_version", "lang")
_MONTH = ("procedure_id", "month", "placement_id")
_NAMES = ", ".join(COUNTS)
_SUMS = ", ".join(f"COALESCE(SUM({name}), 0) AS {name}" for name in COUNTS)
_PLACED = "(CAST(:placement_id AS BIGINT) IS NULL OR placement_id = :placement_id)"
_SHOWN = ("reviews", "satisfaction_bad", "satisfaction_medium", "satisfaction_good")
_WANTED = "procedure_id = CAST(wanted.value AS BIGINT)"
_DAYS = f"procedure_id = :procedure_id AND day >= :from_day AND day <= :to_day AND {_PLACED}"


def period_of(from_day: str, to_day: str) -> dict[str, str]:
    """The parts of a period, as `counts_of_period` wants them. Raises ValueError unless both are calendar days."""
    first, last = parse_day(from_day), parse_day(to_day)
    start = first.year * 12 + first.month - 1 + (first.day > 1)
    end = last.year * 12 + last.month - 1 - (last.day < monthrange(last.year, last.month)[1])
    if start > end:
        return {"head": from_day, "head_end": f"{to_day}~", "first": "1", "last": "0", "tail": "1", "tail_end": "0"}
    # A month's own name comes before each of its days, and its 99th after them.
    return {
        "head": from_day,
        "head_end": _month(start),
        "first": _month(start),
        "last": f"{_month(end)}~",
        "tail": f"{_month(end)}-99",
        "tail_end": f"{to_day}~",
    }


def _month(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"


def _added(table: str, keys: tuple[str, ...]) -> Many:
    moved = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in COUNTS)
    return inserted(table, (*keys, *COUNTS), f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {moved}")


ADD_COUNTS = _added("day_count", _DAY)
ADD_MONTH_COUNTS = _added("month_count", _MONTH)


def _part(table: str, column: str, first: str, end: str) -> str:
    return f"""SELECT {_NAMES} FROM {table}
    WHERE procedure_id = :procedure_id AND {column} >= :{first} AND {column} < :{end} AND {_PLACED}"""  # noqa: S608 - only names of ours; every value is a parameter


def _of_each(table: str, column: str, first: str, end: str, wanted: str) -> str:
    return f"""SELECT procedure_id, {column} AS at, {", ".join(_SHOWN)} FROM {wanted} CROSS JOIN {table}
    WHERE {_WANTED} AND {column} >= :{first} AND {column} < :{end}"""  # noqa: S608 - as above


def statements(dialect: Literal["sqlite", "postgres"]) -> str:
    """Those of many procedures at once take their numbers as a JSON list, which each database reads in its own way."""
    wanted = {
        "sqlite": "json_each(:procedures) AS wanted",
        "postgres": "jsonb_array_elements_text(CAST(:procedures AS JSONB)) AS wanted (value)",
    }[dialect]
    as_json = {"sqlite": "json_group_object", "postgres": "json_object_agg"}[dialect]
    steps, number, first, last = {
        "sqlite": ("json_each(:steps) AS step", *(f"json_extract(step.value, '$[{n}]')" for n in range(3))),
        "postgres": (
            "jsonb_array_elements(CAST(:steps AS JSONB)) AS step (value)",
            *(f"step.value ->> {n}" for n in range(3)),
        ),
    }[dialect]
    # PostgreSQL may read the steps for each day instead of days for each step: then from the first to the last.
    within = {"sqlite": "", "postgres": "AND day >= :from_day AND day <= :to_day"}[dialect]
    placements = {
        "sqlite": "SELECT value FROM json_each(:placements)",
        "postgres": "SELECT CAST(value AS BIGINT) FROM jsonb_array_elements_text(CAST(:placements AS JSONB))",
    }[dialect]
    return f"""{_STATEMENTS}

-- name: satisfaction_by_procedure
-- The months of a period, of each procedure: a few sums of every answer to the first question.
SELECT procedure_id, SUBSTR(at, 1, 7) AS month, {", ".join(f"SUM({name}) AS {name}" for name in _SHOWN)} FROM (
    {_of_each("day_count", "day", "head", "head_end", wanted)}
    UNION ALL {_of_each("month_count", "month", "first", "last", wanted)}
    UNION ALL {_of_each("day_count", "day", "tail", "tail_end", wanted)}
) AS part GROUP BY procedure_id, SUBSTR(at, 1, 7);

-- name: counts_of_procedures
SELECT procedure_id, {_SUMS} FROM {wanted} CROSS JOIN month_count
WHERE {_WANTED} AND month >= :first AND month <= :last GROUP BY procedure_id;

-- name: counts_by_step
-- The sums of each of several steps of time, of a part of one procedure.
SELECT {number} AS step, {_SUMS} FROM {steps} CROSS JOIN day_count
WHERE procedure_id = :procedure_id AND day >= {first} AND day <= {last} {within}
    AND (CAST(:placements AS TEXT) IS NULL OR placement_id IN ({placements}))
    AND (CAST(:form_version AS BIGINT) IS NULL OR form_version = :form_version)
    AND (CAST(:lang AS TEXT) IS NULL OR lang = :lang)
GROUP BY {number};

-- name: counts_by_step_and_placement
-- The same of all of a procedure, by placement.
SELECT {number} AS step, placement_id, {_SUMS} FROM {steps} CROSS JOIN day_count
WHERE procedure_id = :procedure_id AND day >= {first} AND day <= {last} {within}
GROUP BY {number}, placement_id;

-- name: technical_lately
-- How many technical problems were reported since a day, by procedure.
SELECT procedure_id, SUM(kind_technical) AS reports FROM {wanted} CROSS JOIN day_count
WHERE {_WANTED} AND day >= :from_day AND kind_technical > 0 GROUP BY procedure_id;

-- name: volumes
-- How many reviews each placement of each procedure had, by day: one row a placement, as there are many.
SELECT placement_id, CAST({as_json}(day, reviews) AS TEXT) AS days FROM (
    SELECT placement_id, day, SUM(reviews) AS reviews FROM {wanted} CROSS JOIN day_count
    WHERE {_WANTED} AND day >= :from_day AND day <= :to_day GROUP BY placement_id, day
) AS part GROUP BY placement_id;
"""  # noqa: S608 - as above


_STATEMENTS = f"""
-- name: counts_of_period^
SELECT {_SUMS} FROM (
    {_part("day_count", "day", "head", "head_end")}
    UNION ALL {_part("month_count", "month", "first", "last")}
    UNION ALL {_part("day_count", "day", "tail", "tail_end")}
) AS part;

-- name: counts_by_day
SELECT day, {_SUMS} FROM day_count WHERE {_DAYS} GROUP BY day ORDER BY day;

-- name: counts_by_part
-- Where, in which version and in which language: everything else that a day is counted by follows from these.
SELECT placement_id, form_version, lang, {_SUMS} FROM day_count WHERE {_DAYS}
GROUP BY placement_id, form_version, lang ORDER BY placement_id, form_version, lang;

-- name: latest_days
-- The last day on which each procedure had a review.
SELECT id AS procedure_id, (
    SELECT day FROM day_count WHERE day_count.procedure_id = procedure.id AND reviews > 0 ORDER BY day DESC LIMIT 1
) AS day FROM procedure;

-- name: counts_by_procedure
SELECT procedure_id, {_SUMS} FROM month_count WHERE month >= :first AND month <= :last GROUP BY procedure_id;
"""  # noqa: S608 - as above

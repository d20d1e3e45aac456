"""The statements on `day_count`, written from `COUNTS` so that table, sums and formulas cannot drift apart."""

from collector.indicators import COUNTS

_KEYS = ("procedure_id", "day", "placement_id", "form_version", "lang")
_SUMS = ", ".join(f"COALESCE(SUM({name}), 0) AS {name}" for name in COUNTS)
_PERIOD = """procedure_id = :procedure_id AND day >= :from_day AND day <= :to_day
    AND (CAST(:placement_id AS BIGINT) IS NULL OR placement_id = :placement_id)"""

_KEPT = ", ".join(f"{name} = day_count.{name} + excluded.{name}" for name in COUNTS)

# Only names of ours are put together here; every value is a parameter.
STATEMENTS = f"""
-- name: add_counts*!
INSERT INTO day_count ({", ".join((*_KEYS, *COUNTS))})
VALUES ({", ".join(f":{name}" for name in (*_KEYS, *COUNTS))})
ON CONFLICT ({", ".join(_KEYS)}) DO UPDATE SET {_KEPT};

-- name: counts_of_period^
SELECT {_SUMS} FROM day_count WHERE {_PERIOD};

-- name: counts_by_day
SELECT day, {_SUMS} FROM day_count WHERE {_PERIOD} GROUP BY day ORDER BY day;

-- name: counts_by_placement
SELECT placement_id, {_SUMS} FROM day_count WHERE {_PERIOD} GROUP BY placement_id ORDER BY placement_id;

-- name: counts_by_procedure
SELECT procedure_id, {_SUMS} FROM day_count WHERE day >= :from_day AND day <= :to_day GROUP BY procedure_id;
"""  # noqa: S608 - see above

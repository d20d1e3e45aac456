"""The readable file of a copy, in the format that fits a link's."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from collector.exports.pulling.files import suffix_of, write
from collector.exports.rows import REVIEW_COLUMNS

ROW: dict[str, Any] = {
    **dict.fromkeys(REVIEW_COLUMNS),
    "id": "a1",
    "day": "2026-03-12",
    "given_at": "2026-03-12T11:00Z",
    "comprehension": 4,
    "contact_tried": ["phone", "chat"],
    "contact_reached_phone": True,
    "verbatim": "=1+1 ; « é »",
}


def test_a_parquet_file_has_types_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "reviews.parquet"
    write([ROW, {**ROW, "id": "a2", "comprehension": None}], REVIEW_COLUMNS, target)
    with duckdb.connect() as engine:
        table = engine.read_parquet(str(target))
        assert dict(zip(table.columns, map(str, table.types), strict=True))["given_at"] == "TIMESTAMP WITH TIME ZONE"
        rows = table.project(
            "id, day::VARCHAR, comprehension, contact_tried, contact_reached_phone, verbatim"
        ).fetchall()
    assert rows == [
        ("a1", "2026-03-12", 4, ["phone", "chat"], True, "=1+1 ; « é »"),
        ("a2", "2026-03-12", None, ["phone", "chat"], True, "=1+1 ; « é »"),
    ]
    assert [each.name for each in tmp_path.iterdir()] == ["reviews.parquet"]


@pytest.mark.parametrize(
    ("format", "suffix"),
    [("csv", "csv"), ("ndjson", "ndjson"), ("json", "json"), ("parquet", "parquet"), ("xlsx", "csv"), ("ods", "csv")],
)
def test_a_link_for_a_spreadsheet_gives_csv(format: str, suffix: str) -> None:
    assert suffix_of(format) == suffix

"""The readable file of a copy, row by row and put in place at once.

Spreadsheet formats give CSV: a job that copies again and again reads it better, and every spreadsheet opens it.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from collector.exports.formats import cell, csv_lines, head
from collector.exports.pulling.columns import structure

Rows = Iterable[dict[str, Any]]


def suffix_of(format: str) -> str:
    """What a link's format is in a copy."""
    return format if format in _WRITERS or format == "parquet" else "csv"


def write(rows: Rows, columns: Sequence[str], target: Path) -> None:
    draft = target.with_suffix(f"{target.suffix}.part")
    if target.suffix == ".parquet":
        _parquet(rows, columns, draft)
    else:
        _written(rows, columns, draft, target.suffix[1:])
    draft.replace(target)


def _written(rows: Rows, columns: Sequence[str], draft: Path, format: str) -> None:
    with draft.open("wb") as file:
        _WRITERS[format](rows, columns, file)
        file.flush()
        os.fsync(file.fileno())


def _csv(rows: Rows, columns: Sequence[str], file: BinaryIO) -> None:
    file.write(head(columns))
    file.writelines(csv_lines([[cell(cells[name]) for name in columns]]) for cells in rows)


def _ndjson(rows: Rows, _columns: Sequence[str], file: BinaryIO) -> None:
    file.writelines(msgspec.json.encode(cells) + b"\n" for cells in rows)


def _json(rows: Rows, _columns: Sequence[str], file: BinaryIO) -> None:
    file.write(b"[")
    file.writelines((b"," if number else b"") + msgspec.json.encode(cells) for number, cells in enumerate(rows))
    file.write(b"]\n")


_WRITERS = {"csv": _csv, "ndjson": _ndjson, "json": _json}


def _parquet(rows: Rows, columns: Sequence[str], draft: Path) -> None:
    """By way of NDJSON on disk, which DuckDB turns over in little memory."""
    import duckdb  # noqa: PLC0415 - 60 MB, for those who ask for it

    lines = draft.with_suffix(".lines")
    _written(rows, columns, lines, "ndjson")
    try:
        with duckdb.connect(config={"memory_limit": "512MB", "threads": 2}) as engine:
            engine.read_json(str(lines), format="newline_delimited", columns=structure(columns)).write_parquet(
                str(draft), compression="zstd"
            )
    finally:
        lines.unlink()

"""Tens of millions of reviews in PostgreSQL partitions, and what the same pages cost there. Only when it is named.

`AVIS_BENCH_PARTITIONED` says how many; a million takes 0.9 GB and half a minute. The schema is the product's: its
tables are made anew as partitioned ones from PostgreSQL's own catalogue, with every key and index, and the product
runs on them unchanged. Two ways to part them are compared: by procedure, which is meant, and by month.
"""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
from msgspec import Struct
from psycopg.rows import dict_row

from benchmarks.bulk import definitions
from benchmarks.figures import Figure, show
from benchmarks.scale import compare, new_database, settings_of
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.migrate import migrate
from tests.services import postgres_server

MANY = int(os.environ.get("AVIS_BENCH_PARTITIONED", "5000000"))
FEWER = min(MANY, 1_000_000)
PARTITIONED = ("review", "review_word")
"""What grows with reviews: all but a hundredth of the space."""


class Layout(Struct, frozen=True):
    """Every unique key of a partitioned table must hold the `column` that says in which partition a row is."""

    name: str
    clause: str
    column: str
    bounds: tuple[str, ...]


def _months() -> Iterator[str]:
    """The thirteen months of the crowd's year."""
    starts = [f"{2025 + (10 + n) // 12}-{(10 + n) % 12 + 1:02}" for n in range(14)]
    for first, end in pairwise(starts):
        yield f"FROM ('{first}') TO ('{end}')"


BY_PROCEDURE = Layout(
    "by-procedure",
    "HASH (procedure_id)",
    "procedure_id",
    tuple(f"WITH (MODULUS 16, REMAINDER {n})" for n in range(16)),
)
BY_MONTH = Layout("by-month", "RANGE (day)", "day", tuple(_months()))


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="avis-partitions-") as folder, postgres_server() as server:
        for layout, number in ((BY_MONTH, FEWER), (BY_PROCEDURE, MANY)):
            both = [settings_of(Path(folder), new_database(server)) for _ in range(2)]
            for each in both:
                migrate(each)
                divide(each, layout)
            title = f"partitions.{layout.name}"
            compare(title, both, number)
            for name, touched in asyncio.run(_touched(both[1])).items():
                show(Figure(f"{title}.{name}", touched, f"of {len(layout.bounds)} partitions are read"))


def divide(settings: Settings, layout: Layout) -> None:
    """Make the tables that grow into partitioned ones, while they are empty."""
    with psycopg.connect(settings.database) as connection:
        for table in PARTITIONED:
            _divide(connection, table, layout)


def _divide(connection: psycopg.Connection[Any], table: str, layout: Layout) -> None:
    keys, indices = definitions(connection, table)
    for statement in (
        f"ALTER TABLE {table} RENAME TO undivided",
        f"CREATE TABLE {table} (LIKE undivided INCLUDING ALL EXCLUDING INDEXES) PARTITION BY {layout.clause}",
        "DROP TABLE undivided",
        *(f"CREATE TABLE {table}_{n} PARTITION OF {table} FOR VALUES {each}" for n, each in enumerate(layout.bounds)),
        *(f"ALTER TABLE {table} ADD CONSTRAINT {name} {_with(layout, key)}" for name, key in keys),
        *(_with(layout, index) if "UNIQUE" in index else index for _, index in indices),
    ):
        connection.execute(statement.encode())


def _with(layout: Layout, key: str) -> str:
    """The key, with the column that says in which partition a row is. At its end: what goes by the key still can."""
    columns = key[key.index("(") + 1 : key.index(")")]
    return key if layout.column in columns.split(", ") else key.replace(f"({columns})", f"({columns}, {layout.column})")


async def _touched(settings: Settings) -> dict[str, int]:
    """How many partitions of a table a statement reads, with the values of a large procedure."""
    storage = Storage(settings)
    sql = storage.engine.sql
    values = {
        "procedure_id": 1, "word": "telephone", "day": "2026-08-31", "seq": 2**62, "from_day": "0001-01-01",
        "number": 50, "after": 0, "last": 2**62,
    }  # fmt: skip
    names = ("places_of_word", "reviews_of_procedure_after", "reviews_to_index", "last_seq")
    async with await psycopg.AsyncConnection.connect(settings.database, row_factory=dict_row) as connection:
        found = {}
        for name in names:
            cursor = await connection.execute(
                b"EXPLAIN (ANALYZE, FORMAT JSON) " + getattr(sql, name).sql.encode(), values
            )
            row: Any = await cursor.fetchone()
            found[name] = len(set(_read(row["QUERY PLAN"][0]["Plan"])))
    return found


def _read(node: dict[str, Any]) -> Iterator[str]:
    """The partitions that were begun."""
    if "Relation Name" in node and node["Actual Loops"]:
        yield node["Relation Name"]
    for child in node.get("Plans", []):
        yield from _read(child)

"""How a database means to run a statement, whatever its values: asked of the database itself."""

import json
import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from collector.storage.engine import Engine

GROWING = frozenset(
    {"review", "review_word", "word", "review_gone", "day_count", "contact", "limit_count", "report", "problem"}
    | {
        "review_tag",
        "note",
        "said",
        "said_count",
        "turned_away",
        "operation",
        "alert",
        "letter",
        "delivery",
        "own_count",
    }
)
"""Tables that grow with what people send, or with the days on which they do."""


class Plan(Struct, frozen=True):
    """`lines` are what the database says; `scans` the growing tables that it would read from end to end."""

    lines: list[str]
    scans: list[str]


async def plan_of(engine: Engine, sql: str) -> Plan:
    """The plan of a statement as our drivers send it."""
    async with engine.write() as connection:
        return await (_of_sqlite if engine.name == "sqlite" else _of_postgres)(connection, sql)


async def _of_sqlite(connection: Any, sql: str) -> Plan:
    plain = re.sub(r"(?<![:\w]):[a-z_]\w*|\?", "NULL", sql)
    rows = await (await connection.execute(f"EXPLAIN QUERY PLAN {plain}")).fetchall()
    lines = [row["detail"] for row in rows]
    # Along an index, until a LIMIT: that is no scan, unless everything is sorted first.
    stops = bool(re.search(r"LIMIT NULL\W*$", plain)) and not any("TEMP B-TREE" in line for line in lines)
    met = [re.match(r"SCAN (\w+)( USING (COVERING )?INDEX)?", line) for line in lines]
    walks = [one[1] for one in met if one and not (stops and (one[2] or _by_key(sql)))]
    return Plan(lines, [table for table in walks if table in GROWING])


def _by_key(sql: str) -> bool:
    """In the order of the rows themselves, which is SQLite's way to walk along `seq`."""
    return "ORDER BY seq" in sql or "ORDER BY review.seq" in sql


async def _of_postgres(connection: Any, sql: str) -> Plan:
    """A generic plan, as of a statement that is prepared once; "no scan if it can be helped" shows where it cannot."""
    names: list[str] = []

    def numbered(match: re.Match[str]) -> str:
        if match[1] not in names:
            names.append(match[1])
        return f"${names.index(match[1]) + 1}"

    plain = re.sub(r"%\((\w+)\)s", numbered, sql).replace("%%", "%").rstrip().rstrip(";")
    await connection.execute("SET LOCAL enable_seqscan = off")
    await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    await connection.execute(f"PREPARE asked AS {plain}")
    values = f" ({', '.join(['NULL'] * (len(names) or plain.count('$1')))})" if names or "$1" in plain else ""
    try:
        row = await (await connection.execute(f"EXPLAIN (FORMAT JSON) EXECUTE asked{values}")).fetchone()
    finally:
        await connection.execute("DEALLOCATE asked")
    found = row["QUERY PLAN"]
    top = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    nodes = list(_nodes(top, is_cut=False))
    scanned = [node.get("Relation Name", "") for _, node, is_cut in nodes if _is_scan(node, is_cut=is_cut)]
    return Plan(
        [f"{'  ' * depth}{_line(node)}" for depth, node, _ in nodes], [name for name in scanned if name in GROWING]
    )


def _nodes(node: dict[str, Any], *, is_cut: bool, depth: int = 0) -> Iterator[tuple[int, dict[str, Any], bool]]:
    """Each with whether a LIMIT stands above it that nothing keeps from stopping it."""
    yield depth, node, is_cut
    kind = node["Node Type"]
    below = kind == "Limit" or (is_cut and kind not in {"Sort", "Aggregate", "Hash", "Materialize"})
    for child in node.get("Plans", []):
        yield from _nodes(child, is_cut=below, depth=depth + 1)


def _is_scan(node: dict[str, Any], *, is_cut: bool) -> bool:
    kind = node["Node Type"]
    if kind in {"Index Scan", "Index Only Scan"}:
        return "Index Cond" not in node and not is_cut
    if kind == "Bitmap Heap Scan":
        return any("Index Cond" not in child for child in node["Plans"] if child["Node Type"] == "Bitmap Index Scan")
    return bool(kind == "Seq Scan")


def _line(node: dict[str, Any]) -> str:
    parts = [node["Node Type"], node.get("Relation Name", ""), node.get("Index Name", ""), node.get("Index Cond", "")]
    return " ".join(part for part in parts if part)

"""Statements that take many rows at once, in the same words on both databases.

One row after the other costs a step each, and with it a turn at the interpreter, or a message to the server. Here a
statement reads its rows from a table called `new`, which each engine fills in its own way: SQLite from parameters,
PostgreSQL from one JSON text.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from typing import Any

import msgspec
from msgspec import Struct

Rows = Sequence[tuple[Any, ...]]

# SQLite prepares one statement for each size: seven texts serve every batch.
_SIZES = (64, 32, 16, 8, 4, 2, 1)


class Many(Struct, frozen=True):
    """What to do with the rows of `new`, which has these `columns` of `table`."""

    table: str
    columns: tuple[str, ...]
    words: str
    prepared: bool | None = None
    """Whether PostgreSQL makes the plan but once. Not where rows are found by it: see `PostgresEngine.ask`."""


def inserted(table: str, columns: Sequence[str], conflict: str = "") -> Many:
    names = ", ".join(columns)
    # SQLite takes ON CONFLICT for the end of a join unless there is a WHERE.
    words = f"INSERT INTO {table} ({names}) SELECT {names} FROM new WHERE TRUE {conflict}"  # noqa: S608 - our own names
    return Many(table, tuple(columns), words)


def in_parameters(many: Many, rows: Rows) -> Iterator[tuple[str, list[Any]]]:
    """For SQLite: statements that take all of `rows`, with their parameters."""
    first = 0
    for size in _SIZES:
        while len(rows) - first >= size:
            yield _of_parameters(many, size), list(chain.from_iterable(rows[first : first + size]))
            first += size


def in_json(many: Many, rows: Rows) -> tuple[str, list[str]]:
    """For PostgreSQL: the statement that takes all of `rows`, and its one parameter."""
    named = [dict(zip(many.columns, row, strict=True)) for row in rows]
    return _of_json(many), [msgspec.json.encode(named).decode()]


@cache
def _of_parameters(many: Many, size: int) -> str:
    row = f"({', '.join('?' * len(many.columns))})"
    return f"WITH new ({', '.join(many.columns)}) AS (VALUES {', '.join([row] * size)}) {many.words}"


@cache
def _of_json(many: Many) -> str:
    # The table itself says of what type each column is.
    source = f"jsonb_populate_recordset(CAST(NULL AS {many.table}), CAST($1 AS JSONB))"
    return f"WITH new AS (SELECT {', '.join(many.columns)} FROM {source} AS given) {many.words}"  # noqa: S608 - our own names

"""How many rows each table holds, and a digest of what is in them: two databases that agree hold the same.

A row's digest is that of its values as JSON, and a table's is the sum of its rows' (modulo 2^128), so that no order is
needed and none can differ: the two engines sort text in different ways.
"""

from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec import Struct

from collector.housing.databases import Database, Table

_SIZE = 16
_OFTEN = 10_000
Say = Callable[[int], None]
Watch = Callable[[Mapping[str, Any]], None]


class Tally(Struct, frozen=True):
    rows: int
    digest: str


Census = Mapping[str, Tally]
NOTHING = Tally(0, bytes(_SIZE).hex())


def census(
    database: Database,
    *,
    without: Iterable[str] = (),
    watched: Mapping[str, Watch] | None = None,
    say: Say = lambda _: None,
) -> dict[str, Tally]:
    """Read everything once. `watched` tables show each row to somebody too; `say` hears how many rows were read."""
    left_out, watched = frozenset(without), watched or {}
    return {
        name: _tally(database, table, watched.get(name), say)
        for name, table in database.tables().items()
        if name not in left_out
    }


def _tally(database: Database, table: Table, watch: Watch | None, say: Say) -> Tally:
    total, number, encode = 0, 0, msgspec.json.Encoder().encode
    for row in database.rows(table):
        total += int.from_bytes(blake2b(encode(row), digest_size=_SIZE).digest())
        number += 1
        if watch:
            watch(dict(zip(table.columns, row, strict=True)))
        if number % _OFTEN == 0:
            say(_OFTEN)
    say(number % _OFTEN)
    return Tally(number, (total % (1 << 8 * _SIZE)).to_bytes(_SIZE).hex())


def differing(one: Census, other: Census) -> list[str]:
    """The tables that do not hold the same; one that only one of them has differs unless it is empty."""
    return [name for name in sorted(one.keys() | other.keys()) if one.get(name, NOTHING) != other.get(name, NOTHING)]

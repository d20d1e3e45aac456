"""What a database holds, by its own catalogue: a table that a later migration adds is carried too.

Columns come in the order of their names, and generated ones not at all, so that the same row reads the same on SQLite
and PostgreSQL. Indexes, and tables that an index keeps for itself (SQLite calls them shadows), are made anew by whoever
restores: they are not data.
"""

import sqlite3
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, Literal, Protocol

import psycopg
from msgspec import Struct
from psycopg import sql as pg

from collector.housing.passing import IN_NEW_DATABASES
from collector.storage.migrate import MOVING

LEDGER = "migration"
"""Which migrations ran: each database has its own."""
_OURS = {LEDGER, MOVING}
Values = tuple[Any, ...]


class Table(Struct, frozen=True):
    """`key` is its primary key, in its order; `refers` names the tables that must be filled before it."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    refers: frozenset[str]


class Database(Protocol):
    """One snapshot of a database, for as long as its connection lives."""

    @property
    def engine(self) -> Literal["sqlite", "postgres"]: ...

    def tables(self) -> Mapping[str, Table]: ...

    def rows(self, table: Table) -> Generator[Values, None, None]:
        """Every row, in no promised order."""
        ...

    def migrations(self) -> Sequence[str]:
        """The names of those that ran, in order."""
        ...


class SqliteDatabase:
    engine: Literal["sqlite"] = "sqlite"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def tables(self) -> Mapping[str, Table]:
        found = self.connection.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite#_%'"
            " ESCAPE '#' ORDER BY name"
        ).fetchall()
        return {name: self._table(name) for (name,) in found if name not in _OURS}

    def _table(self, name: str) -> Table:
        # `hidden` is 0 for what was written, something else for what the database computes.
        columns = self.connection.execute(
            "SELECT name, pk FROM pragma_table_xinfo(?) WHERE hidden = 0 ORDER BY name", (name,)
        ).fetchall()
        refers = self.connection.execute('SELECT DISTINCT "table" FROM pragma_foreign_key_list(?)', (name,)).fetchall()
        key = sorted((place, column) for column, place in columns if place)
        return Table(
            name,
            tuple(column for column, _ in columns),
            tuple(column for _, column in key) or ("rowid",),
            frozenset(other for (other,) in refers),
        )

    def rows(self, table: Table) -> Generator[Values, None, None]:
        yield from self.connection.execute(f"SELECT {', '.join(map(quoted, table.columns))} FROM {quoted(table.name)}")  # noqa: S608 - names from the catalogue

    def after(self, table: Table, last: Sequence[Any] | None, number: int) -> list[tuple[Values, Values]]:
        """At most `number` rows behind the key `last`, each as its key and its values."""
        key = ", ".join(map(quoted, table.key))
        marks = ", ".join("?" * len(table.key))
        found = self.connection.execute(
            f"SELECT {key}, {', '.join(map(quoted, table.columns))} FROM {quoted(table.name)}"  # noqa: S608 - as above
            f" {f'WHERE ({key}) > ({marks})' if last else ''} ORDER BY {key} LIMIT ?",
            (*(last or ()), number),
        ).fetchall()
        width = len(table.key)
        return [(row[:width], row[width:]) for row in found]

    def count(self, table: Table) -> int:
        number: int = self.connection.execute(f"SELECT COUNT(*) FROM {quoted(table.name)}").fetchone()[0]  # noqa: S608 - as above
        return number

    def highest(self) -> Mapping[str, int]:
        """The highest number that each numbered table ever gave, also to rows that are gone."""
        return dict(self.connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall())

    def migrations(self) -> Sequence[str]:
        return [name for (name,) in self.connection.execute(f"SELECT name FROM {LEDGER} ORDER BY name")]  # noqa: S608 - a name of ours


class PostgresDatabase:
    engine: Literal["postgres"] = "postgres"

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    def tables(self) -> Mapping[str, Table]:
        found = self.connection.execute(
            "SELECT c.relname, c.oid FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace"
            " AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.relname"
        ).fetchall()
        return {name: self._table(name, oid) for name, oid in found if name not in _OURS}

    def _table(self, name: str, oid: int) -> Table:
        columns = self.connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped"
            " AND attgenerated = ''",
            (oid,),
        ).fetchall()
        key = self.connection.execute(
            "SELECT a.attname FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (number, place)"
            " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number"
            " WHERE i.indrelid = %s AND i.indisprimary ORDER BY k.place",
            (oid,),
        ).fetchall()
        refers = self.connection.execute(
            "SELECT DISTINCT c.relname FROM pg_constraint o JOIN pg_class c ON c.oid = o.confrelid"
            " WHERE o.conrelid = %s AND o.contype = 'f'",
            (oid,),
        ).fetchall()
        return Table(
            name,
            tuple(sorted(column for (column,) in columns)),
            tuple(column for (column,) in key),
            frozenset(other for (other,) in refers),
        )

    def rows(self, table: Table) -> Generator[Values, None, None]:
        columns = pg.SQL(", ").join(map(pg.Identifier, table.columns))
        # The server keeps the place of whoever reads, within a transaction.
        with self.connection.transaction(), self.connection.cursor(name="avis_rows") as cursor:
            cursor.itersize = 5000
            cursor.execute(pg.SQL("SELECT {} FROM {}").format(columns, pg.Identifier(table.name)))
            yield from cursor

    def migrations(self) -> Sequence[str]:
        if not self.connection.execute("SELECT to_regclass(%s)", (LEDGER,)).fetchone()[0]:  # type: ignore[index]  # one row
            return []
        return [name for (name,) in self.connection.execute(f"SELECT name FROM {LEDGER} ORDER BY name".encode())]  # noqa: S608 - a name of ours


def has_rows(database: Database) -> bool:
    """Whether anybody has put anything into it."""
    for name, table in database.tables().items():
        if name not in IN_NEW_DATABASES:
            with closing(database.rows(table)) as rows:
                if next(rows, None) is not None:
                    return True
    return False


def in_order(tables: Mapping[str, Table]) -> list[Table]:
    """Each table after those that it refers to."""
    graph = {name: table.refers & tables.keys() - {name} for name, table in sorted(tables.items())}
    return [tables[name] for name in TopologicalSorter(graph).static_order()]


def reading(path: Path) -> sqlite3.Connection:
    """A connection that holds the database as it is now: whatever is written meanwhile, it reads the same."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=30, isolation_level=None)
    connection.execute("BEGIN")
    # A snapshot begins with the first look, not with BEGIN.
    connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    return connection


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

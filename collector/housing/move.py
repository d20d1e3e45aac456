"""Carry everything from SQLite to PostgreSQL, in batches that can be cut anywhere, and compare both to the last row.

Each batch and how far it came are one transaction of the target (`moving`): whoever is killed goes on from the last
whole batch. The source is locked against writers and read to its digest first; one that has changed since the last
attempt is carried anew. As long as `moving` exists no service starts on the target (collector/storage/migrate.py).
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from msgspec import Struct
from psycopg import sql as pg

from collector.housing import postgres, sqlite
from collector.housing.backup import translated
from collector.housing.census import Census, Tally, census, differing
from collector.housing.databases import PostgresDatabase, SqliteDatabase, Table, has_rows, in_order
from collector.housing.errors import InUse, NotEmpty, NotTheSame, Unmovable
from collector.housing.passing import NOT_MOVED
from collector.settings import Settings
from collector.storage.migrate import migrate

BATCH = 5000
Say = Callable[[str, int, int], None]
"""Hears what is being done, how many rows of it are done, and of how many."""
_LOCK = 0x4D4F5645  # "MOVE"
_SOURCE = "/source"
"""The row of `moving` that says what is being moved. No table has such a name."""


class Moved(Struct, frozen=True):
    """`resumed` is how many rows an earlier attempt had carried already."""

    tables: Mapping[str, Tally]
    resumed: int

    @property
    def rows(self) -> int:
        return sum(tally.rows for tally in self.tables.values())


def move(settings: Settings, url: str, say: Say = lambda *_: None) -> Moved:
    """Raises HousingError or StorageUnavailable; the source is never changed, and the next call goes on."""
    path = settings.sqlite_path
    if not path or not path.exists():
        raise Unmovable("« avis move » part de la base SQLite de ces réglages, et il n'y en a pas.")
    if not url.startswith(("postgresql://", "postgres://")):
        raise Unmovable("L'arrivée est une adresse postgresql://compte@hôte/base.")
    if sqlite.in_use(path):
        raise InUse
    with translated(), postgres.connected(url, autocommit=True) as server:
        _only_one(server)
        _expect_room(server)
        migrate(settings)
        migrate(msgspec.structs.replace(settings, database=url))
        with _locked(path) as source:
            return _Move(source, PostgresDatabase(server), say).run()


class _Move:
    def __init__(self, source: SqliteDatabase, target: PostgresDatabase, say: Say) -> None:
        self._source, self._target, self._say = source, target, say
        self._server = target.connection
        self._tables = {name: table for name, table in source.tables().items() if name not in NOT_MOVED}

    def run(self) -> Moved:
        self._expect_the_same_tables()
        read = _Steps(self._say, "Lecture", sum(map(self._source.count, self._tables.values())))
        expected = census(self._source, without=NOT_MOVED, say=read)
        places = self._begin(expected)
        resumed = sum(rows for _, rows in places.values())
        carried = _Steps(self._say, "Copie", sum(tally.rows for tally in expected.values()), resumed)
        # What a crash of the server takes back, it takes back together with how far we came.
        self._server.execute("SET synchronous_commit = off")
        for table in in_order(self._tables):
            self._carry(table, *places.get(table.name, (None, 0)), carried)
        self._server.execute("SET synchronous_commit = on")
        self._verify(expected)
        self._end()
        return Moved(expected, resumed)

    def _expect_the_same_tables(self) -> None:
        there = self._target.tables()
        for name, table in self._tables.items():
            if name not in there or there[name].columns != table.columns:
                raise Unmovable(f"La table {name} n'a pas les mêmes colonnes des deux côtés. Mettez Avis à jour.")

    def _begin(self, expected: Census) -> dict[str, tuple[bytes | None, int]]:
        """Where an earlier attempt to move just this came to, for each table; nothing where there was none."""
        mark = msgspec.msgpack.encode(dict(sorted(expected.items())))
        with self._server.transaction():
            self._server.execute(
                "CREATE TABLE IF NOT EXISTS moving (name TEXT PRIMARY KEY, last BYTEA, rows BIGINT NOT NULL)"
            )
            found = {name: (last, rows) for name, last, rows in self._server.execute("SELECT * FROM moving")}
            if found.pop(_SOURCE, (None, 0))[0] == mark:
                return found
            # Nobody has used it yet: what is there came with the schema, or with an attempt to move something else.
            names = pg.SQL(", ").join(map(pg.Identifier, self._target.tables()))
            self._server.execute(pg.SQL("TRUNCATE {}, moving").format(names))
            self._keep(_SOURCE, mark, 0)
        return {}

    def _carry(self, table: Table, place: bytes | None, rows: int, carried: "_Steps") -> None:
        into = pg.SQL("COPY {} ({}) FROM STDIN").format(
            pg.Identifier(table.name), pg.SQL(", ").join(map(pg.Identifier, table.columns))
        )
        last: list[Any] | None = msgspec.msgpack.decode(place) if place else None
        while batch := self._source.after(table, last, BATCH):
            with self._server.transaction(), self._server.cursor() as cursor:
                with cursor.copy(into) as copy:
                    for _, values in batch:
                        copy.write_row(values)
                last, rows = list(batch[-1][0]), rows + len(batch)
                self._keep(table.name, msgspec.msgpack.encode(last), rows)
            carried(len(batch))

    def _keep(self, name: str, last: bytes, rows: int) -> None:
        self._server.execute(
            "INSERT INTO moving (name, last, rows) VALUES (%s, %s, %s)"
            " ON CONFLICT (name) DO UPDATE SET last = excluded.last, rows = excluded.rows",
            (name, last, rows),
        )

    def _verify(self, expected: Census) -> None:
        """Every row of both sides, whatever happened on the way."""
        say = _Steps(self._say, "Contrôle", sum(tally.rows for tally in expected.values()))
        found = census(self._target, without=self._target.tables().keys() - expected.keys(), say=say)
        if wrong := differing(expected, found):
            # The next call must not believe what this one carried.
            self._server.execute("DELETE FROM moving WHERE name = %s", (_SOURCE,))
            raise NotTheSame(f"Tables différentes : {', '.join(wrong)}. Relancez : tout sera copié de nouveau.")

    def _end(self) -> None:
        with self._server.transaction():
            for name, highest in self._source.highest().items():
                if name in self._tables:
                    self._number(name, highest)
            self._server.execute("DROP TABLE moving")
        for name in self._tables:
            self._server.execute(pg.SQL("ANALYZE {}").format(pg.Identifier(name)))

    def _number(self, name: str, highest: int) -> None:
        """The next number is one that no row ever had, not even one that is gone."""
        if highest:
            self._server.execute(
                "SELECT setval(pg_get_serial_sequence(quote_ident(%s), %s), %s)",
                (name, self._tables[name].key[0], highest),
            )


class _Steps:
    """Adds up the rows of one stage."""

    def __init__(self, say: Say, stage: str, total: int = 0, done: int = 0) -> None:
        self._say, self._stage, self._total, self._done = say, stage, total, done

    def __call__(self, rows: int) -> None:
        self._done += rows
        self._say(self._stage, self._done, self._total)


def _only_one(server: psycopg.Connection[Any]) -> None:
    row = server.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK,)).fetchone()
    if not row or not row[0]:
        raise InUse("Un autre « avis move » remplit déjà cette base. Attendez qu'il ait fini.")
    if postgres.in_use(server):
        raise InUse


def _expect_room(server: psycopg.Connection[Any]) -> None:
    if not postgres.is_moving(server) and has_rows(PostgresDatabase(server)):
        raise NotEmpty("Donnez une base PostgreSQL vide : rien n'y est jamais effacé.")


@contextmanager
def _locked(path: Path) -> Iterator[SqliteDatabase]:
    """The source, which nobody can write into until the block ends."""
    with closing(sqlite3.connect(path, timeout=5, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise InUse from error
        yield SqliteDatabase(connection)

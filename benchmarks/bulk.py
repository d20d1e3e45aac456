"""Fill a new database with a crowd in bulk: the rows, sums and words that the service would have left, index and all.

The database writes the reviews itself, from what the crowd says (`crowd.py`); the sums are added up here, by the same
`count_of` as the service's. `tests/service/test_bulk.py` recounts all of it. Nobody may use the database meanwhile.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import msgspec
import psycopg

from benchmarks.crowd import LONG, SPOTS, VOICES, Crowd, places
from collector.indicators import COUNTS
from collector.schema import Target
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.batch import Stored
from collector.storage.rows import REVIEW_COLUMNS, review_row

_SPOT = ("procedure_id", "placement_id", "lang")
_SAID = tuple(
    name for name in REVIEW_COLUMNS if name not in {*_SPOT, "capability", "public_id", "minute", "day", "change"}
)
_DAY = ("procedure_id", "day", "placement_id", "form_version", "lang", *COUNTS)
_MONTHS = f"""INSERT INTO month_count (procedure_id, month, placement_id, {", ".join(COUNTS)})
    SELECT procedure_id, SUBSTR(day, 1, 7), placement_id, {", ".join(f"SUM({name})" for name in COUNTS)}
    FROM day_count GROUP BY procedure_id, SUBSTR(day, 1, 7), placement_id"""  # noqa: S608 - our own names
_WORDS = """INSERT INTO word (procedure_id, word, stem)
    SELECT procedure.id, known.word, known.stem
    FROM procedure CROSS JOIN (SELECT DISTINCT word, stem FROM said) AS known
    WHERE EXISTS (SELECT 1 FROM review_word AS found
        WHERE found.procedure_id = procedure.id AND found.word = known.word)"""
_LAST = (
    "UPDATE progress SET change = (SELECT MAX(change) FROM review)",
    "INSERT INTO indexing (one, change) SELECT 1, change FROM progress",
)


async def load(settings: Settings, number: int) -> None:
    """Into a new database with today's schema."""
    storage = Storage(settings)
    await storage.open()
    where = await places(storage)
    procedure = await storage.catalogue.procedure("demarche-0")
    await storage.close()
    assert procedure
    crowd = Crowd(Target(procedure, where[0][0]), where, number)
    if settings.sqlite_path:
        with closing(sqlite3.connect(settings.sqlite_path, isolation_level=None)) as connection:
            _into_sqlite(connection, crowd)
    else:
        with psycopg.connect(settings.database, autocommit=True) as server:
            _into_postgres(server, crowd)


def _reviews(crowd: Crowd, chance: str) -> str:
    """The reviews of a day (:first … :last); `chance` is 32 hexadecimal digits of it."""
    return f"""INSERT INTO review (change, capability, public_id, day, minute, {", ".join((*_SPOT, *_SAID))})
    WITH RECURSIVE arrival (n) AS (
        SELECT CAST(:first AS BIGINT) UNION ALL SELECT n + 1 FROM arrival WHERE n < :last
    )
    SELECT n, {chance}, {chance}, :day, :minute + (n - :first) * {LONG} / (:last - :first + 1),
        {", ".join(_SPOT)}, {", ".join(_SAID)}
    FROM arrival JOIN spot ON spot.number = {_heard(crowd, "n", SPOTS)}
        JOIN voice ON voice.number = {_heard(crowd, "n", VOICES)}
    ORDER BY n"""  # noqa: S608 - our own names


def _places(crowd: Crowd) -> str:
    return f"""INSERT INTO review_word (procedure_id, word, day, seq)
    SELECT review.procedure_id, said.word, review.day, review.seq
    FROM review JOIN said ON said.voice = {_heard(crowd, "review.change", VOICES)}"""  # noqa: S608 - our own names


def _heard(crowd: Crowd, n: str, of: int) -> str:
    """`Crowd.heard`."""
    return f"CASE {n} % {crowd.every} WHEN 0 THEN 0 ELSE {n} % {of} + 1 END"


def _voices(crowd: Crowd) -> Iterable[tuple[Any, ...]]:
    at = [REVIEW_COLUMNS.index(name) for name in _SAID]
    for number, voice in enumerate(crowd.voices):
        row = review_row(Stored(voice, 1), 0)
        yield (number, *(row[place] for place in at))


def _spots(crowd: Crowd) -> Iterable[tuple[Any, ...]]:
    return ((number, spot.procedure_id, spot.placement_id, spot.lang) for number, spot in enumerate(crowd.spots))


# What both databases are told first: who speaks, and where.
_HEARD = (
    f"CREATE TEMP TABLE voice AS SELECT 0 AS number, {', '.join(_SAID)} FROM review LIMIT 0",  # noqa: S608 - our own names
    f"CREATE TEMP TABLE spot AS SELECT 0 AS number, {', '.join(_SPOT)} FROM review LIMIT 0",  # noqa: S608 - our own names
    "CREATE TEMP TABLE said (voice INTEGER NOT NULL, word TEXT NOT NULL, stem TEXT NOT NULL)",
    "CREATE UNIQUE INDEX voice_number ON voice (number)",
    "CREATE UNIQUE INDEX spot_number ON spot (number)",
    "CREATE INDEX said_voice ON said (voice)",
)


def _into_sqlite(connection: sqlite3.Connection, crowd: Crowd) -> None:
    # The service turns the log and the waits for the disk on again when it opens the file.
    for setting in ("journal_mode = OFF", "synchronous = OFF", "temp_store = MEMORY", "cache_size = -1000000"):
        connection.execute(f"PRAGMA {setting}")
    connection.execute("BEGIN")
    for statement in _HEARD:
        connection.execute(statement)
    _insert(connection, "voice", ("number", *_SAID), _voices(crowd))
    _insert(connection, "spot", ("number", *_SPOT), _spots(crowd))
    _insert(connection, "said", ("voice", "word", "stem"), crowd.words())
    reviews = _reviews(crowd, "lower(hex(randomblob(16)))")
    for day in crowd.days():
        connection.execute(reviews, msgspec.structs.asdict(day))
    _insert(connection, "day_count", _DAY, crowd.sums())
    for statement in (_MONTHS, _places(crowd), _WORDS, *_LAST):
        connection.execute(statement)
    connection.execute("COMMIT")


def _insert(connection: sqlite3.Connection, table: str, columns: Sequence[str], rows: Iterable[Any]) -> None:
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - our own names
    connection.executemany(statement, rows)


def _into_postgres(connection: psycopg.Connection[Any], crowd: Crowd) -> None:
    # An administrator may leave out what we know: that rows which we made have the rows they belong to.
    for setting in (
        "session_replication_role = replica", "synchronous_commit = off", "work_mem = '256MB'",
        "maintenance_work_mem = '1GB'",
    ):  # fmt: skip
        connection.execute(f"SET {setting}".encode())
    for statement in _HEARD:
        connection.execute(statement.encode())
    _copy(connection, "voice", ("number", *_SAID), _voices(crowd))
    _copy(connection, "spot", ("number", *_SPOT), _spots(crowd))
    _copy(connection, "said", ("voice", "word", "stem"), crowd.words())
    connection.execute("ANALYZE voice, spot, said")
    with _unindexed(connection, "review"):
        reviews = _for_psycopg(_reviews(crowd, "replace(CAST(gen_random_uuid() AS TEXT), '-', '')"))
        for day in crowd.days():
            connection.execute(reviews, msgspec.structs.asdict(day))
    _copy(connection, "day_count", _DAY, crowd.sums())
    connection.execute(_MONTHS.encode())
    with _unindexed(connection, "review_word"):
        connection.execute(_places(crowd).encode())
    for statement in (_WORDS, *_LAST, "VACUUM ANALYZE"):
        connection.execute(statement.encode())


def _for_psycopg(sql: str) -> bytes:
    return re.sub(r"(?<!:):([a-z]+)", r"%(\1)s", sql.replace("%", "%%")).encode()


@contextmanager
def _unindexed(connection: psycopg.Connection[Any], table: str) -> Iterator[None]:
    """Without the table's indices until the block has ended: sorting all rows once is far faster than placing each."""
    keys, indices = definitions(connection, table)
    for name, _ in keys:
        connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}".encode())
    for name, _ in indices:
        connection.execute(f"DROP INDEX {name}".encode())
    yield
    for name, key in keys:
        connection.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {key}".encode())
    for _, index in indices:
        connection.execute(index.encode())


Definitions = list[tuple[str, str]]


def definitions(connection: psycopg.Connection[Any], table: str) -> tuple[Definitions, Definitions]:
    """The keys of a table and its other indices: each one's name, and how PostgreSQL would have it made again."""
    keys = connection.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = CAST(%s AS REGCLASS) AND contype IN ('p', 'u')",
        (table,),
    ).fetchall()
    indices = connection.execute(
        "SELECT indexname, REPLACE(indexdef, ' ON ONLY ', ' ON ') FROM pg_indexes"
        " WHERE tablename = %s AND NOT indexname = ANY(%s)",
        (table, [name for name, _ in keys]),
    ).fetchall()
    return keys, indices


def _copy(connection: psycopg.Connection[Any], table: str, columns: Sequence[str], rows: Iterable[Any]) -> None:
    with connection.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)

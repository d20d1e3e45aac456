"""Millions of reviews, put into a database the fastest honest way: rows and their sums as the service would leave them.

A few procedures have most of them, as in life; they come in the order of time over the last year, from a fixed seed.
Rows are loaded by the driver, sums are added up here, words are joined to their reviews by the database.
"""

import random
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from typing import Any
from uuid import UUID

import psycopg

from benchmarks.people import comment
from collector.fulltext import indexed, stem
from collector.indicators import COUNTS, count_of
from collector.privacy.anonymise import anonymise
from collector.schema import DESKS, Placement, SatisfactionAnswers, Target, day_of, minute_of
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.batch import Stored
from collector.storage.rows import REVIEW_COLUMNS, review_row

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAYS = 365
PROCEDURES = 100
VOICES = 4_000
"""Different opinions; each is given again and again, by somebody else elsewhere."""
RARE, RARES = "coquecigrue", 100
LANGUAGES = ("fr", "fr", "fr", "fr", "fr", "fr", "fr", "fr", "en", "ar")
CHUNK = 20_000

_AT = {name: place for place, name in enumerate(REVIEW_COLUMNS)}


async def places(storage: Storage) -> list[list[Placement]]:
    """Procedures with a placement on the web and one at a counter each, the largest first."""
    made = []
    for n in range(PROCEDURES):
        procedure, web = await storage.catalogue.add_procedure(
            title=f"Démarche {n}", slug=f"demarche-{n}", organisation="Mesure", ministry="Mesure",
            audiences=["individuals"], origins=[], now=NOW,
        )  # fmt: skip
        counter = await storage.catalogue.add_placement(
            procedure, channel="counter", form="satisfaction", label="Guichet", now=NOW, contact=False
        )
        made.append([web, counter])
    return made


async def load(settings: Settings, number: int) -> None:
    """Into a new database with today's schema, while nobody uses it."""
    storage = Storage(settings)
    await storage.open()
    where = await places(storage)
    procedure = await storage.catalogue.procedure("demarche-0")
    await storage.close()
    assert procedure
    crowd = _Crowd(Target(procedure, where[0][0]), where)
    if settings.sqlite_path:
        with closing(sqlite3.connect(settings.sqlite_path, isolation_level=None)) as connection:
            _into_sqlite(connection, crowd, number)
    else:
        with psycopg.connect(settings.database, autocommit=True) as server:
            _into_postgres(server, crowd, number)


class _Crowd:
    def __init__(self, target: Target, where: Sequence[Sequence[Placement]]) -> None:
        self._chance = chance = random.Random(3)
        self._where = where
        # The n-th procedure has a share of 1/n.
        self._shares = list(accumulate(1 / n for n in range(1, len(where) + 1)))
        said = [_answers(chance) for _ in range(VOICES)]
        said[0].verbatim = f"Une {RARE} dans le formulaire"
        self.voices = [
            anonymise(UUID(int=chance.getrandbits(128), version=4), target, "fr", "/fin", each, NOW) for each in said
        ]
        self._rows = [list(review_row(Stored(each, 1), 0)) for each in self.voices]
        self._given: defaultdict[tuple[int, str, int, int, str], Counter[int]] = defaultdict(Counter)

    def rows(self, number: int) -> Iterator[tuple[Any, ...]]:
        """In the order of `REVIEW_COLUMNS`; the n-th has the change n and will have the seq n."""
        chance = self._chance
        first = NOW - timedelta(days=DAYS - 1)
        moments = [(minute_of(first + timedelta(days=n)), day_of(first + timedelta(days=n))) for n in range(DAYS)]
        # As many of the rare word, however many reviews there are.
        every = max(1, number // RARES)
        for change in range(1, number + 1):
            minute, day = moments[(change - 1) * DAYS // number]
            place = self._where[_rank(self._shares, chance.random())][chance.random() < 0.3]
            voice = int(chance.random() * VOICES) if change % every else 0
            row = self._rows[voice].copy()
            lang = LANGUAGES[int(chance.random() * len(LANGUAGES))]
            row[_AT["capability"]] = f"{change:032x}"
            row[_AT["public_id"]] = f"{chance.getrandbits(64):016x}"
            row[_AT["procedure_id"]] = place.procedure_id
            row[_AT["placement_id"]] = place.id
            row[_AT["minute"]] = minute
            row[_AT["day"]] = day
            row[_AT["lang"]] = lang
            row[_AT["change"]] = change
            self._given[place.procedure_id, day, place.id, row[_AT["form_version"]], lang][voice] += 1
            yield tuple(row)

    def sums(self) -> Iterator[tuple[Any, ...]]:
        """The rows of `day_count` for all that was given."""
        counted = [[count_of(each).get(name, 0) for name in COUNTS] for each in self.voices]
        for key, voices in self._given.items():
            total = [0] * len(COUNTS)
            for voice, times in voices.items():
                total = [so_far + times * number for so_far, number in zip(total, counted[voice], strict=True)]
            yield (*key, *total)

    def words(self) -> Iterable[tuple[str, str, str]]:
        """What is said: a comment, a word of it, its stem."""
        comments = {each.verbatim for each in self.voices if each.verbatim}
        return [(text, word, stem(word)) for text in sorted(comments) for word in sorted(indexed(text))]


def _rank(shares: Sequence[float], chance: float) -> int:
    low, high, wanted = 0, len(shares) - 1, chance * shares[-1]
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if shares[middle] < wanted else (low, middle)
    return low


def _answers(chance: random.Random) -> SatisfactionAnswers:
    answers = SatisfactionAnswers(chance.choices(("good", "medium", "bad"), (60, 25, 15))[0])
    if chance.random() < 0.7:
        answers.comprehension = chance.choices(range(1, 6), (1, 1, 2, 4, 4))[0]
        desk = chance.choice(DESKS)
        answers.contact_tried = ["none"] if chance.random() < 0.6 else [desk]
        if desk in answers.contact_tried:
            answers.contact_reached = {desk: chance.random() < 0.7}
    if chance.random() < 0.4:
        answers.verbatim = comment(chance)
    return answers


_DAY = ("procedure_id", "day", "placement_id", "form_version", "lang", *COUNTS)
_MONTHS = f"""INSERT INTO month_count (procedure_id, month, placement_id, {", ".join(COUNTS)})
    SELECT procedure_id, SUBSTR(day, 1, 7), placement_id, {", ".join(f"SUM({name})" for name in COUNTS)}
    FROM day_count GROUP BY procedure_id, SUBSTR(day, 1, 7), placement_id"""  # noqa: S608 - our own names
_PLACES = """INSERT INTO review_word (procedure_id, word, day, seq)
    SELECT review.procedure_id, said.word, review.day, review.seq
    FROM review JOIN said ON said.text = review.verbatim
    ORDER BY review.procedure_id, said.word, review.day, review.seq"""
_WORDS = """INSERT INTO word (procedure_id, word, stem) SELECT DISTINCT procedure.id, said.word, said.stem
    FROM procedure CROSS JOIN said
    WHERE EXISTS (SELECT 1 FROM review_word AS known
        WHERE known.procedure_id = procedure.id AND known.word = said.word)"""
_LAST = (
    "UPDATE progress SET change = (SELECT MAX(change) FROM review)",
    "INSERT INTO indexing (one, change) SELECT 1, change FROM progress",
)


def _into_sqlite(connection: sqlite3.Connection, crowd: _Crowd, number: int) -> None:
    for setting in ("synchronous = OFF", "temp_store = FILE", "cache_size = -200000"):
        connection.execute(f"PRAGMA {setting}")
    _insert(connection, "review", REVIEW_COLUMNS, crowd.rows(number))
    _insert(connection, "day_count", _DAY, crowd.sums())
    connection.execute("CREATE TEMP TABLE said (text TEXT, word TEXT, stem TEXT)")
    connection.execute("CREATE INDEX temp.said_text ON said (text)")
    _insert(connection, "said", ("text", "word", "stem"), crowd.words())
    connection.execute("CREATE INDEX temp.said_word ON said (word)")
    for statement in (_MONTHS, _PLACES.replace("review JOIN", "review CROSS JOIN"), _WORDS, *_LAST):
        connection.execute(statement)


def _insert(connection: sqlite3.Connection, table: str, columns: Sequence[str], rows: Iterable[Any]) -> None:
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - our own names
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        connection.execute("BEGIN")
        connection.executemany(statement, chunk)
        connection.execute("COMMIT")


def _into_postgres(connection: psycopg.Connection[Any], crowd: _Crowd, number: int) -> None:
    connection.execute("SET synchronous_commit = off")
    connection.execute("SET work_mem = '256MB'")
    _copy(connection, "review", REVIEW_COLUMNS, crowd.rows(number))
    _copy(connection, "day_count", _DAY, crowd.sums())
    connection.execute("CREATE TEMP TABLE said (text TEXT, word TEXT, stem TEXT)")
    _copy(connection, "said", ("text", "word", "stem"), crowd.words())
    connection.execute("ANALYZE said")
    connection.execute("ANALYZE review")
    for statement in (_MONTHS, _PLACES, _WORDS, *_LAST):
        connection.execute(statement.encode())
    connection.execute("VACUUM ANALYZE")


def _copy(connection: psycopg.Connection[Any], table: str, columns: Sequence[str], rows: Iterable[Any]) -> None:
    with connection.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)

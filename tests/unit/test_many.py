"""Statements that take many rows: all of them, once, in their order, on SQLite; one JSON text for PostgreSQL."""

import json
import sqlite3

import pytest

from collector.storage.many import Many, in_json, in_parameters, inserted

COLUMNS = ("name", "used", "expires")
PUT = inserted("limit_count", COLUMNS, "ON CONFLICT (name) DO UPDATE SET used = excluded.used")


def rows(number: int) -> list[tuple[str, int, int]]:
    return [(f"{n}", n, 60) for n in range(number)]


@pytest.fixture
def database() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE limit_count (name TEXT PRIMARY KEY, used INTEGER, expires INTEGER)")
    return connection


def put(database: sqlite3.Connection, many: Many, number: int) -> int:
    """How many statements it took."""
    statements = list(in_parameters(many, rows(number)))
    for statement, parameters in statements:
        database.execute(statement, parameters)
    return len(statements)


@pytest.mark.parametrize(("number", "statements"), [(0, 0), (1, 1), (63, 6), (64, 1), (65, 2), (500, 10)])
def test_all_rows_are_put_in_their_order(database: sqlite3.Connection, number: int, statements: int) -> None:
    assert put(database, PUT, number) == statements
    assert database.execute("SELECT * FROM limit_count ORDER BY rowid").fetchall() == rows(number)


def test_what_is_there_already_is_changed(database: sqlite3.Connection) -> None:
    database.execute("INSERT INTO limit_count VALUES ('1', 99, 30)")
    put(database, PUT, 3)
    assert database.execute("SELECT * FROM limit_count ORDER BY name").fetchall() == [
        ("0", 0, 60),
        ("1", 1, 30),
        ("2", 2, 60),
    ]


def test_few_texts_serve_every_batch() -> None:
    texts = {statement for number in range(600) for statement, _ in in_parameters(PUT, rows(number))}
    assert len(texts) == 7


def test_a_statement_for_postgres_has_its_rows_by_name_in_one_parameter() -> None:
    statement, parameters = in_json(PUT, [("l'été", 1, 60), ("%s", 2, 60)])
    assert statement.count("$1") == 1
    assert json.loads(parameters[0]) == [
        {"name": "l'été", "used": 1, "expires": 60},
        {"name": "%s", "used": 2, "expires": 60},
    ]

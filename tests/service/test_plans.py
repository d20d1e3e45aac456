"""No statement reads a table that grows from end to end: both databases are asked how they mean to run each of them.

All statements have names (in `collector/storage/sql`, and those written from names in Python): each is asked for, not
only those that some test happens to run.
"""

import ast
from pathlib import Path

import pytest

import collector
from collector.storage import Storage
from collector.storage.counting import ADD_COUNTS, ADD_MONTH_COUNTS
from collector.storage.many import Many, in_json, in_parameters
from collector.storage.operations import DELETE_OPERATIONS, PUT_OPERATIONS
from collector.storage.own import ADD_OWN_COUNTS
from collector.storage.putting import INSERT_REVIEWS, PUT_LIMITS, UPDATE_REVIEWS
from collector.storage.turned_away import ADD
from tests.conftest import Passeport
from tests.plans import GROWING, plan_of

ALLOWED = {
    # SQLite is prepared to look for rows that a new parent would make whole; it does so only where some are not, and
    # our constraints are never put off.
    "insert_placement": {"review", "day_count", "own_count"},
    # What waits for a person: an index of suspects alone, small where nobody attacks.
    "suspects_waiting": {"review"},
    # What nobody has answered: an index of new problems alone, of which an owner is reminded each time.
    "unanswered": {"problem"},
    # What is to be told and in no letter yet: an index of these alone, emptied each minute.
    "waiting_subscriptions": {"alert"},
    # What has not left yet: an index of waiting letters alone.
    "letters_waiting": {"letter"},
    # `avis doctor` alone: it draws some days out of all.
    "counted_days": {"day_count"},
}


_REVIEWS = """
INSERT INTO review (procedure_id, placement_id, capability, public_id, form, form_version, lang, minute, day,
    contact_tried, contact_reached, contact_satisfaction, revision, change)
SELECT %(procedure)s, %(placement)s, n, n, 'satisfaction', 1, 'fr', n, '2026-03-12', '[]', '{}', '{}', 1, n
FROM generate_series(1, 20000) AS n"""
_WORDS = """
INSERT INTO review_word (procedure_id, word, day, seq)
SELECT %(procedure)s, n %% 500, '2026-03-12', n FROM generate_series(1, 20000) AS n"""
_VOCABULARY = (
    "INSERT INTO word (procedure_id, word, stem) SELECT %(procedure)s, n, n FROM generate_series(1, 9000) AS n"
)
_PROBLEMS = """
INSERT INTO problem (procedure_id, kind, leader, first_minute, last_minute)
SELECT %(procedure)s, 'technical', n, n, n FROM generate_series(1, 5000) AS n"""
_REPORTS = "INSERT INTO report (seq, problem_id) SELECT n, 1 + n %% 5000 FROM generate_series(1, 9000) AS n"
_TAGS = """
INSERT INTO review_tag (procedure_id, word, day, seq)
SELECT %(procedure)s, n %% 50, '2026-03-12', n FROM generate_series(1, 20000) AS n"""
_NOTES = """
INSERT INTO note (procedure_id, seq, words, created_by, created_at)
SELECT %(procedure)s, n, n, n, n FROM generate_series(1, 9000) AS n"""
_OPERATIONS = """
INSERT INTO operation (procedure_id, day, channel, completed)
SELECT %(procedure)s, n, 'online', 1 FROM generate_series(1, 9000) AS n"""
_SUBSCRIPTION = """
WITH person AS (
    INSERT INTO account (email, name, administrator, password, must_change, created_at)
    VALUES ('a@exemple.fr', 'A', 1, '', 0, '') RETURNING id
)
INSERT INTO subscription (
    account_id, procedure_id, kinds, at_once, digest, threshold, least, words, words_after, created_at
) SELECT id, %(procedure)s, '[]', 1, 'none', 0, 0, '', 0, '' FROM person"""
_LETTERS = """
INSERT INTO letter (subscription_id, kind, about, created, next_try, sent)
SELECT subscription.id, 'alerts', n, n, n, NULLIF(n % 2, 0) FROM subscription, generate_series(1, 9000) AS n"""
_ALERTS = """
INSERT INTO alert (subscription_id, kind, about, details, at, waiting, letter_id)
SELECT subscription_id, 'problem', created, '{}', created, 0, id FROM letter"""
_HOOK = """
INSERT INTO hook (procedure_id, url, kinds, secret, next_digest, created_by, created_at)
VALUES (%(procedure)s, '', '[]', '', 0, '', '')"""
_DELIVERIES = """
INSERT INTO delivery (hook_id, message, kind, about, body, created, outcome)
SELECT hook.id, n, 'problem', n, '', n, '200' FROM hook, generate_series(1, 9000) AS n"""
_SAID = "INSERT INTO said (procedure_id, seq) SELECT %(procedure)s, n FROM generate_series(1, 9000) AS n"
_SAID_COUNTS = """
INSERT INTO said_count (procedure_id, month, kind, said, reviews, bad, medium, good)
SELECT %(procedure)s, '2026-' || n %% 12, 'word', n, n %% 70, 0, 0, 0 FROM generate_series(1, 20000) AS n"""
_OWN_COUNTS = """
INSERT INTO own_count (procedure_id, day, placement_id, form_version, lang, question, answer)
SELECT %(procedure)s, '2026-' || n %% 366, %(placement)s, 2, 'fr', 'question_1', n
FROM generate_series(1, 9000) AS n"""
_LIMITS = "INSERT INTO limit_count (name, used, expires) SELECT n, 1, n FROM generate_series(1, 9000) AS n"


@pytest.fixture(autouse=True)
async def filled(storage: Storage, passeport: Passeport) -> None:
    """PostgreSQL decides by what is there. SQLite has nothing to decide by, and decides the same for every database."""
    if storage.engine.name == "sqlite":
        return
    place = {"procedure": passeport.procedure.id, "placement": passeport.placement.id}
    async with storage.engine.write() as connection:
        await connection.execute(_REVIEWS, place)
        await connection.execute(_WORDS, place)
        await connection.execute(_VOCABULARY, place)
        await connection.execute(_TAGS, place)
        await connection.execute(_NOTES, place)
        await connection.execute(_SAID, place)
        await connection.execute(_SAID_COUNTS, place)
        await connection.execute(_PROBLEMS, place)
        await connection.execute(_REPORTS.replace("1 +", "(SELECT MIN(id) FROM problem) +"), {})
        await connection.execute(_OPERATIONS, place)
        await connection.execute(_OWN_COUNTS, place)
        await connection.execute(_LIMITS)
        await connection.execute(_SUBSCRIPTION, place)
        await connection.execute(_LETTERS)
        await connection.execute(_ALERTS)
        await connection.execute(_HOOK, place)
        await connection.execute(_DELIVERIES)
        await connection.execute("ANALYZE")


async def test_no_statement_scans_what_grows(storage: Storage) -> None:
    sql = storage.engine.sql
    names = [name for name in sql.available_queries if not name.endswith("_cursor")]
    assert len(names) > 80, "this looks at all of them"
    scans = {name: (await plan_of(storage.engine, getattr(sql, name).sql)).scans for name in names}
    assert {name: tables for name, tables in scans.items() if not set(tables) <= ALLOWED.get(name, set())} == {}


@pytest.mark.parametrize(
    "many",
    [
        *(INSERT_REVIEWS, UPDATE_REVIEWS, PUT_LIMITS, ADD),
        *(ADD_COUNTS, ADD_MONTH_COUNTS, ADD_OWN_COUNTS),
        *(PUT_OPERATIONS, DELETE_OPERATIONS),
    ],
)
async def test_nor_does_one_that_takes_many_rows(storage: Storage, many: Many) -> None:
    row = tuple(None for _ in many.columns)
    text = next(in_parameters(many, [row]))[0] if storage.engine.name == "sqlite" else in_json(many, [row])[0]
    assert (await plan_of(storage.engine, text)).scans == []


@pytest.mark.parametrize(
    ("sql", "scanned"),
    [
        ("SELECT COUNT(*) AS n FROM review WHERE satisfaction = 'bad'", ["review"]),
        ("SELECT SUM(reviews) AS n FROM day_count", ["day_count"]),
        ("SELECT * FROM review ORDER BY verbatim LIMIT 5", ["review"]),
        ("SELECT * FROM review WHERE procedure_id = 1 ORDER BY day, seq LIMIT 5", []),
        ("SELECT * FROM placement", []),
    ],
)
async def test_a_scan_would_be_seen(storage: Storage, sql: str, scanned: list[str]) -> None:
    assert (await plan_of(storage.engine, sql)).scans == scanned


def test_the_service_runs_no_statement_without_a_name() -> None:
    """Whole databases are another matter (`housing`, migrations): they read everything on purpose."""
    found = []
    for file in sorted((Path(collector.__file__).parent / "storage").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words = node.value.split()
                if words[:1] in (["SELECT"], ["DELETE"], ["UPDATE"]) and GROWING & set(words):
                    found.append((file.name, node.value))
    assert [each for each in found if each[0] not in {"counting.py", "operations.py", "putting.py"}] == []

"""A copy in one DuckDB file: a table with types, and views that give the indicators by the service's own formulas.

A page, the cursor and the key are one transaction of the file. DuckDB keeps what was deleted in the blocks of its file;
a copy in which something was masked or removed is therefore written anew and put in place at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from collector.exports.pulling.columns import structure
from collector.exports.pulling.copies import Kept, Page, Pin, State
from collector.exports.pulling.errors import FolderUnusable

_SETTINGS: dict[str, Any] = {"memory_limit": "512MB", "threads": 2}
_VIEWS = Path(__file__).with_name("views.sql")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS copy_state (scope VARCHAR, cursor BIGINT, pin VARCHAR, holes BOOLEAN);
"""


class DuckFile:
    def __init__(self, file: Path, engine: duckdb.DuckDBPyConnection) -> None:
        self._file, self._engine = file, engine

    def state(self) -> State:
        for scope, cursor, pin in self._run("SELECT scope, cursor, pin FROM copy_state"):
            return State(scope, cursor, msgspec.json.decode(pin, type=Pin))
        return State()

    def scope_of(self, page: Page) -> str:
        """Whatever the format: the table is the same."""
        content, _, *rest = page.scope
        return msgspec.json.encode([content, *rest]).decode()

    def keep(self, page: Page, state: State) -> Kept:
        self._engine.begin()
        try:
            self._expect_columns(page)
            kept = self._keep_rows(page)
            self._keep_state(state, holes=bool(kept.updated or kept.deleted))
            self._engine.commit()
        except BaseException:
            self._engine.rollback()
            raise
        return kept

    def _expect_columns(self, page: Page) -> None:
        types = structure(page.columns)
        wanted = ", ".join(f"{_quoted(name)} {kind}" for name, kind in types.items())
        self._run(f"CREATE TABLE IF NOT EXISTS {_quoted(page.content)} ({wanted})")
        for name, kind in types.items():
            self._run(f"ALTER TABLE {_quoted(page.content)} ADD COLUMN IF NOT EXISTS {_quoted(name)} {kind}")
        if page.content == "reviews":
            self._run(_VIEWS.read_text())

    def _keep_rows(self, page: Page) -> Kept:
        if page.is_whole:
            self._run(f"TRUNCATE {_quoted(page.content)}")
            return Kept(self._insert(page), 0, 0)
        deleted = self._remove(page.gone)
        updated = self._remove([row["id"] for row in page.present])
        return Kept(self._insert(page) - updated, updated, deleted)

    def _remove(self, ids: list[str]) -> int:
        return self._changed("DELETE FROM reviews WHERE id IN (SELECT unnest(?::VARCHAR[]))", [ids]) if ids else 0

    def _insert(self, page: Page) -> int:
        if not page.present:
            return 0
        rows = msgspec.json.encode(page.present).decode()
        shape = msgspec.json.encode([structure(page.columns)]).decode()
        return self._changed(
            f"INSERT INTO {_quoted(page.content)} BY NAME SELECT unnest(from_json_strict(?::JSON, ?), max_depth := 2)",
            [rows, shape],
        )

    def _changed(self, statement: str, values: list[Any] | None = None) -> int:
        ((number,),) = self._run(statement, values)
        return int(number)

    def _run(self, statement: str, values: list[Any] | None = None) -> list[Any]:
        # To its last row: the next statement waits for that.
        return self._engine.execute(statement, values or []).fetchall()

    def _keep_state(self, state: State, *, holes: bool) -> None:
        before = self._has_holes()
        self._run("DELETE FROM copy_state")
        self._run(
            "INSERT INTO copy_state VALUES (?, ?, ?, ?)",
            [state.scope, state.cursor, msgspec.json.encode(state.pin).decode(), holes or before],
        )

    def finish(self, _page: Page) -> str:
        if self._has_holes():
            self._write_anew()
        return str(self._file)

    def _has_holes(self) -> bool:
        return self._run("SELECT holes FROM copy_state") == [(True,)]

    def _write_anew(self) -> None:
        draft = self._file.with_name(f"{self._file.name}.part")
        draft.unlink(missing_ok=True)
        # Afterwards there is no log beside the file that could be taken for the new one's.
        self._run("CHECKPOINT")
        ((name,),) = self._run("SELECT current_database()")
        self._run(f"ATTACH {_literal(str(draft))} AS fresh")
        self._run(f"COPY FROM DATABASE {_quoted(name)} TO fresh")
        self._run("UPDATE fresh.copy_state SET holes = FALSE")
        self._run("DETACH fresh")
        draft.replace(self._file)

    def total(self, page: Page) -> int:
        return self._engine.table(page.content).shape[0]


@contextmanager
def duck_copy(file: Path) -> Iterator[DuckFile]:
    """Raises FolderUnusable, also while another run or a reader holds the file."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(file, config=_SETTINGS) as engine:
            engine.execute(_SCHEMA).fetchall()
            yield DuckFile(file, engine)
    except (OSError, duckdb.Error) as error:
        raise FolderUnusable(f"Le fichier {file} ne peut pas recevoir la copie : {error}.") from error


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

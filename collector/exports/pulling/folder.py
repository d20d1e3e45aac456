"""A copy in a folder: `copy.db`, a ledger in SQLite, and beside it one file that people and programs read.

Each page and the cursor that follows it are one transaction of the ledger: whatever is cut, and wherever, the next run
goes on from the last whole page, and no row is there twice. The file is written anew from the ledger and put in place
at once, so that a reader never sees half a file.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec

from collector.exports.pulling.copies import Kept, Page, Pin, State
from collector.exports.pulling.errors import FolderUnusable
from collector.exports.pulling.files import suffix_of, write

_SCHEMA = """
CREATE TABLE IF NOT EXISTS state (one INTEGER PRIMARY KEY CHECK (one = 1), scope TEXT NOT NULL, cursor INTEGER NOT NULL,
    written INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS pin (one INTEGER PRIMARY KEY CHECK (one = 1), pin TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS row (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, cells TEXT NOT NULL);
"""


class Folder:
    def __init__(self, folder: Path, ledger: sqlite3.Connection) -> None:
        self._folder, self._ledger = folder, ledger

    def state(self) -> State:
        found = self._ledger.execute("SELECT scope, cursor FROM state").fetchone()
        if not found:
            return State()
        pin = self._ledger.execute("SELECT pin FROM pin").fetchone()
        return State(found[0], found[1], msgspec.json.decode(pin[0], type=Pin) if pin else None)

    def scope_of(self, page: Page) -> str:
        return msgspec.json.encode(page.scope).decode()

    def keep(self, page: Page, state: State) -> Kept:
        ledger = self._ledger
        ledger.execute("BEGIN IMMEDIATE")
        try:
            kept = self._keep_rows(page)
            ledger.execute(
                "INSERT INTO state (one, scope, cursor) VALUES (1, ?, ?) "
                "ON CONFLICT (one) DO UPDATE SET cursor = excluded.cursor, written = written AND NOT ?",
                (state.scope, state.cursor, bool(page.rows)),
            )
            ledger.execute("INSERT OR REPLACE INTO pin VALUES (1, ?)", (msgspec.json.encode(state.pin).decode(),))
            ledger.execute("COMMIT")
        except BaseException:
            ledger.execute("ROLLBACK")
            raise
        return kept

    def _keep_rows(self, page: Page) -> Kept:
        ledger, added, updated = self._ledger, 0, 0
        if page.is_whole:
            ledger.execute("DELETE FROM row")
        deleted = sum(ledger.execute("DELETE FROM row WHERE id = ?", (gone,)).rowcount for gone in page.gone)
        for number, cells in enumerate(page.present):
            name = cells.get("id", f"{number}")
            text = msgspec.json.encode(cells).decode()
            updated += ledger.execute("UPDATE row SET cells = ? WHERE id = ?", (text, name)).rowcount
            added += ledger.execute("INSERT OR IGNORE INTO row (id, cells) VALUES (?, ?)", (name, text)).rowcount
        return Kept(added, updated, deleted)

    def finish(self, page: Page) -> str:
        target = self._folder / f"{page.content}.{suffix_of(page.format)}"
        if not target.exists() or not self._ledger.execute("SELECT written FROM state").fetchone()[0]:
            write(self._rows(), page.columns, target)
            self._ledger.execute("UPDATE state SET written = 1")
        return str(target)

    def _rows(self) -> Iterator[dict[str, Any]]:
        for (text,) in self._ledger.execute("SELECT cells FROM row ORDER BY number"):
            yield msgspec.json.decode(text)

    def total(self, _page: Page) -> int:
        return int(self._ledger.execute("SELECT COUNT(*) FROM row").fetchone()[0])


@contextmanager
def folder_copy(folder: Path) -> Iterator[Folder]:
    """Raises FolderUnusable."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder), closing(sqlite3.connect(folder / "copy.db", timeout=60, isolation_level=None)) as ledger:
            # What the service masked or removed since must not stay in the free space of the copy either.
            ledger.execute("PRAGMA secure_delete = ON")
            ledger.executescript(_SCHEMA)
            yield Folder(folder, ledger)
    except (OSError, sqlite3.Error) as error:
        raise FolderUnusable(f"Le dossier {folder} ne peut pas recevoir la copie : {error}.") from error


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two runs would take each other's pages back. The lock is the system's: it ends with us, however we end."""
    held = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderUnusable(f"Une autre copie vers {folder} est en cours. Attendez qu'elle ait fini.") from None
        yield
    finally:
        os.close(held)

"""`avis pull`: keep a local copy of an export, for a job at three in the morning.

The folder holds `copy.db`, in which each page and the cursor that follows it are written by one transaction: whatever
is cut, and wherever, the next run goes on from the last whole page, and no row is there twice. The CSV, NDJSON or JSON
file beside it is written anew from the copy and put in place at once, so that a reader never sees half a file.
"""

import sqlite3
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import msgspec

from collector.errors import AvisError
from collector.exports.formats import cell, csv_lines

TRIES = 6
_SCHEMA = """
CREATE TABLE IF NOT EXISTS state (one INTEGER PRIMARY KEY CHECK (one = 1), scope TEXT NOT NULL, cursor INTEGER NOT NULL,
    written INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS row (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, cells TEXT NOT NULL);
"""


class PullError(AvisError):
    """Why the copy is not up to date; `exit_code` tells a cron job whether to run again by itself."""

    exit_code = 4
    code, title = "pull-failed", "La copie n'est pas à jour"


class LinkRefused(PullError):
    exit_code = 3
    code, title = "link-refused", "Le service refuse ce lien"


class NotVerified(PullError):
    exit_code = 5
    code, title = "page-not-verified", "Une page reçue n'est pas celle qui a été demandée"


class FolderUnusable(PullError):
    exit_code = 6
    code, title = "folder-unusable", "La copie ne peut pas être écrite"


class _Page(msgspec.Struct):
    content: str
    format: str
    procedures: list[str]
    from_day: str | None
    to_day: str | None
    columns: list[str]
    after: int
    count: int
    next: int
    more: bool
    rows: list[dict[str, Any]]

    @property
    def scope(self) -> str:
        """What the link gives, whoever it was signed for: a renewed link continues the same copy."""
        return msgspec.json.encode(
            [self.content, self.format, sorted(self.procedures), self.from_day, self.to_day]
        ).decode()


class Report(msgspec.Struct):
    """What one run did. `file` is the readable copy."""

    added: int
    updated: int
    deleted: int
    total: int
    pages: int
    cursor: int
    file: str


def pull(url: str, folder: Path) -> Report:
    """Bring the copy in `folder` up to date. Raises PullError; what was received before is kept."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(folder / "copy.db", timeout=60, isolation_level=None)) as copy:
            # What the service masked or removed since must not stay in the free space of the copy either.
            copy.execute("PRAGMA secure_delete = ON")
            copy.executescript(_SCHEMA)
            return _update(url, folder, copy)
    except (OSError, sqlite3.Error) as error:
        raise FolderUnusable(f"Le dossier {folder} ne peut pas recevoir la copie : {error}.") from error


def _update(url: str, folder: Path, copy: sqlite3.Connection) -> Report:
    state = copy.execute("SELECT scope, cursor FROM state").fetchone()
    cursor = int(state[1]) if state else 0
    report = Report(0, 0, 0, 0, 0, cursor, "")
    page = None
    for page in _pages(url, cursor):
        if state and state[0] != page.scope:
            raise FolderUnusable(f"Le dossier {folder} contient la copie d'un autre export. Donnez-en un autre.")
        _keep(copy, page, report)
        report.pages += 1
        report.cursor = page.next
    assert page is not None  # noqa: S101 - _pages gives at least one page or raises
    report.total = copy.execute("SELECT COUNT(*) FROM row").fetchone()[0]
    target = folder / f"{page.content}.{page.format}"
    report.file = str(target)
    if not target.exists() or not copy.execute("SELECT written FROM state").fetchone()[0]:
        _write(copy, target, page)
        copy.execute("UPDATE state SET written = 1")
    return report


def _pages(url: str, cursor: int) -> Iterator[_Page]:
    with httpx.Client(timeout=30, follow_redirects=False, headers={"Accept": "application/json"}) as client:
        while True:
            page = _fetch(client, f"{url.rstrip('/')}/pages", cursor)
            yield page
            if not page.more:
                return
            cursor = page.next


def _fetch(client: httpx.Client, url: str, cursor: int) -> _Page:
    """One verified page, tried again while that may help."""
    problem = PullError()
    for attempt in range(TRIES):
        if attempt:
            time.sleep(0.2 * 3 ** (attempt - 1))
        try:
            response = client.get(url, params={"after": cursor})
        except httpx.HTTPError as error:
            problem = PullError(f"Le serveur ne répond pas ({type(error).__name__}). Relancez plus tard.")
            continue
        if response.status_code in {403, 404, 410}:
            raise LinkRefused(_detail(response))
        if response.status_code != 200:
            problem = PullError(f"Le serveur a répondu {response.status_code}. Relancez plus tard.")
            continue
        try:
            return _verified(response, cursor)
        except NotVerified as error:
            problem = error
    raise problem


def _verified(response: httpx.Response, cursor: int) -> _Page:
    digest = b64encode(sha256(response.content).digest()).decode()
    if response.headers.get("content-digest") != f"sha-256=:{digest}:":
        raise NotVerified("Une page ne correspond pas à son empreinte : elle a été abîmée ou modifiée en route.")
    try:
        page = msgspec.json.decode(response.content, type=_Page)
    except msgspec.MsgspecError as error:
        raise NotVerified("Une page n'a pas la forme attendue.") from error
    if page.after != cursor or page.count != len(page.rows) or page.next < cursor:
        raise NotVerified("Une page ne correspond pas à ce qui a été demandé.")
    return page


def _keep(copy: sqlite3.Connection, page: _Page, report: Report) -> None:
    copy.execute("BEGIN IMMEDIATE")
    try:
        if page.content == "indicators":
            copy.execute("DELETE FROM row")
        added, known, gone = 0, 0, 0
        for cells in page.rows:
            row = cells.get("id") or f"{cells['procedure']}/{cells['indicator']}"
            if cells.get("deleted"):
                gone += copy.execute("DELETE FROM row WHERE id = ?", (row,)).rowcount
                continue
            text = msgspec.json.encode(cells).decode()
            known += copy.execute("UPDATE row SET cells = ? WHERE id = ?", (text, row)).rowcount
            added += copy.execute("INSERT OR IGNORE INTO row (id, cells) VALUES (?, ?)", (row, text)).rowcount
        copy.execute(
            "INSERT INTO state (one, scope, cursor) VALUES (1, ?, ?) "
            "ON CONFLICT (one) DO UPDATE SET cursor = excluded.cursor, written = written AND NOT ?",
            (page.scope, page.next, bool(page.rows)),
        )
        copy.execute("COMMIT")
    except BaseException:
        copy.execute("ROLLBACK")
        raise
    report.added += added
    report.updated += known
    report.deleted += gone


def _write(copy: sqlite3.Connection, target: Path, page: _Page) -> None:
    draft = target.with_suffix(f"{target.suffix}.part")
    rows = (msgspec.json.decode(text) for (text,) in copy.execute("SELECT cells FROM row ORDER BY number"))
    with draft.open("wb") as file:
        if page.format == "csv":
            file.write(b"\xef\xbb\xbf" + csv_lines([page.columns]))
            for cells in rows:
                file.write(csv_lines([[cell(cells[name]) for name in page.columns]]))
        elif page.format == "ndjson":
            for cells in rows:
                file.write(msgspec.json.encode(cells) + b"\n")
        else:
            file.write(b"[")
            for number, cells in enumerate(rows):
                file.write((b"," if number else b"") + msgspec.json.encode(cells))
            file.write(b"]\n")
    draft.replace(target)


def _detail(response: httpx.Response) -> str:
    try:
        problem = msgspec.json.decode(response.content, type=dict[str, Any])
        return f"{problem['title']}. {problem['detail']}"
    except (msgspec.MsgspecError, KeyError):
        return f"Le serveur refuse ce lien ({response.status_code})."

"""`avis pull`: keep a local copy of an export, for a job at three in the morning.

Every page is verified before it is kept, and kept together with the cursor that follows it: whatever is cut, and
wherever, the next run goes on from the last whole page. The parts are in pulling/.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec

from collector.exports.pulling.asking import Link
from collector.exports.pulling.copies import Copy, Page
from collector.exports.pulling.errors import FolderUnusable
from collector.exports.pulling.folder import folder_copy


class Report(msgspec.Struct):
    """What one run did. `file` is the readable copy; `key` names the key that signed what was received."""

    added: int = 0
    updated: int = 0
    deleted: int = 0
    total: int = 0
    pages: int = 0
    cursor: int = 0
    file: str = ""
    key: str = ""


def pull(url: str, into: Path, *, key: str | None = None, say: Callable[[Report], None] = lambda _: None) -> Report:
    """Bring a copy up to date. Raises PullError; what was received before is kept. `say` hears of each page."""
    with _copy(into) as copy:
        return _update(url, key, copy, into, say)


def _copy(into: Path) -> AbstractContextManager[Copy]:
    if into.suffix == ".duckdb":
        from collector.exports.pulling.duck import duck_copy  # noqa: PLC0415 - 60 MB, for those who ask for it

        return duck_copy(into)
    return folder_copy(into)


def _update(url: str, key: str | None, copy: Copy, into: Path, say: Callable[[Report], None]) -> Report:
    state, report = copy.state(), Report()
    with Link(url, state.pin, key) as link:
        while True:
            page = link.page(state.cursor)
            scope = copy.scope_of(page)
            if state.scope not in {"", scope}:
                raise FolderUnusable(f"{into} contient la copie d'un autre export. Donnez un autre dossier ou fichier.")
            state.scope, state.cursor, state.pin = scope, page.next, link.pin
            kept = copy.keep(page, state)
            report.pages, report.cursor = report.pages + 1, page.next
            report.added += kept.added
            report.updated += kept.updated
            report.deleted += kept.deleted
            say(report)
            if not page.more:
                break
    return _finished(copy, page, report, link)


def _finished(copy: Copy, page: Page, report: Report, link: Link) -> Report:
    report.file, report.total = copy.finish(page), copy.total(page)
    report.key = link.pin.key.kid if link.pin else ""
    return report

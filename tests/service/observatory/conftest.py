"""What the public's pages are read with."""

import asyncio
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from httpx import AsyncClient
from typing_extensions import override

from collector.observatory.year import KEPT
from tests.conftest import GOOD, MovableClock, send


async def opinions(client: AsyncClient, key: str, number: int, answers: Mapping[str, Any] = GOOD) -> None:
    """So many people say the same."""
    for reply in await asyncio.gather(*(send(client, key, answers) for _ in range(number))):
        assert reply.status_code == 201


def later(clock: MovableClock) -> None:
    """The pages no longer show what they showed."""
    clock.move(seconds=KEPT.total_seconds())


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.in_cell = False

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")
            self.in_cell = True
        elif tag == "small" and self.in_cell:
            self.rows[-1][-1] += " "

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self.in_cell = False

    @override
    def handle_data(self, data: str) -> None:
        if self.in_cell:
            self.rows[-1][-1] += data


def rows(page: str) -> list[list[str]]:
    """The cells of every table of a page, as they are read."""
    parser = _Tables()
    parser.feed(page)
    return [[" ".join(cell.split()) for cell in row] for row in parser.rows]

"""`avis pull`: resumable and idempotent, whatever happens on the way."""

import asyncio
import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from httpx import AsyncClient
from litestar import Litestar

from collector.exports.pull import Report, pull
from collector.exports.pulling.errors import FolderUnusable, LinkRefused, NotVerified, PullError
from collector.settings import Settings
from collector.storage import Storage
from tests.conftest import MovableClock, Passeport, send
from tests.service.test_exports import Signed, fill, served


@pytest.fixture
def sign(storage: Storage, settings: Settings, clock: MovableClock) -> Signed:
    return Signed(storage, settings, clock)


class Road:
    """What lies between the service and the job: pages pass, are cut in the middle, damaged, or refused for a while."""

    def __init__(self, app: Litestar, *troubles: str) -> None:
        self._app: Any = app
        self._troubles: Iterator[str] = iter(troubles)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        trouble = next(self._troubles, "") if scope["path"].endswith("/pages") else ""

        async def through(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start" and trouble == "busy":
                message = {**message, "status": 503}
            if message["type"] == "http.response.body" and message.get("body"):
                if trouble == "cut":
                    await send({**message, "body": message["body"][: len(message["body"]) // 2], "more_body": True})
                    raise ConnectionResetError
                if trouble == "damaged":
                    message = {**message, "body": message["body"].replace(b"2026", b"2027", 1)}
            await send(message)

        await self._app(scope, receive, through)


async def pull_through(app: Any, url: str, folder: Path, *troubles: str) -> Report:
    async with served(Road(app, *troubles)) as (host, port):  # type: ignore[arg-type]  # an ASGI application all the same
        return await asyncio.to_thread(pull, f"http://{host}:{port}{urlsplit(url).path}", folder)


def copied(report: Report) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content(report).splitlines()]


def content(report: Report) -> bytes:
    return Path(report.file).read_bytes()


async def test_pulling_again_adds_only_what_is_new(
    app: Litestar, client: AsyncClient, storage: Storage, passeport: Passeport, sign: Signed, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    await fill(storage, passeport, 1500)
    url = await sign()
    first = await pull_through(app, url, folder)
    assert (first.added, first.updated, first.total, first.pages) == (1500, 0, 1500, 2)
    again = await pull_through(app, url, folder)
    assert (again.added, again.updated, again.total, again.cursor) == (0, 0, 1500, first.cursor)
    mine = uuid4()
    await send(client, passeport.key, {"satisfaction": "bad"}, id=mine)
    assert (await pull_through(app, url, folder)).added == 1
    await send(client, passeport.key, {"satisfaction": "bad", "verbatim": "Trop long"}, id=mine)
    last = await pull_through(app, url, folder)
    assert (last.added, last.updated, last.total) == (0, 1, 1501)
    rows = copied(last)
    assert len({row["id"] for row in rows}) == 1501
    assert rows[-1]["verbatim"] == "Trop long"
    assert rows == [json.loads(line) for line in (await client.get(url)).text.splitlines()]


async def test_what_is_cut_damaged_or_refused_on_the_way_is_asked_for_again(
    app: Litestar, client: AsyncClient, storage: Storage, passeport: Passeport, sign: Signed, tmp_path: Path
) -> None:
    await fill(storage, passeport, 2500)
    report = await pull_through(app, await sign(), tmp_path / "copy", "", "cut", "", "damaged", "busy", "")
    assert (report.added, report.total, report.pages) == (2500, 2500, 3)
    assert len({row["id"] for row in copied(report)}) == 2500


async def test_a_job_that_gave_up_goes_on_from_the_last_whole_page(
    app: Litestar,
    client: AsyncClient,
    storage: Storage,
    passeport: Passeport,
    sign: Signed,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Not ours but Python's: six tries with growing waits would take half a minute.
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    await fill(storage, passeport, 1500)
    url = await sign()
    with pytest.raises(PullError):
        await pull_through(app, url, tmp_path / "copy", "", *["cut"] * 20)
    with pytest.raises(NotVerified):
        await pull_through(app, url, tmp_path / "copy", *["damaged"] * 20)
    report = await pull_through(app, url, tmp_path / "copy")
    assert (report.added, report.total, report.pages) == (500, 1500, 1)


async def test_a_link_that_gives_nothing_leaves_the_copy_as_it_is(
    app: Litestar,
    client: AsyncClient,
    storage: Storage,
    passeport: Passeport,
    clock: MovableClock,
    sign: Signed,
    tmp_path: Path,
) -> None:
    await send(client, passeport.key)
    url = await sign(format="csv")
    report = await pull_through(app, url, tmp_path / "copy")
    before = content(report)
    assert before == (await client.get(url)).content
    await storage.links.revoke(sign.last.id, clock())
    with pytest.raises(LinkRefused):
        await pull_through(app, url, tmp_path / "copy")
    with pytest.raises(LinkRefused):
        await pull_through(app, f"{url}x", tmp_path / "copy")
    assert content(report) == before


async def test_a_folder_keeps_the_copy_of_one_export(
    app: Litestar, client: AsyncClient, passeport: Passeport, sign: Signed, tmp_path: Path
) -> None:
    await send(client, passeport.key)
    await pull_through(app, await sign(format="csv"), tmp_path / "copy")
    renewed = await pull_through(app, await sign(format="csv"), tmp_path / "copy")
    assert (renewed.added, renewed.total) == (0, 1), "a renewed link goes on with the same copy"
    assert [row["satisfaction"] for row in csv.DictReader(content(renewed).decode("utf-8-sig").splitlines())] == [
        "good"
    ]
    with pytest.raises(FolderUnusable):
        await pull_through(app, await sign(format="ndjson"), tmp_path / "copy")
    with pytest.raises(FolderUnusable):
        await pull_through(app, await sign(), tmp_path / "copy" / "reviews.csv")


async def test_indicators_are_replaced_as_a_whole(
    app: Litestar, client: AsyncClient, passeport: Passeport, sign: Signed, tmp_path: Path
) -> None:
    url = await sign(content="indicators", format="json")
    for number in (1, 2):
        await send(client, passeport.key)
        report = await pull_through(app, url, tmp_path / "copy")
        rows = json.loads(content(report))
        assert [row["count"] for row in rows] == [number, 0, 0, 0, 0, 0]

"""Signed export links: exactly what was signed, to whoever holds it, until it expires or is revoked, and journaled."""

import asyncio
import csv
import io
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec
import pytest
import uvicorn
from httpx import AsyncClient
from litestar import Litestar

from collector.app import create_app
from collector.errors import AvisError, BadRequest, NotFound
from collector.exports.formats import cell
from collector.exports.links import EVERY_PROCEDURE, create_link
from collector.exports.rows import INDICATOR_COLUMNS, REVIEW_COLUMNS
from collector.schema import Format, Link
from collector.settings import Settings, load
from collector.signing import Signer
from collector.storage import Storage
from tests.conftest import MovableClock, Passeport, found, refusal, running, send

LONG = "Le formulaire demande trois fois la même pièce. " * 20


class Signed:
    """Sign links as Bruno does in the admin."""

    def __init__(self, storage: Storage, settings: Settings, clock: MovableClock) -> None:
        self._storage, self._settings, self._clock = storage, settings, clock
        self.last: Link

    async def __call__(self, *procedures: str, format: Format = "ndjson", days: int = 30, **scope: Any) -> str:
        self.last, url = await create_link(
            self._storage,
            self._settings,
            procedures=procedures or ("passeport",),
            format=format,
            created_by="bruno@exemple.fr",
            expires_at=self._clock() + timedelta(days=days),
            now=self._clock(),
            **{"content": "reviews", **scope},
        )
        return url

    async def journal(self) -> list[tuple[str, int, str]]:
        return [(use.kind, use.rows, use.outcome) for use in await self._storage.links.uses(self.last.id)]


@pytest.fixture
def sign(storage: Storage, settings: Settings, clock: MovableClock) -> Signed:
    return Signed(storage, settings, clock)


async def rows(client: AsyncClient, url: str) -> list[dict[str, Any]]:
    answer = await client.get(url)
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


async def test_a_file_holds_exactly_the_reviews_that_were_signed(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock, sign: Signed
) -> None:
    permis = await found(storage, clock, "permis")
    mine = uuid4()
    answers = {
        "satisfaction": "medium",
        "comprehension": 3,
        "contact_tried": ["phone", "chat"],
        "contact_reached": {"phone": True, "chat": False},
        "contact_satisfaction": {"phone": 2},
        "verbatim": "Attente, « longue »\nau guichet ; 3 fois",
    }
    await send(client, passeport.key, answers, id=mine, page="/fin?dossier=1", lang="en")
    await send(client, passeport.malfunction.key, {"kind": "suggestion", "verbatim": "Un plan du site"})
    await send(client, permis.key)
    first, second = await rows(client, await sign())
    public_id = first.pop("id")
    assert first == {
        "procedure": "passeport",
        "placement": passeport.key,
        "channel": "web",
        "form": "satisfaction",
        "form_version": 1,
        "lang": "en",
        "given_at": "2026-03-12T11:00Z",
        "day": "2026-03-12",
        "page": "/fin",
        "satisfaction": "medium",
        "comprehension": 3,
        "contact_tried": ["phone", "chat"],
        "contact_tried_other": None,
        "contact_reached_counter": None,
        "contact_reached_phone": True,
        "contact_reached_email": None,
        "contact_reached_chat": False,
        "contact_satisfaction_counter": None,
        "contact_satisfaction_phone": 2,
        "contact_satisfaction_email": None,
        "contact_satisfaction_chat": None,
        "kind": None,
        "device": None,
        "browser": None,
        "verbatim": "Attente, « longue »\nau guichet ; 3 fois",
        "context": None,
        "question_1": None,
        "question_2": None,
        "question_3": None,
    }
    assert (second["form"], second["kind"], second["satisfaction"]) == ("malfunction", "suggestion", None)
    assert tuple(second) == REVIEW_COLUMNS
    assert str(mine) not in f"{first}{public_id}"
    assert mine.hex != public_id


async def test_a_csv_file_opens_in_a_spreadsheet_and_says_the_same(
    client: AsyncClient, passeport: Passeport, sign: Signed
) -> None:
    answers = {
        "satisfaction": "good",
        "contact_tried": ["phone", "email"],
        "contact_reached": {"phone": True, "email": False},
        "verbatim": 'Deux lignes,\r\nune "citation" ; un accent : é',
    }
    await send(client, passeport.key, answers)
    await send(client, passeport.key, {"satisfaction": "bad"})
    answer = await client.get(await sign(format="csv"))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="avis-reviews-2026-03-12.csv"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content.startswith(b"\xef\xbb\xbfid,procedure,")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [tuple(line) for line in lines] == [REVIEW_COLUMNS] * 2
    assert lines[0]["contact_tried"] == "phone|email"
    assert (lines[0]["contact_reached_phone"], lines[0]["contact_reached_email"]) == ("true", "false")
    assert lines[0]["verbatim"] == answers["verbatim"]
    assert lines[1]["comprehension"] == ""
    for line, row in zip(lines, await rows(client, await sign()), strict=True):
        assert (line["id"], line["satisfaction"], line["given_at"]) == (row["id"], row["satisfaction"], row["given_at"])


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_text_starts_a_formula(first: str) -> None:
    assert cell(f"{first}1+1") == f"'{first}1+1"
    assert cell(f"1{first}1") == f"1{first}1"


async def test_no_comment_starts_a_formula_in_a_file(client: AsyncClient, passeport: Passeport, sign: Signed) -> None:
    texts = [f"{first} 1+1" for first in "=+-@＝＋－＠"]
    for text in texts:
        await send(client, passeport.key, {"satisfaction": "good", "verbatim": text})
    answer = await client.get(await sign(format="csv"))
    lines = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert [line["verbatim"] for line in lines] == [f"'{text}" for text in texts]
    assert [row["verbatim"] for row in await rows(client, await sign())] == texts, "a program reads what was written"


async def test_dates_are_part_of_what_was_signed(
    client: AsyncClient, passeport: Passeport, clock: MovableClock, sign: Signed
) -> None:
    for _ in range(4):
        await send(client, passeport.key)
        clock.move(days=1)
    scopes: list[tuple[dict[str, Any], list[int]]] = [
        ({}, [12, 13, 14, 15]),
        ({"from_day": "2026-03-14"}, [14, 15]),
        ({"to_day": "2026-03-13"}, [12, 13]),
        ({"from_day": "2026-03-13", "to_day": "2026-03-13"}, [13]),
        ({"from_day": "2027-01-01"}, []),
    ]
    for scope, days in scopes:
        url = await sign(**scope)
        expected = [f"2026-03-{day}" for day in days]
        assert [row["day"] for row in await rows(client, url)] == expected
        assert [row["day"] for row in (await client.get(f"{url}/pages")).json()["rows"]] == expected
        assert [row["day"] for row in await rows(client, f"{url}?from_day=2000-01-01&procedures=*")] == expected


async def test_a_link_gives_the_procedures_that_were_signed(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock, sign: Signed
) -> None:
    permis = await found(storage, clock, "permis")
    one, two, every = await sign("permis"), await sign("passeport", "permis"), await sign(*EVERY_PROCEDURE)
    carte = await found(storage, clock, "carte")
    for key in (passeport.key, permis.key, carte.key):
        await send(client, key)
    for url, slugs in ((one, ["permis"]), (two, ["passeport", "permis"]), (every, ["carte", "passeport", "permis"])):
        assert sorted(row["procedure"] for row in await rows(client, url)) == slugs
        assert sorted(row["procedure"] for row in (await client.get(f"{url}/pages")).json()["rows"]) == slugs


async def test_an_archived_procedure_stays_in_its_exports(
    client: AsyncClient, storage: Storage, passeport: Passeport, sign: Signed
) -> None:
    await send(client, passeport.key)
    await storage.catalogue.set_state("passeport", "archived")
    assert len(await rows(client, await sign(*EVERY_PROCEDURE))) == 1


async def test_indicators_come_with_their_counts_and_intervals(
    client: AsyncClient, passeport: Passeport, sign: Signed
) -> None:
    for satisfaction in ("good", "good", "medium", "bad"):
        await send(client, passeport.key, {"satisfaction": satisfaction})
    url = await sign(content="indicators", format="json")
    answer = await client.get(url)
    assert answer.headers["content-type"] == "application/json"
    listed = answer.json()
    assert [row["indicator"] for row in listed] == [
        "satisfaction",
        "comprehension",
        "contact_reachability",
        "contact_satisfaction",
        "contact",
        "autonomy",
    ]
    assert tuple(listed[0]) == INDICATOR_COLUMNS
    assert (listed[0]["value"], listed[0]["count"], listed[0]["level"]) == (6.25, 4, "yellow")
    assert listed[0]["low"] < 6.25 < listed[0]["high"]
    assert (listed[0]["from_day"], listed[0]["to_day"]) == ("2025-03-13", "2026-03-12"), "twelve months to this day"
    assert [row["value"] for row in listed[1:]] == [None] * 5
    assert await rows(client, await sign(content="indicators", format="ndjson")) == listed


# ---- Links that give nothing


async def test_a_link_works_until_the_second_it_expires(
    client: AsyncClient, passeport: Passeport, clock: MovableClock, sign: Signed
) -> None:
    url = await sign(days=1)
    clock.move(days=1, seconds=-1)
    assert (await client.get(url)).status_code == 200
    clock.move(seconds=1)
    for address in (url, f"{url}/pages"):
        assert refusal(await client.get(address)) == (410, "link-expired")
    assert await sign.journal() == [("refused", 0, "expired"), ("refused", 0, "expired"), ("file", 0, "complete")]


async def test_a_revoked_link_gives_nothing_any_more(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock, sign: Signed
) -> None:
    url = await sign()
    await send(client, passeport.key)
    assert len(await rows(client, url)) == 1
    assert await storage.links.revoke(sign.last.id, clock())
    assert not await storage.links.revoke(sign.last.id, clock()), "once is enough"
    for address in (url, f"{url}/pages"):
        assert refusal(await client.get(address)) == (410, "link-revoked")
    assert [outcome for _, _, outcome in await sign.journal()] == ["revoked", "revoked", "complete"]


async def test_a_forged_or_truncated_link_gives_nothing(
    client: AsyncClient, passeport: Passeport, settings: Settings, sign: Signed
) -> None:
    url = await sign()
    token = url.rsplit("/", 1)[1]
    grant, _, signature = token.rpartition(".")
    value: Any = Signer(settings.secret_keys, "export-link").read(token)
    every = [value[0], ["*"], *value[2:]]
    stranger = Signer(("another-key-that-is-long-enough-to-be-one",), "export-link")
    for forged in (
        token[:-1],
        token[:20],
        grant,
        signature,
        f"{grant}.",
        f"{grant}.{signature[::-1]}",
        f"x{token}",
        f"{token}x",
        token.swapcase(),
        "x",
        stranger.sign(every),
        Signer(settings.secret_keys, "password-reset").sign(value),
        Signer(settings.secret_keys, "export-link").sign("not a grant"),
        Signer(settings.secret_keys, "export-link").sign([*value, "more"]),
        Signer(settings.secret_keys, "export-link").sign(["an-id-we-never-gave", *value[1:]]),
    ):
        for address in (f"/exports/{forged}", f"/exports/{forged}/pages"):
            assert refusal(await client.get(address)) == (403, "link-invalid"), forged
    assert await sign.journal() == []


async def test_a_link_outlives_the_key_it_was_signed_with_until_that_is_removed(
    environ: dict[str, str], passeport: Passeport, clock: MovableClock, sign: Signed
) -> None:
    url = await sign()
    old, new = environ["AVIS_SECRET_KEYS"], "the-key-of-this-year-which-is-long-enough"
    for keys, status in ((f"{new},{old}", 200), (new, 403)):
        settings = load({**environ, "AVIS_SECRET_KEYS": keys})
        async with running(create_app(settings, clock), settings) as client:
            assert (await client.get(url)).status_code == status


async def test_a_link_is_only_signed_for_what_exists(sign: Signed, passeport: Passeport) -> None:
    async def refused(*procedures: str, **scope: Any) -> AvisError:
        with pytest.raises(AvisError) as error:
            await sign(*procedures, **scope)
        return error.value

    assert isinstance(await refused("nobody"), NotFound)
    assert isinstance(await refused(content="indicators", days=0), BadRequest)
    assert isinstance(await refused(from_day="12/03/2026"), BadRequest)
    assert isinstance(await refused(from_day="2026-03-13", to_day="2026-03-12"), BadRequest)


# ---- The journal


async def test_each_use_is_in_the_journal(client: AsyncClient, passeport: Passeport, sign: Signed) -> None:
    url = await sign()
    for _ in range(3):
        await send(client, passeport.key)
    await client.get(url)
    await client.get(f"{url}/pages")
    assert await sign.journal() == [("page", 3, "sent"), ("file", 3, "complete")]


@asynccontextmanager
async def served(app: Litestar) -> AsyncIterator[tuple[str, int]]:
    """A running application behind real sockets too, on this loop."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_config=None, timeout_graceful_shutdown=2))
    life = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event to wait for
        await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()
    finally:
        server.should_exit = True
        await life


async def fill(storage: Storage, passeport: Passeport, number: int) -> None:
    """Many long reviews at once, as the writer would store them."""
    from collector.schema import Review, day_of, minute_of
    from collector.storage.batch import Write
    from tests.conftest import NOON

    _, directory = await storage.intake.target(passeport.key) or (None, 0)
    writes = [
        Write(
            Review(
                capability=uuid4().hex,
                public_id=uuid4().hex,
                procedure_id=passeport.procedure.id,
                placement_id=passeport.placement.id,
                form="satisfaction",
                form_version=1,
                lang="fr",
                minute=minute_of(NOON),
                day=day_of(NOON),
                satisfaction="good",
                verbatim=LONG,
            ),
            directory,
        )
        for _ in range(number)
    ]
    for at in range(0, number, 500):
        assert set(await storage.intake.commit(writes[at : at + 500])) == {"created"}


async def test_a_file_that_was_cut_off_is_journaled_as_interrupted(
    client: AsyncClient, app: Litestar, storage: Storage, passeport: Passeport, sign: Signed
) -> None:
    # More than the buffers between two sockets hold, so that the server is still sending when the reader leaves.
    await fill(storage, passeport, 12_000)
    url = await sign()
    async with served(app) as address:
        reader, writer = await asyncio.open_connection(*address, limit=1024)
        writer.write(f"GET {urlsplit(url).path} HTTP/1.1\r\nHost: {address[0]}\r\n\r\n".encode())
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        writer.transport.abort()
        async with asyncio.timeout(5):
            while (line := (await sign.journal())[0])[2] == "started":  # noqa: ASYNC110 - it happens in the database
                await asyncio.sleep(0.01)
    assert (line[0], line[2]) == ("file", "interrupted")
    assert line[1] < 12_000


# ---- The page protocol


def verified(answer: Any) -> dict[str, Any]:
    """A page whose digest fits its bytes and whose count fits its rows."""
    assert answer.status_code == 200, answer.text
    digest = b64encode(sha256(answer.content).digest()).decode()
    assert answer.headers["content-digest"] == f"sha-256=:{digest}:"
    page: dict[str, Any] = answer.json()
    assert page["count"] == len(page["rows"])
    return page


async def pulled(client: AsyncClient, url: str, after: int = 0) -> tuple[list[dict[str, Any]], int]:
    """All rows after a cursor, and the cursor that follows."""
    found: list[dict[str, Any]] = []
    while True:
        page = verified(await client.get(f"{url}/pages", params={"after": after}))
        assert page["after"] == after
        assert page["next"] >= after
        found += page["rows"]
        after = page["next"]
        if not page["more"]:
            return found, after


async def test_pages_follow_each_other_without_a_gap_or_a_repetition(
    client: AsyncClient, storage: Storage, passeport: Passeport, sign: Signed
) -> None:
    await fill(storage, passeport, 2500)
    url = await sign()
    pages = [verified(await client.get(f"{url}/pages"))]
    while pages[-1]["more"]:
        pages.append(verified(await client.get(f"{url}/pages", params={"after": pages[-1]["next"]})))
    assert [page["count"] for page in pages] == [1000, 1000, 500]
    assert [page["after"] for page in pages] == [0, pages[0]["next"], pages[1]["next"]]
    ids = [row["id"] for page in pages for row in page["rows"]]
    assert len(set(ids)) == 2500
    assert ids == [row["id"] for row in await rows(client, url)]


async def test_asking_again_gives_only_what_is_new_or_changed(
    client: AsyncClient, passeport: Passeport, sign: Signed
) -> None:
    url = await sign()
    mine = uuid4()
    await send(client, passeport.key, {"satisfaction": "bad"}, id=mine)
    await send(client, passeport.key)
    first, cursor = await pulled(client, url)
    assert await pulled(client, url, cursor) == ([], cursor)
    await send(client, passeport.key, {"satisfaction": "bad", "verbatim": "Trop long"}, id=mine)
    await send(client, passeport.key, {"satisfaction": "bad", "verbatim": "Trop long"}, id=mine)
    await send(client, passeport.key)
    again, later = await pulled(client, url, cursor)
    assert again[0]["id"] == first[0]["id"]
    assert [row["verbatim"] for row in again] == ["Trop long", None]
    assert await pulled(client, url, later) == ([], later)


async def test_a_page_says_what_it_is_a_page_of(client: AsyncClient, passeport: Passeport, sign: Signed) -> None:
    page = verified(await client.get(f"{await sign(format='csv', to_day='2026-12-31')}/pages"))
    assert {name: page[name] for name in ("content", "format", "procedures", "from_day", "to_day", "columns")} == {
        "content": "reviews",
        "format": "csv",
        "procedures": ["passeport"],
        "from_day": None,
        "to_day": "2026-12-31",
        "columns": list(REVIEW_COLUMNS),
    }


async def test_a_cursor_that_is_no_number_is_a_bad_request(
    client: AsyncClient, passeport: Passeport, sign: Signed
) -> None:
    url = await sign()
    for after in ("x", "-1", "1.5", "9" * 30, ""):
        assert refusal(await client.get(f"{url}/pages", params={"after": after})) == (400, "bad-request"), after
    assert verified(await client.get(f"{url}/pages", params={"after": 2**62}))["rows"] == []


async def test_a_job_that_reads_while_people_write_misses_nothing_and_repeats_nothing(
    client: AsyncClient, storage: Storage, settings: Settings, passeport: Passeport, clock: MovableClock, sign: Signed
) -> None:
    permis, carte = await found(storage, clock, "permis"), await found(storage, clock, "carte")
    url = await sign("carte", "passeport", "permis")
    final: list[str] = []
    writing = True

    async def write(other: AsyncClient, key: str, name: str) -> None:
        for n in range(40):
            mine = uuid4()
            for step in ("good", "bad"):
                answers = {"satisfaction": step, "verbatim": f"{name} {n} {step}"}
                assert (await send(other, key, answers, id=mine, address=f"192.0.2.{n}")).is_success
            final.append(f"{name} {n} bad")

    async def read() -> tuple[dict[str, dict[str, Any]], list[tuple[str, str]]]:
        copy: dict[str, dict[str, Any]] = {}
        emitted: list[tuple[str, str]] = []
        cursor = 0
        while True:
            last = not writing
            new, cursor = await pulled(client, url, cursor)
            emitted += [(row["id"], row["verbatim"]) for row in new]
            copy |= {row["id"]: row for row in new}
            if last:
                return copy, emitted
            await asyncio.sleep(0)

    async with running(create_app(settings, clock), settings) as other:
        reading = asyncio.create_task(read())
        await asyncio.gather(
            *(
                write(through, key, f"{name} {door}")
                for door, through in (("A", client), ("B", other))
                for name, key in (("passeport", passeport.key), ("permis", permis.key), ("carte", carte.key))
            )
        )
        writing = False
        copy, emitted = await reading
    assert sorted(row["verbatim"] for row in copy.values()) == sorted(final)
    assert len(emitted) == len(set(emitted)), "the same state of a review was given twice"


def test_a_grant_is_what_is_signed_and_nothing_beside_it() -> None:
    from collector.exports.links import Grant

    assert Grant.__struct_fields__ == (
        *("id", "procedures", "content", "format", "from_day", "to_day", "expires"),
        *("interval", "by", "networks", "once"),
    )
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"id": "x"}, Grant)

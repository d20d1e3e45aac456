"""The seven promises, one test each: it breaks when the promise is broken.

They look at the whole service from outside; the finer tests are in the folders beside this file, and what only a
browser can show is in `tests/browser`.
"""

import asyncio
import json
import random
import re
from base64 import b64encode
from datetime import timedelta
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from uuid import uuid4

import pytest
from httpx import AsyncClient
from typing_extensions import override

from collector.exports.links import create_link
from collector.indicators import indicators
from collector.settings import Settings
from collector.storage import Storage
from collector.storage.reviews import Filter
from tests.conftest import BRUNO, MovableClock, Passeport, broken, found, refusal, send
from tests.faults.crowd import Crowd
from tests.faults.test_crash import NO_LIMITS, check
from tests.service.test_at_rest import everything_at_rest, live, secrets_of
from tests.service.test_counts import check_counts
from tests.serving import serving
from tests.unit.test_indicators import recounted

STORED_ANYWHERE = re.compile(r"document\.cookie|localStorage|sessionStorage|indexedDB|caches\.open|CookieStore")
COMPILED_OR_WRITTEN = re.compile(r"\beval\(|new Function\(|\.innerHTML|\.outerHTML|document\.write|insertAdjacentHTML")


async def test_1_a_click_is_never_lost(
    environ: dict[str, str], storage: Storage, passeport: Passeport, tmp_path: Path
) -> None:
    """What was acknowledged is on disk, even when the machine stops in that very moment."""
    crowd = Crowd(passeport.key)
    with serving({**environ, **NO_LIMITS}, tmp_path / "log") as service:
        sending = asyncio.create_task(crowd.send(service.url, people=16, seconds=20))
        while len(crowd.rated) < 100:  # noqa: ASYNC110 - another process makes it happen
            await asyncio.sleep(0.005)
        service.process.kill()
        service.process.wait()
        await sending
    await check(storage, passeport, crowd)


async def test_2_nothing_identifies_a_citizen_at_rest_in_a_log_or_in_the_browser(
    capfd: pytest.CaptureFixture[str],
    client: AsyncClient,
    settings: Settings,
    storage: Storage,
    passeport: Passeport,
) -> None:
    ids = await live(client, passeport)
    at_rest = everything_at_rest(settings)
    async with broken(storage, "day_count"):
        await live(client, passeport)
    logged = "".join(capfd.readouterr())
    assert logged
    assert not [secret for secret in secrets_of(ids) if secret.encode() in at_rest or secret in logged]

    for path in (f"/avis/{passeport.key}", f"/avis/{passeport.key}?embed=1", "/widget/v1.js"):
        answer = await client.get(path)
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
        assert not STORED_ANYWHERE.search(answer.text), path
        # Nothing is fetched from anybody else: no address but namespaces and ours.
        others = {found for found in re.findall(r"(?:https?:)?//[\w.-]+\.\w+", answer.text) if "w3.org" not in found}
        assert others <= {"https://avis.exemple.fr", "https://mairie.exemple.fr"}, path


async def test_3_personal_data_is_masked_before_the_first_write_and_any_log(
    capfd: pytest.CaptureFixture[str],
    client: AsyncClient,
    settings: Settings,
    storage: Storage,
    passeport: Passeport,
) -> None:
    said = "Écrivez à alice@exemple.fr ou au 06 12 34 56 78, sinon 2 85 05 78 006 084 91."
    answers = {"satisfaction": "bad", "verbatim": said, "contact_tried": ["other"], "contact_tried_other": said[:60]}
    assert (await send(client, passeport.key, answers, page="/fin/alice@exemple.fr")).status_code == 201
    async with broken(storage, "day_count"):
        assert refusal(await send(client, passeport.key, answers)) == (503, "storage-unavailable")
    everywhere = everything_at_rest(settings) + "".join(capfd.readouterr()).encode()
    for secret in ("alice@exemple.fr", "06 12 34 56 78", "0612345678", "2 85 05 78 006 084 91"):
        assert secret.encode() not in everywhere
    (listed,) = await storage.reviews.before(passeport.procedure, Filter())
    assert listed.review.verbatim == "Écrivez à [e-mail] ou au [téléphone], sinon [n° de sécurité sociale]."


async def test_4_the_widget_needs_nothing_that_a_strict_policy_forbids(
    client: AsyncClient, passeport: Passeport
) -> None:
    loader = await client.get("/widget/v1.js")
    assert not COMPILED_OR_WRITTEN.search(loader.text)
    assert len(loader.content) < 10_000, "it slows no page down"

    page = await client.get(f"/avis/{passeport.key}?embed=1")
    policy = dict(rule.strip().split(" ", 1) for rule in page.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert policy["frame-ancestors"] == "'self' https://mairie.exemple.fr file:"
    assert not [rule for rule, value in policy.items() if "unsafe" in value or "*" in value]
    for tag, rule in (("script", "script-src"), ("style", "style-src")):
        for text in re.findall(rf"<{tag}[^>]*>(.*?)</{tag}>", page.text, re.DOTALL):
            assert f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" in policy[rule]
    assert not re.search(r"\son\w+=|\sstyle=|javascript:", page.text), "nothing runs or is styled from an attribute"


async def test_5_an_opinion_can_be_given_without_javascript(
    client: AsyncClient, storage: Storage, passeport: Passeport
) -> None:
    """Here as a browser without scripts posts it; keyboard, screen reader and zoom are in `tests/browser`."""
    page = await client.get(f"/avis/{passeport.key}")
    assert re.search(r"<html[^>]*\blang=\"?fr\b", page.text)
    for name, value in (("satisfaction", "medium"), ("comprehension", "4"), ("contact_tried", "none")):
        hidden = hidden_fields(page.text)
        page = await client.post(f"/avis/{passeport.key}", data={**hidden, name: value, "next": name})
        assert page.status_code == 200
    (listed,) = await storage.reviews.before(passeport.procedure, Filter())
    review = listed.review
    assert (review.satisfaction, review.comprehension, review.contact_tried) == ("medium", 4, ("none",))


def hidden_fields(page: str) -> dict[str, str]:
    """What the page carries from step to step, read as a browser reads it."""
    fields: dict[str, str] = {}

    class Inputs(HTMLParser):
        @override
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = dict(attrs)
            if tag == "input" and given.get("type") == "hidden":
                fields[given.get("name") or ""] = given.get("value") or ""

    Inputs().feed(page)
    return fields


async def test_6_a_link_gives_what_was_signed_until_it_ends_and_each_use_is_known(
    client: AsyncClient, storage: Storage, settings: Settings, passeport: Passeport, clock: MovableClock
) -> None:
    permis = await found(storage, clock, "permis")
    for key in (passeport.key, permis.key):
        await send(client, key)
    expires = clock() + timedelta(days=1)
    link, url = await create_link(
        storage,
        settings,
        procedures=["passeport"],
        content="reviews",
        format="ndjson",
        created_by="bruno@exemple.fr",
        expires_at=expires,
        now=clock(),
    )
    file = await client.get(url)
    assert [json.loads(line)["procedure"] for line in file.text.splitlines()] == ["passeport"]
    page = await client.get(f"{url}/pages")
    digest = b64encode(sha256(page.content).digest()).decode()
    assert page.headers["content-digest"] == f"sha-256=:{digest}:", "what it gave can be verified"
    assert [row["procedure"] for row in page.json()["rows"]] == ["passeport"]
    assert refusal(await client.get(f"{url[:-2]}AA")) == (403, "link-invalid")
    clock.now = expires
    assert refusal(await client.get(url)) == (410, "link-expired")
    await storage.links.revoke(link.id, clock())
    assert refusal(await client.get(url)) == (410, "link-revoked")
    assert [(use.kind, use.rows, use.outcome) for use in await storage.links.uses(link.id)][::-1] == [
        ("file", 1, "complete"),
        ("page", 1, "sent"),
        ("refused", 0, "expired"),
        ("refused", 0, "revoked"),
    ]


async def test_7_figures_are_exact_and_equal_a_recount_on_every_database(
    client: AsyncClient, storage: Storage, passeport: Passeport, clock: MovableClock
) -> None:
    chance = random.Random(2026)  # noqa: S311 - the same people on both databases
    for _ in range(120):
        mine = uuid4()
        for _ in range(chance.choice((1, 1, 2, 3))):
            tried = chance.choice((["none"], ["phone"], ["phone", "chat"], []))
            reached = {desk: chance.random() < 0.6 for desk in tried if desk != "none"}
            answers = {
                "satisfaction": chance.choice(("bad", "medium", "good")),
                "comprehension": chance.choice((None, 1, 2, 3, 4, 5)),
                "contact_tried": tried,
                "contact_reached": reached,
                "contact_satisfaction": {desk: chance.randint(1, 5) for desk, was in reached.items() if was},
            }
            lang = chance.choice(("fr", "en"))
            assert (await send(client, passeport.key, answers, id=mine, lang=lang, address=BRUNO)).is_success
        clock.move(minutes=chance.randint(0, 60))
    await check_counts(storage, passeport)
    reviews = [listed.review for listed in await storage.reviews.before(passeport.procedure, Filter(), number=1000)]
    counts = await storage.reviews.counts(passeport.procedure, "2026-01-01", "2026-12-31")
    figures = {figure.name: figure for figure in indicators(counts)}
    for name, (value, count) in recounted(reviews).items():
        assert figures[name].value == pytest.approx(float(value or 0), rel=1e-12)
        assert figures[name].count == count
    assert counts["reviews"] == 120

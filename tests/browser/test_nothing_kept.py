"""A day of real browsers against a real service, and then everything it left: database, write-ahead log, its own log.

The tests in `tests/service/test_at_rest.py` look at what programs send, on both databases; here browsers send what they
like to send by themselves.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from msgspec import Struct
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.browser.conftest import Host
from tests.serving import Service, serving

ADDRESSES = ("203.0.113.77", "2001:db8:77:88::99", "198.51.100.66")
AGENT = "Mozilla/5.0 (AliceOS 77.3; rv:88) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/177.7.7.7 Safari/537.36"
LANGUAGES = "br-FR"
QUERY = "dossier=AZ81274455&jeton=JETON-DE-SESSION"
COOKIE = "COOKIE-D-ALICE"
SAID = "Je suis Alice Lagarde, alice.lagarde@exemple.fr, 06 12 34 56 78, et la page est blanche."
CONTACT = "alice.a.rappeler@exemple.fr"
PERSONAL = ("Lagarde", "alice.lagarde", "06 12 34 56 78", "0612345678", CONTACT)
STRANGER = "http://127.0.0.1"


class Town(Struct):
    """A service behind its proxy, with limits that a few people reach, and what browsers sent it."""

    service: Service
    key: str
    malfunction: str
    ids: set[str] = set()
    statuses: set[int] = set()

    def heard(self, request: Request) -> None:
        """The ids that a page made, in whichever way it sent them."""
        body = request.post_data or ""
        if request.method == "POST":
            sent: dict[str, Any] = request.post_data_json or {}
            self.ids.add(str(sent["id"]))
            assert str(sent["id"]) in body


@pytest.fixture
def town(tmp_path: Path, host: Host) -> Iterator[Town]:
    environ = {
        "AVIS_DATA": str(tmp_path / "data"),
        "AVIS_TRUSTED_PROXIES": "127.0.0.1",
        "AVIS_LIMIT_VISITOR": "4/hour",
        "AVIS_LOG_LEVEL": "debug",
    }
    with serving(environ, tmp_path / "log") as service:
        add = ["procedure", "add", "--title", "Demander un passeport", "--slug", "passeport", "--origin", host.origin]
        key = service.run(*add)["placements"][0]["key"]
        add = ["placement", "add", "--procedure", "passeport", "--form", "malfunction", "--contact"]
        yield Town(service, key, service.run(*add)["key"])


def citizen(town: Town, chromium: Browser, address: str, *, scripts: bool = True) -> tuple[BrowserContext, Page]:
    """Somebody's browser, with a cookie for the service that somebody else must have set."""
    context = chromium.new_context(
        user_agent=AGENT,
        locale=LANGUAGES,
        java_script_enabled=scripts,
        extra_http_headers={"X-Forwarded-For": f"6.6.6.6, {address}", "Forwarded": f"for={address}"},
    )
    context.add_cookies([{"name": "session", "value": COOKIE, "url": town.service.url}])
    page = context.new_page()
    if scripts:
        # Playwright keeps a note on whatever listens, which a Struct's method cannot take.
        page.on("request", lambda request: town.heard(request))  # noqa: PLW0108
    page.on("response", lambda response: town.statuses.add(response.status))
    return context, page


def embedded(town: Town, host: Host, attributes: str = "") -> str:
    """A page of the procedure that embeds the widget, at an address that says too much."""
    link = f'<a href="{town.service.url}/avis/{town.key}">Je donne mon avis</a>'
    body = (
        f"<!doctype html><html lang=fr><title>Fin</title><h1>Votre demande</h1>"
        f'<je-donne-mon-avis key="{town.key}" {attributes}>{link}</je-donne-mon-avis>'
        f'<script src="{town.service.url}/widget/v1.js" defer></script>'
    )
    return f"{host.serve(body, path=f'/fin{attributes}')}?{QUERY}#{QUERY}"


def a_day(town: Town, host: Host, chromium: Browser) -> None:
    for address in ADDRESSES:
        context, page = citizen(town, chromium, address)
        # In the page of the procedure, through every step.
        page.goto(embedded(town, host, "mode=inline"))
        form = page.frame_locator("iframe")
        form.locator("label:has([value=good])").first.click()
        # Past clarity and help, to the comment.
        for _ in range(2):
            form.locator("button[name=next]:visible").click()
        form.locator("textarea[name=verbatim]").fill(SAID)
        form.locator("button[name=next]:visible").click()
        expect(form.locator("#thanks")).to_be_visible()
        # A problem, with an address to answer to, on the full page.
        page.goto(f"{town.service.url}/avis/{town.malfunction}?page=/fin?{QUERY}&utm_source={QUERY}")
        page.locator("[name=kind]").first.check()
        page.locator("textarea").fill(SAID)
        page.locator("[name=contact_email]").fill(CONTACT)
        page.locator("button[name=next]:visible").click()
        expect(page.locator("#thanks")).to_be_visible()
        # Addresses that lead nowhere.
        for wrong in (f"avis/unknown?{QUERY}", f"exports/{'x' * 40}?{QUERY}", f"{QUERY}", f"vie-privee?{QUERY}"):
            page.goto(f"{town.service.url}/{wrong}")
        context.close()
        # Without scripts, and more often than the limit lets through.
        context, page = citizen(town, chromium, address, scripts=False)
        for _ in range(4):
            page.goto(f"{town.service.url}/avis/{town.key}?{QUERY}")
            town.ids.add(page.locator("input[name=id]").first.get_attribute("value") or "")
            page.locator("[value=bad]").first.check()
            page.locator("button[name=next]").first.click()
        context.close()
        # A site that may not show the form, and programs that send nonsense.
        headers = {"X-Forwarded-For": address, "User-Agent": AGENT, "Referer": f"{STRANGER}/fin?{QUERY}"}
        framed = {**headers, "Sec-Fetch-Dest": "iframe", "Referer": f"https://ailleurs.exemple.org/fin?{QUERY}"}
        mine = str(uuid4())
        town.ids.add(mine)
        body = {"id": mine, "key": town.key, "answers": {"satisfaction": "excellent", "verbatim": SAID}}
        url = town.service.url
        for answer in (
            httpx.get(f"{url}/avis/{town.key}?embed=1&{QUERY}", headers=framed),
            httpx.post(f"{url}/api/v1/reviews?{QUERY}", json=body, headers=headers),
            httpx.post(
                f"{url}/api/v1/reviews", json=body, headers={**headers, "Origin": "https://ailleurs.exemple.org"}
            ),
            httpx.post(f"{url}/api/v1/reviews", content=SAID.encode(), headers=headers),
        ):
            town.statuses.add(answer.status_code)


def test_a_day_of_browsers_leaves_nothing_of_anybody(town: Town, host: Host, chromium: Browser, tmp_path: Path) -> None:
    a_day(town, host, chromium)
    assert {200, 201, 400, 403, 404, 422, 429} <= town.statuses
    # What was written last waits in the write-ahead log until the service stops, which empties it: look before.
    time.sleep(0.2)
    found = {path: path.read_bytes() for path in [*sorted((tmp_path / "data").iterdir()), tmp_path / "log"]}
    assert {path.name for path in found} >= {"avis.db", "avis.db-wal", "log"}
    assert any(b"[e-mail]" in body for body in found.values()), "this looks where the comments are"
    assert len(town.ids) >= len(ADDRESSES) * 7
    secrets = [*ADDRESSES, "6.6.6.6", "2001:db8:77:88", AGENT, "AliceOS", LANGUAGES, COOKIE, QUERY, *PERSONAL]
    secrets += ["JETON-DE-SESSION", "AZ81274455", *town.ids, *(each.replace("-", "") for each in town.ids)]
    for path, body in found.items():
        if path.name == "secret.key":
            continue
        for secret in secrets:
            for spelling in {secret, secret.lower(), secret.upper()}:
                assert spelling.encode() not in body, f"{path.name} holds {secret}"

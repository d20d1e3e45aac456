"""The main job, end to end: from an owner's command to rows in the observatory's folder."""

import csv
import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from msgspec import Struct

from tests.browser.conftest import Collector, Host, Visit
from tests.serving import AVIS
from tests.unit.privacy.comments import Comment, load

THROUGH_THE_BROWSER = 6
THROUGH_THE_API = 200


class Page(Struct):
    """A host page with the snippet of a procedure of its own."""

    url: str
    slug: str
    key: str


@pytest.fixture
def host_page(service: Collector, host: Host) -> Page:
    """A site that is not ours: styles of its own, and a policy that allows only itself and what the README says."""
    made = service.run(
        "procedure", "add", "--title", "Carte de pêche", "--slug", f"peche-{uuid4().hex[:8]}", "--origin", host.origin
    )
    placement = made["placements"][0]
    body = (
        "<!doctype html><html lang=fr><title>Pêche</title><link rel=stylesheet href=/style.css>"
        f"<main><h1>Demande envoyée</h1>{placement['snippet']}</main>"
    )
    policy = f"default-src 'self'; script-src {service.url}; frame-src {service.url}"
    host.serve("main { border: 3px double teal } * { font-family: serif }", path="/style.css")
    return Page(host.serve(body, policy), made["slug"], placement["key"])


def test_what_citizens_wrote_on_a_foreign_page_is_what_the_observatory_pulls(
    service: Collector, visit: Visit, host_page: Page, tmp_path: Path
) -> None:
    comments = load()
    texts = [comment.text for comment in comments]
    before = len(service.reviews())

    for text in texts[:THROUGH_THE_BROWSER]:
        page = visit(host_page.url)
        page.get_by_role("button", name="Je donne mon avis").click()
        form = page.frame_locator("iframe")
        form.locator("label:has([value=medium])").click()
        for _ in range(2):
            form.locator("button[name=next]:visible").click()
        form.locator("textarea").fill(text)
        form.locator("button[name=next]:visible").click()
        form.get_by_role("heading", name="Merci").wait_for()

    def send(text: str) -> int:
        answers = {"satisfaction": "bad", "comprehension": 2, "verbatim": text}
        body = {"id": str(uuid4()), "key": host_page.key, "lang": "fr", "answers": answers}
        return httpx.post(f"{service.url}/api/v1/reviews", json=body, timeout=30).status_code

    with ThreadPoolExecutor(8) as citizens:
        answered = list(citizens.map(send, texts[:THROUGH_THE_API]))
    assert answered == [201] * THROUGH_THE_API

    everyone = THROUGH_THE_BROWSER + THROUGH_THE_API
    stored = service.reviews()[before:]
    assert len(stored) == everyone

    link = service.run("link", "create", "--procedure", host_page.slug, "--content", "reviews", "--format", "csv")
    assert pull(link["url"], tmp_path) == {"added": everyone, "total": everyone}
    assert pull(link["url"], tmp_path) == {"added": 0, "total": everyone}

    with (tmp_path / "reviews.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["id"] for row in rows} == {review["public_id"] for review in stored}
    assert sorted(unguarded(row["verbatim"]) for row in rows) == sorted(
        review["verbatim"] for review in stored if "verbatim" in review
    )
    everything = (tmp_path / "reviews.csv").read_text(encoding="utf-8")
    assert [secret for secret in secrets(comments[:THROUGH_THE_API]) if secret in everything] == []


def pull(url: str, folder: Path) -> dict[str, int]:
    done = subprocess.run(
        [AVIS, "pull", url, "--into", str(folder), "--json"], check=True, capture_output=True, text=True
    )
    report = json.loads(done.stdout)
    return {"added": report["added"], "total": report["total"]}


def unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:2] in set("=+-@") else cell


def secrets(comments: list[Comment]) -> list[str]:
    """Addresses and numbers that the comments hold, and that must not come out at the other end."""
    kinds = {"EMAIL", "NIR", "IBAN", "CARD"}
    return [comment.text[start:end] for comment in comments for start, end, kind, _ in comment.spans if kind in kinds]

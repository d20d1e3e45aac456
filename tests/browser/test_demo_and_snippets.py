"""What an owner really copies, in a page under the strictest policy; and the demo page, which copies it too."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from collector.schema import Placement, Procedure, Target
from embed.assets import built
from embed.language import languages
from embed.snippets import snippets
from tests.browser.conftest import Collector, Host, Visit


@pytest.fixture
def pasted(service: Collector) -> dict[str, tuple[str, str]]:
    """Code and policy of every snippet of *passeport*."""
    now = datetime.now(UTC)
    procedure = Procedure(
        id=1, slug="passeport", title="Demander un passeport", organisation_id=1, organisation="O", ministry="M",
        audiences=(), origins=(), state="open", created_at=now,
    )  # fmt: skip
    placement = Placement(
        id=1, procedure_id=1, key=service.key, channel="web", form="satisfaction", label="", contact=False,
        created_at=now, closed_at=None,
    )  # fmt: skip
    found = snippets(Target(procedure, placement), service.url, built(), languages()["fr"])
    return {snippet.mode: (snippet.code, snippet.policy) for snippet in found}


@pytest.mark.parametrize("mode", ["dialog", "inline", "iframe", "link"])
def test_each_snippet_works_with_only_what_it_says_to_allow(
    service: Collector, host: Host, visit: Visit, pasted: dict[str, tuple[str, str]], mode: str
) -> None:
    before = len(service.reviews())
    code, policy = pasted[mode]
    strict = f"default-src 'none'; {policy}; require-trusted-types-for 'script'; trusted-types 'none'"
    page = visit(host.serve(f"<!doctype html><html lang=fr><title>Hôte</title><h1>Fin</h1>{code}", strict))
    if mode == "dialog":
        page.get_by_role("button", name="Je donne mon avis").click()
    if mode == "link":
        page.get_by_role("link", name="Je donne mon avis").click()
    form = page if mode == "link" else page.frame_locator("iframe")
    form.locator("label:has([name=satisfaction][value=bad])").click()
    assert service.last(after=before)["satisfaction"] == "bad"


def test_the_picture_and_the_qr_code_are_shown_on_any_site(service: Collector, host: Host, visit: Visit) -> None:
    names = [
        "bouton/solid-light.svg",
        "bouton/outline-dark.svg?lang=en",
        f"qr/{service.key}.svg",
        f"qr/{service.key}.png",
    ]
    images = "".join(f'<img src="{service.url}/{name}" alt="">' for name in names)
    page = visit(host.serve(f"<!doctype html><html lang=fr><title>Hôte</title>{images}"))
    page.wait_for_load_state("load")
    assert page.evaluate("[...document.images].every((image) => image.naturalWidth > 100)")


def test_the_loader_is_pinned_cached_and_readable_by_any_site(service: Collector, visit: Visit) -> None:
    ask = visit("about:blank").request
    moving = ask.get(f"{service.url}/widget/v1.js")
    assert "max-age=600" in moving.headers["cache-control"]
    assert moving.headers["access-control-allow-origin"] == "*"
    again = ask.get(f"{service.url}/widget/v1.js", headers={"If-None-Match": moving.headers["etag"]})
    assert again.status == 304
    pinned = ask.get(f"{service.url}{built().loader_path}")
    assert "immutable" in pinned.headers["cache-control"]
    assert pinned.body() == moving.body() == built().loader
    unknown = ask.get(f"{service.url}/widget/v1.0000000000000000.js")
    assert (unknown.status, unknown.json()["code"]) == (404, "unknown-script")
    assert "copiez de nouveau l'extrait" in unknown.json()["detail"]


def test_there_is_no_demo_without_demo_data(service: Collector, visit: Visit) -> None:
    assert visit("about:blank").request.get(f"{service.url}/demo").status == 404


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_demo_embeds_the_widget_twice_and_is_without_violations(
    demo: Collector, visit: Visit, axe: Callable[[Page], list[str]], scheme: str
) -> None:
    page = visit(f"{demo.url}/demo", color_scheme=scheme)
    inline = page.frame_locator("section iframe").first
    expect(inline.get_by_text("De façon générale")).to_be_visible()
    page.get_by_role("button", name="Je donne mon avis").click()
    expect(page.get_by_role("dialog").frame_locator("iframe").get_by_text("De façon générale")).to_be_visible()
    page.wait_for_timeout(200)
    assert axe(page) == []

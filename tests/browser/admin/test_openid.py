"""Signing in through a provider, in a browser: there, back, and out of both."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.admin.conftest import PASSWORD, choose_password, sign_in
from tests.openid_provider import RunningProvider, openid_provider
from tests.serving import Service, serving

Axe = Callable[[Page], list[str]]
EMAIL = "eve@exemple.fr"


@pytest.fixture(scope="module")
def provider() -> Iterator[RunningProvider]:
    with openid_provider() as running:
        yield running


@pytest.fixture(scope="module")
def collector(tmp_path_factory: pytest.TempPathFactory, provider: RunningProvider) -> Iterator[Service]:
    data = tmp_path_factory.mktemp("openid")
    with serving({"AVIS_DATA": str(data), **provider.environment()}, data / "log") as service:
        yield service


@pytest.fixture(scope="module")
def first_password(collector: Service) -> str:
    return str(collector.run("user", "add", EMAIL, "--name", "Eve", "--role", "administrator")["one_time_password"])


@pytest.mark.parametrize(("scripts", "scheme"), [(True, "light"), (False, "light"), (True, "dark")])
def test_an_agent_comes_in_through_the_provider_and_signs_out_of_both(
    collector: Service,
    provider: RunningProvider,
    first_password: str,
    browse: Callable[..., Page],
    axe: Axe,
    tmp_path: Path,
    scripts: bool,
    scheme: str,
) -> None:
    page = browse(f"{collector.url}/admin/journal", scripts=scripts, width=390, color_scheme=scheme)
    if scripts:
        assert axe(page) == []
    page.keyboard.press("Tab")
    button = page.get_by_role("link", name="S’identifier avec ProConnect")
    box = button.bounding_box()
    assert box
    assert box["height"] >= 44
    button.click()
    page.get_by_label("Adresse professionnelle").fill(EMAIL)
    page.get_by_role("button", name="Continuer").click()
    if page.url.endswith("/compte"):
        # An account made in a terminal has a password to replace; an invited one has none.
        choose_password(page, first_password, PASSWORD)
        page.goto(f"{collector.url}/admin/journal")
    expect(page).to_have_url(f"{collector.url}/admin/journal")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Journal")
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("status")).to_contain_text("auprès du fournisseur d'identité")
    assert len(provider.ended()[-1]["state"]) >= 32
    page.goto(f"{collector.url}/admin/journal")
    expect(page.get_by_role("heading", level=1)).to_have_text("Connexion")


def test_somebody_without_an_account_reads_what_to_do_and_the_password_is_there(
    collector: Service, browse: Callable[..., Page], axe: Axe
) -> None:
    page = browse(f"{collector.url}/admin/connexion")
    page.get_by_role("link", name="S’identifier avec ProConnect").click()
    page.get_by_label("Adresse professionnelle").fill("inconnue@exemple.fr")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("alert")).to_contain_text("n'a pas abouti")
    assert "code=" not in page.url
    assert axe(page) == []
    sign_in(page, "inconnue@exemple.fr", "rien")
    expect(page.get_by_role("alert")).to_contain_text("ne convient pas")

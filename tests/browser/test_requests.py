"""All that a citizen's browser asks of the collector, as it arrives there: nothing more than each step needs."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Collector, Host, Visit
from tests.recording import Door, recorded

SCRIPT, PAGE, SENDING = ("GET", "script"), ("GET", "iframe"), ("POST", "empty")


@pytest.fixture
def door(service: Collector) -> Iterator[Door]:
    with recorded(service.url) as opened:
        yield opened


class Stages:
    """The requests of each stage of a journey, by their method and kind."""

    def __init__(self, page: Page, door: Door) -> None:
        self._page = page
        self._door = door
        self._seen = 0

    def next(self) -> list[tuple[str, str]]:
        """What arrived since the last call, once the page is at rest."""
        self._page.wait_for_load_state("networkidle")
        self._page.wait_for_timeout(500)
        arrived = self._door.arrivals[self._seen :]
        self._seen += len(arrived)
        return [(each.method, each.kind) for each in arrived]


def journey(page: Page, stages: Stages) -> None:
    """From the first question to the thanks: one sending for each step, and nothing else."""
    form = page.frame_locator("iframe")
    form.locator("label:has([name=satisfaction][value=good])").click()
    assert stages.next() == [SENDING]
    form.get_by_label("Très clair").check()
    form.get_by_role("button", name="Continuer").click()
    assert stages.next() == [SENDING]
    form.get_by_label("Une association").check()
    form.get_by_role("button", name="Continuer").click()
    assert stages.next() == [SENDING]
    form.get_by_label("Souhaitez-vous nous en dire plus ?").fill("Simple et rapide.")
    form.get_by_role("button", name="Envoyer").click()
    expect(form.get_by_role("heading", name="Merci")).to_be_visible()
    assert stages.next() == [SENDING]


def test_one_request_at_load_one_at_open_one_for_each_step(
    service: Collector, door: Door, host: Host, visit: Visit, snippet: Callable[..., str]
) -> None:
    page = visit(host.serve(snippet().replace(service.url, door.url)))
    stages = Stages(page, door)
    assert stages.next() == [SCRIPT]
    page.get_by_role("button", name="Je donne mon avis").click()
    expect(page.frame_locator("iframe").get_by_text("De façon générale")).to_be_visible()
    assert stages.next() == [PAGE]
    journey(page, stages)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Je donne mon avis").click()
    assert stages.next() == []
    page.goto("about:blank")
    assert stages.next() == [], "leaving has nothing more to say"
    assert [each.path for each in door.arrivals if each.cookie] == []


def test_in_the_page_the_form_is_the_second_request_and_the_last_before_an_answer(
    service: Collector, door: Door, host: Host, visit: Visit, snippet: Callable[..., str]
) -> None:
    page = visit(host.serve(snippet("mode=inline", frame=540).replace(service.url, door.url)))
    expect(page.frame_locator("iframe").get_by_text("De façon générale")).to_be_visible()
    stages = Stages(page, door)
    assert sorted(stages.next()) == sorted([SCRIPT, PAGE])
    journey(page, stages)
    assert [each.path for each in door.arrivals if each.cookie] == []

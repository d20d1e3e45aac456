"""What a screen reader is told on each screen, compared with what was agreed: the files in `trees`.

After a change that is meant, `AVIS_TREES=write` writes them anew, and the difference is there to be read.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Collector, Visit

TREES = Path(__file__).parent / "trees"
# What a citizen is told of a control besides its name.
STATES = ("checked", "required", "invalid", "disabled", "focused", "level", "live", "multiline")
# Boxes without a meaning, and text that its parent already says.
SILENT = {"none", "generic", "InlineTextBox", "StaticText", "RootWebArea", "LabelText", "Legend"}

Spoken = Callable[[Page, str], None]


def lines(page: Page) -> list[str]:
    session = page.context.new_cdp_session(page)
    nodes: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {node["nodeId"]: node for node in nodes}
    found: list[str] = []

    def walk(node: dict[str, Any], depth: int) -> None:
        role = node.get("role", {}).get("value", "none")
        name = node.get("name", {}).get("value", "")
        if not node["ignored"] and (role not in SILENT or (role == "StaticText" and not is_said(node, name))):
            found.append("  " * depth + " ".join([role, f'"{name}"' if name else "", *states(node)]).replace("  ", " "))
            depth += 1
        for child in node.get("childIds", []):
            if child in by_id:
                walk(by_id[child], depth)

    def is_said(node: dict[str, Any], name: str) -> bool:
        """By a part around it: a button says its label, a label is its control's, a text field says its value."""
        while node := by_id.get(node.get("parentId", ""), {}):
            role = node.get("role", {}).get("value")
            around = node.get("name", {}).get("value", "")
            if role in {"LabelText", "textbox"} or (role != "RootWebArea" and name.strip() in around):
                return True
        return False

    walk(nodes[0], 0)
    return [line.rstrip() for line in found]


def states(node: dict[str, Any]) -> list[str]:
    said = {part["name"]: part["value"].get("value") for part in node.get("properties", [])}
    if node["role"]["value"] == "radio":
        # Chromium says it of every required choice that nobody has made yet.
        said.pop("invalid", None)
    shown = [f"{name}={said[name]}".lower() for name in STATES if said.get(name) not in (None, False, "false", "off")]
    description = node.get("description", {}).get("value")
    return [*shown, *([f'described="{description}"'] if description else [])]


@pytest.fixture
def compare() -> Spoken:
    def compare(page: Page, name: str) -> None:
        file = TREES / f"{name}.txt"
        said = "\n".join([*lines(page), ""])
        if os.environ.get("AVIS_TREES") == "write":
            file.parent.mkdir(exist_ok=True)
            file.write_text(said, "utf-8")
        assert said == file.read_text("utf-8"), f"{file.name} says something else"

    return compare


def go_on(page: Page) -> None:
    page.locator("button[name=next]:visible").click()


def settled(page: Page, screen: str) -> None:
    expect(page.locator(f"#{screen} h2")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("Réponse enregistrée.")


def test_every_screen_of_the_form_is_said_as_agreed(service: Collector, visit: Visit, compare: Spoken) -> None:
    page = visit(service.form(lang="fr"))
    compare(page, "satisfaction")
    page.locator("label:has([name=satisfaction][value=good])").click()
    settled(page, "comprehension")
    compare(page, "comprehension")
    go_on(page)
    settled(page, "contact_tried")
    for code in ("phone", "counter", "other"):
        page.locator(f"[name=contact_tried][value={code}]").check()
    compare(page, "contact_tried")
    go_on(page)
    settled(page, "contact_reached")
    page.locator("[name='contact_reached.phone'][value=true]").check()
    compare(page, "contact_reached")
    go_on(page)
    settled(page, "contact_satisfaction")
    compare(page, "contact_satisfaction")
    go_on(page)
    settled(page, "verbatim")
    compare(page, "verbatim")
    page.locator("textarea").fill("x" * 5001)
    go_on(page)
    expect(page.locator("textarea")).to_be_focused()
    # The counter is said once the typing rests.
    expect(page.get_by_role("status")).to_contain_text("5001")
    compare(page, "verbatim-too-long")
    page.locator("textarea").fill("Merci")
    go_on(page)
    settled(page, "thanks")
    compare(page, "thanks")


def test_the_malfunction_form_and_its_errors_are_said_as_agreed(
    service: Collector, visit: Visit, compare: Spoken
) -> None:
    page = visit(f"{service.url}/avis/{service.malfunction}?lang=fr")
    compare(page, "malfunction")
    go_on(page)
    compare(page, "malfunction-errors")

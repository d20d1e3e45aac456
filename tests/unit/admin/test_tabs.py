"""The pages of a procedure above each of them."""

from collections import Counter

import pytest

from admin import tabs
from admin.tabs import GROUPS, groups, pages
from tests.unit.admin.test_rights import handlers, over, procedure, viewer

MANAGER, READER = viewer(over("procedure", 7, "manager")), viewer(over("procedure", 7, "reader"))
NAMES = [name for _, of_group in GROUPS for name, _ in of_group]


@pytest.mark.parametrize("name", NAMES)
def test_each_page_is_in_one_group_that_is_shown_open(name: str) -> None:
    found = [one for one in groups(MANAGER, procedure(7), name) if one.is_open]
    assert len(found) == 1
    beside = pages(MANAGER, procedure(7), name)
    assert Counter(one.is_open for one in beside)[True] == (1 if beside else 0)


@pytest.mark.parametrize("name", NAMES)
def test_each_tab_leads_to_a_page_that_there_is(name: str) -> None:
    known = {path.removeprefix("/demarches/{slug:str}") for one in handlers() for path in one.paths}
    assert ("" if name == tabs.FIRST else f"/{name}") in known


def test_who_only_reads_is_led_to_no_page_that_refuses_them() -> None:
    addresses = [one.address for one in groups(READER, procedure(7), "avis")]
    addresses += [one.address for name in NAMES for one in pages(READER, procedure(7), name)]
    assert not any(address.endswith(("/formulaire", "/reglages")) for address in addresses)
    assert [one.text for one in groups(READER, procedure(7), "avis")] == [name for name, _ in GROUPS[:-1]]


def test_the_pages_of_the_service_stand_together_and_nowhere_else() -> None:
    known = {path for one in handlers() for path in one.paths}
    for name, _ in tabs.SERVICE:
        assert f"/{name}" in known
        (open_one,) = [one for one in tabs.of_service(f"/admin/{name}") if one.is_open]
        assert open_one.address == f"/admin/{name}"
    assert [one.text for one in tabs.of_service("/admin/journal/controle") if one.is_open] == ["Journal"]
    assert tabs.of_service("/admin") == tabs.of_service("/admin/journaux") == []

"""The documentation leads somewhere, and says what the settings say."""

import re
import tomllib
from pathlib import Path

import pytest

from collector.exports.columns import documented
from collector.settings import _READERS

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_inside_the_repository_leads_to_a_file(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text())
    assert not [t for t in targets if ":" not in t and not (page.parent / t).exists()]


def test_every_setting_is_documented_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(AVIS_\w+)` \| (.*?) \|", (ROOT / "docs" / "operators.md").read_text(), re.MULTILINE))
    assert set(rows) == set(_READERS)
    for name, (_, default, _) in _READERS.items():
        assert rows[name] == f"`{default}`" or not default or name == "AVIS_DATA", name


def test_what_the_readme_creates_is_not_there_already() -> None:
    """Whoever follows it has just run `make run`, whose demo has procedures of its own."""
    demo = tomllib.loads((ROOT / "collector" / "demo.toml").read_text())
    taken = {procedure["slug"] for procedure in demo["procedures"]}
    added = re.findall(r"procedure add [^`]*--slug (\S+)", (ROOT / "README.md").read_text())
    assert added
    assert taken.isdisjoint(added)


def test_the_columns_of_exports_are_documented_as_they_are() -> None:
    page = (ROOT / "docs" / "exports.md").read_text()
    assert documented() in page, "python -m collector.exports.columns says what docs/exports.md has to say"

"""The pictures of the documentation: each is shown and described somewhere, and together they stay small."""

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
PICTURES = DOCS / "pictures"


def shown() -> dict[str, str]:
    """Every picture that a page shows, with what the page says to whoever cannot see it."""
    pages = [DOCS.parent / "README.md", *DOCS.glob("*.md")]
    found: list[tuple[str, str]] = []
    for page in pages:
        found += re.findall(r"!\[([^\]]*)\]\((?:docs/)?pictures/([^)]+)\)", page.read_text("utf-8"))
    return {name: text for text, name in found}


def test_every_picture_is_shown_with_its_description() -> None:
    assert set(shown()) == {file.name for file in PICTURES.iterdir()}
    assert [name for name, text in shown().items() if not text.strip()] == []


def test_pictures_stay_small() -> None:
    sizes = {file.name: file.stat().st_size for file in PICTURES.iterdir()}
    assert {name: size for name, size in sizes.items() if size > 150_000} == {}
    assert sum(sizes.values()) < 2_500_000

"""The pictures of the documentation: each is shown and described somewhere, and together they stay small."""

import re
from pathlib import Path

from collector.app import create_app
from collector.settings import load
from scripts.pictures.pages import DOORS, SHEETS

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
    assert sum(sizes.values()) < 2_750_000


# Redirections, and what nothing leads to without a letter or half a sign-in.
WITHOUT_PICTURE = {
    "/admin/connexion/code", "/admin/connexion/fournisseur", "/admin/connexion/fournisseur/retour",
    "/admin/deconnexion/suite", "/admin/deconnexion/retour", "/admin/desabonnement/{token:str}",
    "/admin/static/{name:str}", "/admin/export/{file:str}", "/observatoire/style/{name:str}",
}  # fmt: skip


def test_every_page_of_the_admin_and_the_observatory_has_its_picture(tmp_path: Path) -> None:
    app = create_app(load({"AVIS_DATA": str(tmp_path)}))
    taken = [path.partition("?")[0] for pages in [*SHEETS.values(), DOORS] for path in pages.values()]
    pages = {
        route.path
        for route in app.routes
        if route.path.startswith(("/admin", "/observatoire"))
        and any("GET" in handler.http_methods for handler in getattr(route, "route_handlers", []))
        and not re.search(r"\.\w+$", route.path)
    }
    assert set() < WITHOUT_PICTURE < pages
    assert [
        page
        for page in sorted(pages - WITHOUT_PICTURE)
        if not any(re.fullmatch(re.sub(r"{[^}]+}", "[^/]+", page), path) for path in taken)
    ] == []

"""The pages of a procedure, in the groups that an owner looks for them in; and those of the service as a whole."""

from collections.abc import Iterable

from msgspec import Struct

from admin.language import translated
from admin.rights import Viewer
from collector.schema import Procedure

GROUPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Chiffres",
        (
            ("indicateurs", "Indicateurs"),
            ("exploitation", "Exploitation"),
            ("scenarios", "Scénarios"),
            ("criteres", "Critères"),
        ),
    ),
    ("Avis", (("avis", "Tous les avis"), ("themes", "Thèmes"), ("a-verifier", "À vérifier"))),
    ("Agir", (("signalements", "Signalements"), ("ameliorations", "Améliorations"))),
    ("Bouton", (("emplacements", "Emplacements"), ("formulaire", "Formulaire"))),
    ("Données et alertes", (("exports", "Liens d’export"), ("alertes", "Alertes"))),
    ("Réglages", (("reglages", "Réglages"),)),
)
"""What each is called, and its pages: the last part of their address and their name."""

SERVICE: tuple[tuple[str, str], ...] = (
    ("sante", "Santé"),
    ("limites", "Limites"),
    ("annonces", "Annonces"),
    ("journal", "Journal"),
)
"""What administrators see of the service as a whole."""

FOR_MANAGERS = {"formulaire", "reglages"}
FIRST = "indicateurs"
"""The page of a procedure's own address."""


class Tab(Struct, frozen=True):
    text: str
    address: str
    is_open: bool


def groups(viewer: Viewer, procedure: Procedure, tab: str) -> list[Tab]:
    """One for each group, which leads to the first of its pages."""
    return [
        Tab(translated(name), _address(procedure, there[0][0]), tab in dict(pages))
        for name, pages in GROUPS
        if (there := _allowed(viewer, procedure, pages))
    ]


def pages(viewer: Viewer, procedure: Procedure, tab: str) -> list[Tab]:
    """The pages beside the one that is open; none where it is alone in its group."""
    beside = next(pages for _, pages in GROUPS if tab in dict(pages))
    found = [
        Tab(translated(text), _address(procedure, name), name == tab)
        for name, text in _allowed(viewer, procedure, beside)
    ]
    return found if len(found) > 1 else []


def of_service(path: str) -> list[Tab]:
    """The pages of the service, on each of them and on what belongs to them; none elsewhere."""
    found = [
        Tab(translated(text), address := f"/admin/{name}", path == address or path.startswith(f"{address}/"))
        for name, text in SERVICE
    ]
    return found if any(one.is_open for one in found) else []


def _allowed(viewer: Viewer, procedure: Procedure, pages: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [page for page in pages if page[0] not in FOR_MANAGERS or viewer.may_change(procedure)]


def _address(procedure: Procedure, name: str) -> str:
    return f"/admin/demarches/{procedure.slug}" + ("" if name == FIRST else f"/{name}")

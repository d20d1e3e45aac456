"""Who may do what, and where one may be sent after signing in."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal, get_args

import pytest
from litestar.handlers import HTTPRouteHandler

from admin.rights import WHO, Viewer, safe_next
from admin.routes import routes
from collector.schema import GivenRole, Procedure, Right, Role, User

NOW = datetime(2026, 3, 12, tzinfo=UTC)


def procedure(id: int) -> Procedure:
    return Procedure(
        id=id,
        slug=f"p{id}",
        title="P",
        organisation_id=1,
        organisation="O",
        ministry="M",
        audiences=(),
        origins=(),
        state="open",
        created_at=NOW,
    )


def over(kind: Literal["organisation", "procedure"], id: int, role: GivenRole, organisation: int = 1) -> Right:
    return Right(kind=kind, id=id, name="N", organisation_id=organisation, role=role)


def viewer(*rights: Right, administrator: bool = False) -> Viewer:
    user = User(
        id=1, email="b@e.fr", name="B", administrator=administrator, must_change=False, created_at=NOW, disabled_at=None
    )
    return Viewer(user, rights, "digest")


@pytest.mark.parametrize(
    ("bruno", "reads", "changes", "creates"),
    [
        (viewer(administrator=True), True, True, True),
        (viewer(over("organisation", 1, "manager")), True, True, True),
        (viewer(over("organisation", 1, "reader")), True, False, False),
        (viewer(over("organisation", 2, "manager", 2)), False, False, True),
        (viewer(over("procedure", 7, "manager")), True, True, False),
        (viewer(over("procedure", 7, "reader")), True, False, False),
        (viewer(over("procedure", 8, "manager")), False, False, False),
        (viewer(over("organisation", 1, "reader"), over("procedure", 7, "manager")), True, True, False),
        (viewer(over("organisation", 1, "manager"), over("procedure", 7, "reader")), True, True, True),
        # Numbers of organisations and of procedures are two things.
        (viewer(over("organisation", 7, "manager", 7)), False, False, True),
        (viewer(over("procedure", 1, "manager")), False, False, False),
        (viewer(), False, False, False),
    ],
)
def test_the_rights_that_reach_a_procedure_decide(bruno: Viewer, reads: bool, changes: bool, creates: bool) -> None:
    assert (bruno.may_read(procedure(7)), bruno.may_change(procedure(7)), bruno.may_create) == (
        reads,
        changes,
        creates,
    )


def test_an_organisations_manager_keeps_the_rights_of_that_organisation_alone() -> None:
    olga = viewer(over("organisation", 1, "manager"), over("procedure", 9, "manager", 2))
    assert olga.keeps(over("procedure", 7, "reader"))
    assert olga.keeps(over("organisation", 1, "manager"))
    assert not olga.keeps(over("procedure", 9, "reader", 2))
    assert not olga.looks_after([])
    assert viewer(administrator=True).looks_after([])
    assert not viewer(over("organisation", 1, "reader")).keeps(over("procedure", 7, "reader"))


def handlers() -> Iterator[HTTPRouteHandler]:
    for router in routes:
        for route in router.routes:
            # Litestar adds an answer to OPTIONS, which tells nothing.
            yield from (one for one in route.route_handlers if one.http_methods != {"OPTIONS"})


def test_every_handler_says_whom_it_is_for() -> None:
    found = list(handlers())
    assert len(found) > 25
    assert [str(one) for one in found if one.opt.get("who") not in WHO] == []


def test_whoever_changes_a_procedure_is_its_manager() -> None:
    """Readers change what is their own alone: a view that they saved, a letter that they asked for."""
    for one in handlers():
        if "POST" in one.http_methods and any("{slug:str}" in path for path in one.paths):
            assert one.opt["who"] == ("reader" if one.opt.get("own") else "manager"), one.paths


def test_every_role_is_known_to_the_rights() -> None:
    assert set(get_args(Role)) == {"administrator", "manager", "reader"}


@pytest.mark.parametrize(
    ("asked", "goes"),
    [
        (None, "/admin"),
        ("", "/admin"),
        ("/admin", "/admin"),
        ("/admin/demarches/passeport/avis?form=malfunction", "/admin/demarches/passeport/avis?form=malfunction"),
        ("https://ailleurs.exemple/admin", "/admin"),
        ("//ailleurs.exemple", "/admin"),
        ("/admin//ailleurs.exemple", "/admin"),
        ("/admin\\..\\ailleurs", "/admin"),
        ("/administration", "/admin"),
        ("/admin@ailleurs.exemple", "/admin"),
        ("/admin/x\r\nSet-Cookie: a=b", "/admin"),
        ("javascript:alert(1)", "/admin"),
    ],
)
def test_signing_in_never_leads_to_another_site(asked: str | None, goes: str) -> None:
    assert safe_next(asked) == goes

"""Who may do what, and where one may be sent after signing in."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import get_args

import pytest
from litestar.handlers import HTTPRouteHandler

from admin.rights import WHO, Viewer, safe_next
from admin.routes import routes
from collector.schema import Procedure, Role, User

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


def viewer(role: Role, *granted: int) -> Viewer:
    user = User(id=1, email="b@e.fr", name="B", role=role, must_change=False, created_at=NOW, disabled_at=None)
    return Viewer(user, frozenset(granted), "digest")


@pytest.mark.parametrize(
    ("role", "granted", "reads", "changes", "creates"),
    [
        ("administrator", (), True, True, True),
        ("manager", (7,), True, True, True),
        ("manager", (8,), False, False, True),
        ("reader", (7,), True, False, False),
        ("reader", (), False, False, False),
    ],
)
def test_a_role_and_a_grant_decide(
    role: Role, granted: tuple[int, ...], reads: bool, changes: bool, creates: bool
) -> None:
    bruno = viewer(role, *granted)
    assert (bruno.may_read(procedure(7)), bruno.may_change(procedure(7)), bruno.may_create) == (
        reads,
        changes,
        creates,
    )


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
    for one in handlers():
        if "POST" in one.http_methods and any("{slug:str}" in path for path in one.paths):
            assert one.opt["who"] == "manager", one.paths


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

"""The description at `/schema` and the service agree: schemathesis reads the one and calls the other."""

import asyncio
from typing import Any

import schemathesis
from httpx import AsyncClient
from hypothesis import HealthCheck, Phase, given, settings
from litestar import Litestar
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.conftest import Passeport
from tests.service.test_exports import served

EXAMPLES = 60


async def test_the_public_service_does_what_it_describes(
    client: AsyncClient, app: Litestar, passeport: Passeport
) -> None:
    described = (await client.get("/schema")).json()
    described["paths"] = {path: item for path, item in described["paths"].items() if not path.startswith("/admin")}
    async with served(app) as (host, port):
        called = await asyncio.to_thread(explore, described, f"http://{host}:{port}", passeport.key)
    assert called["POST /api/v1/reviews"] >= EXAMPLES
    assert {"GET /readyz", "GET /healthz", "GET /exports/{token}", "GET /exports/{token}/pages"} <= set(called)


def explore(described: dict[str, Any], url: str, key: str) -> dict[str, int]:
    """Call each operation with what hypothesis makes of its description; how often each was called."""
    called: dict[str, int] = {}
    for found in schemathesis.openapi.from_dict(described).get_all_operations():
        operation = found.ok()  # type: ignore[union-attr]  # an operation that cannot be read fails here, as it should
        called[operation.label] = _call(operation, url, key)
    return called


def _call(operation: Any, url: str, key: str) -> int:
    is_intake = operation.path == "/api/v1/reviews"
    checks: list[Any] = [not_a_server_error]
    if is_intake:
        checks += [status_code_conformance, content_type_conformance, response_schema_conformance]
    calls = 0

    @settings(
        max_examples=EXAMPLES if is_intake else 5,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def call(case: Any) -> None:
        nonlocal calls
        calls += 1
        # Every other time with a key that exists, so that answers are looked at too.
        if is_intake and calls % 2:
            case.body["key"] = key
        case.call_and_validate(base_url=url, checks=checks, timeout=10)

    call()
    return calls

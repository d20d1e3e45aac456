"""How fast a key may ask: counted by key, told on every answer, and over once the window is."""

import pytest
from httpx import AsyncClient

from tests.conftest import MovableClock, refusal
from tests.service.api.conftest import Program


@pytest.fixture
def environ(environ: dict[str, str]) -> dict[str, str]:
    return {**environ, "AVIS_LIMIT_KEY": "5/minute"}


async def test_every_answer_says_how_many_requests_are_left(program: Program, client: AsyncClient) -> None:
    first, second, missing = [await program.get(path) for path in ("", "/passeport/reviews", "/rien/reviews")]
    assert first.headers["ratelimit-policy"] == '"60s";q=5;w=60'
    said = [each.headers["ratelimit"] for each in (first, second, missing)]
    assert said == ['"60s";r=4;t=60', '"60s";r=3;t=60', '"60s";r=2;t=60']
    assert "ratelimit" not in (await client.get("/api/v1/procedures")).headers


async def test_a_key_that_asks_too_often_waits_and_no_other_does(
    program: Program, manager: Program, clock: MovableClock
) -> None:
    for _ in range(5):
        assert (await program.get("")).status_code == 200
    refused = await program.get("")
    assert refusal(refused) == (429, "too-many")
    assert refused.headers["ratelimit"].startswith('"60s";r=0;')
    assert (await manager.get("")).status_code == 200
    clock.move(seconds=int(refused.headers["retry-after"]))
    assert (await program.get("")).status_code == 200

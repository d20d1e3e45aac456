"""Daily numbers through the API: the checks of a file, all rows or none, and the same twice changes nothing."""

import json
from typing import Any

import pytest

from collector.api.operations import MOST
from collector.operations.days import OperationsDay
from collector.storage import Storage
from collector.storage.journal import Search
from tests.conftest import Passeport, fields, refusal
from tests.service.api.conftest import Program

PATH = "/passeport/operations"
ONLINE = {"date": "2026-03-10", "channel": "online", "started": 120, "completed": 100, "delay_days_median": 2.5}
COUNTER = {"date": "2026-03-10", "channel": "counter", "completed": 14}
STORED = {**COUNTER, "started": None, "delay_days_median": None}


async def numbers_of(storage: Storage, passeport: Passeport) -> list[OperationsDay]:
    return await storage.operations.between(passeport.procedure, "2000-01-01", "2026-12-31")


async def imports(storage: Storage) -> list[tuple[str, str, dict[str, Any]]]:
    lines = await storage.journal.before(Search(act="operations.import"))
    return [(line.actor, line.subject, line.details) for line in lines]


async def test_rows_are_stored_once_and_corrected_by_later_ones(
    manager: Program, passeport: Passeport, storage: Storage
) -> None:
    first = await manager.post(PATH, {"rows": [ONLINE, COUNTER]})
    assert first.status_code == 200
    assert first.json() == {
        "procedure": "passeport", "accepted": 2, "added": 2, "changed": 0, "unchanged": 0, "stored": True
    }  # fmt: skip
    again = (await manager.post(PATH, {"rows": [ONLINE, COUNTER]})).json()
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 2)
    later = (await manager.post(PATH, {"rows": [{**COUNTER, "completed": 15}]})).json()
    assert (later["added"], later["changed"], later["unchanged"]) == (0, 1, 0)
    assert await numbers_of(storage, passeport) == [
        OperationsDay("2026-03-10", "counter", None, 15, None),
        OperationsDay("2026-03-10", "online", 120, 100, 250),
    ]
    span = {"from_day": "2026-03-10", "to_day": "2026-03-10"}
    assert await imports(storage) == [
        (manager.name, "passeport", {"added": 0, "corrected": 1, **span}),
        (manager.name, "passeport", {"added": 2, "corrected": 0, **span}),
    ], "what changes nothing is no line"


async def test_a_dry_run_says_what_would_happen_and_stores_nothing(
    manager: Program, passeport: Passeport, storage: Storage
) -> None:
    await manager.post(PATH, {"rows": [ONLINE]})
    tried = await manager.post(PATH, {"rows": [{**ONLINE, "completed": 101}, COUNTER]}, dry_run=True)
    said = {key: tried.json()[key] for key in ("accepted", "added", "changed", "unchanged", "stored")}
    assert said == {"accepted": 2, "added": 1, "changed": 1, "unchanged": 0, "stored": False}
    assert len(await numbers_of(storage, passeport)) == 1
    assert len(await imports(storage)) == 1


async def test_numbers_are_taken_as_a_file_writes_them(
    manager: Program, passeport: Passeport, storage: Storage
) -> None:
    row = {"procedure": "passeport", "date": "10/03/2026", "channel": "Guichet", "completed": "1 234"}
    assert (await manager.post(PATH, {"rows": [{**row, "delay_days_median": "2,5"}]})).status_code == 200
    assert await numbers_of(storage, passeport) == [OperationsDay("2026-03-10", "counter", None, 1234, 250)]


@pytest.mark.parametrize("query", [{}, {"dry_run": "true"}])
async def test_if_a_row_is_refused_nothing_is_stored_and_each_error_has_its_place(
    manager: Program, passeport: Passeport, storage: Storage, query: dict[str, str]
) -> None:
    wrong = [
        ONLINE,
        {**COUNTER, "date": "2026-03-13", "completed": -1},
        {**COUNTER, "channel": "pigeon", "delay_days_median": 5000},
        {"date": "2026-03-10"},
        {**COUNTER, "procedure": "permis"},
        {**COUNTER, "colour": "red"},
        {**ONLINE, "completed": 1.5},
        ONLINE,
    ]
    answer = await manager.post(PATH, {"rows": wrong}, **query)
    assert refusal(answer) == (422, "invalid-fields")
    assert [path for path, _ in fields(answer)] == [
        "$.rows[1].date", "$.rows[1].completed",
        "$.rows[2].channel", "$.rows[2].delay_days_median",
        "$.rows[3].channel", "$.rows[3].completed",
        "$.rows[4].procedure",
        "$.rows[5].colour",
        "$.rows[6].completed",
        "$.rows[7].date",
    ]  # fmt: skip
    assert "ligne 1" in answer.json()["errors"][-1]["message"]
    assert await numbers_of(storage, passeport) == []


@pytest.mark.parametrize(
    ("body", "status", "code", "path"),
    [
        (b"{", 400, "malformed-json", None),
        (b'{"rows": [], "rows": []}', 400, "malformed-json", None),
        (b"[]", 422, "invalid-fields", "$"),
        (b'{"rows": []}', 422, "invalid-fields", "$.rows"),
        (b'{"rows": [{"completed": true}]}', 422, "invalid-fields", "$.rows[0][...]"),
        (b'{"rows": [], "more": 1}', 422, "invalid-fields", "$.more"),
        (json.dumps({"rows": [COUNTER] * (MOST + 1)}).encode(), 422, "invalid-fields", "$.rows"),
        (b" " * 300_000, 413, "too-large", None),
    ],
)
async def test_a_body_that_is_none_is_refused(
    manager: Program, body: bytes, status: int, code: str, path: str | None
) -> None:
    answer = await manager.send("POST", PATH, content=body)
    assert refusal(answer) == (status, code)
    assert [each for each, _ in fields(answer)] == ([path] if path else [])


async def test_what_is_stored_is_read_in_pages_and_can_be_sent_again(manager: Program, program: Program) -> None:
    rows = [{**each, "date": f"2026-03-0{day}"} for day in (1, 2, 3) for each in (ONLINE, COUNTER)]
    await manager.post(PATH, {"rows": rows})
    read: list[Any] = []
    after: dict[str, str] = {}
    for _ in range(4):
        page = (await program.get(PATH, limit=2, **after)).json()
        assert page["count"] == len(page["rows"])
        read += page["rows"]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert [(each["date"], each["channel"]) for each in read] == [
        (f"2026-03-0{day}", channel) for day in (1, 2, 3) for channel in ("counter", "online")
    ]
    assert read[0] == {**STORED, "date": "2026-03-01"}
    again = (await manager.post(PATH, {"rows": read})).json()
    assert again["unchanged"] == 6


async def test_days_bound_what_is_read(manager: Program) -> None:
    await manager.post(PATH, {"rows": [{**COUNTER, "date": f"2026-03-0{day}"} for day in (1, 2, 3, 4)]})

    async def days(**query: str) -> list[str]:
        return [each["date"][-1] for each in (await manager.get(PATH, **query)).json()["rows"]]

    assert await days(**{"from": "2026-03-02", "to": "2026-03-03"}) == ["2", "3"]
    assert await days(**{"from": "2026-03-02", "after": "2026-03-01/counter"}) == ["2", "3", "4"]
    assert await days(**{"from": "2026-03-02", "after": "2026-03-03/counter"}) == ["4"]


@pytest.mark.parametrize(
    "query",
    [
        {"after": "2026-03-01"},
        {"after": "x/pigeon"},
        {"from": "hier"},
        {"limit": "0"},
        {"from": "2026-03-02", "to": "2026-03-01"},
    ],
)
async def test_a_parameter_out_of_bounds_is_refused(program: Program, query: dict[str, str]) -> None:
    assert refusal(await program.get(PATH, **query)) == (400, "bad-request")

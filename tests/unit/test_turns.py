"""Whoever needs the machine alone has it, and does not wait for ever."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Event

import pytest

from tests.turns import turn


@pytest.fixture
def others() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def test_nobody_is_beside_who_is_alone_and_who_waits_to_be_is_not_overtaken(
    tmp_path: Path, others: ThreadPoolExecutor
) -> None:
    door, room = tmp_path / "door", tmp_path / "room"
    door.touch()
    room.touch()
    came: list[str] = []

    def come(name: str, *, alone: bool, leave: Event) -> None:
        with turn(alone=alone, door=door, room=room):
            came.append(name)
            assert leave.wait(20)

    def waits(who: "Future[None]", seconds: float = 0.2) -> bool:
        return not Event().wait(seconds) and not who.done()

    leave = {name: Event() for name in ("first", "second", "alone", "late")}
    with ExitStack() as stack:
        for event in leave.values():
            stack.callback(event.set)
        first = others.submit(come, "first", alone=False, leave=leave["first"])
        second = others.submit(come, "second", alone=False, leave=leave["second"])
        while len(came) < 2:
            assert waits(first, 0.01)
        alone = others.submit(come, "alone", alone=True, leave=leave["alone"])
        assert waits(alone)
        late = others.submit(come, "late", alone=False, leave=leave["late"])
        assert waits(late)
        assert sorted(came) == ["first", "second"]
        leave["first"].set()
        leave["second"].set()
        first.result(20)
        second.result(20)
        while len(came) < 3:
            assert waits(alone, 0.01)
        assert waits(late)
        assert came[2:] == ["alone"]
        leave["alone"].set()
        alone.result(20)
        leave["late"].set()
        late.result(20)
    assert came[2:] == ["alone", "late"]

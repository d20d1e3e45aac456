"""Several processes run the tests; who measures time, or needs the whole machine, waits until the others pause.

`@pytest.mark.alone` says so. The kernel keeps the turns, and takes them back from whoever dies.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Two files that are there and that nobody writes.
_DOOR = Path(__file__)
_ROOM = Path(__file__).with_name("conftest.py")


@contextmanager
def turn(*, alone: bool, door: Path = _DOOR, room: Path = _ROOM) -> Iterator[None]:
    """In the room alone, or with the others. All come in by the door one by one, so that nobody waits for ever."""
    with door.open() as at_the_door, room.open() as inside:
        fcntl.flock(at_the_door, fcntl.LOCK_EX)
        fcntl.flock(inside, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(at_the_door, fcntl.LOCK_UN)
        yield

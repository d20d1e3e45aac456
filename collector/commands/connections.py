"""Who may hold a connection, and for how long: slow and silent clients must not keep honest ones out.

A connection costs an attacker nothing, and uvicorn waits for ever: for a request that never comes, for one byte of it
each minute, for a reader who never reads. So all connections are looked at once a second (which costs a request
nothing), those that do not get on are ended, and beyond a bound the one that has been idle longest makes room: whoever
really sends something is in time.
"""

import asyncio
import resource
from collections import deque
from collections.abc import Mapping, MutableMapping
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

import msgspec
from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from collector.errors import AvisError, Overcrowded, TooSlow
from collector.web import PROBLEM, problem, problem_headers, send_json

MOST = 5_000
"""Connections of one process: as many as its writer lets wait. Idle ones cost some kilobytes each."""
SPARE_FILES = 100
"""Of the files a process may open, what the database, the logs and the like need."""
EVERY = 1.0
PAUSE = 0.1
"""Seconds before all connections are searched for an idle one again."""

LONGEST_HEAD = 64 * 1024


def open_files() -> None:
    """Let this process hold as many files as it may; the usual soft limit of 1 024 is for programs of the eighties."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST + SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


class Connection(HttpToolsProtocol):
    """uvicorn's connection, which can say where it stands and be given up."""

    patience: ClassVar[Mapping[str, float]] = {
        # The head of a request: browsers send it at once, and open a connection a moment ahead at most.
        "head": 10.0,
        # A body of 64 KiB at most: 35 kbit/s are enough for the longest, 1 kbit/s for a usual one.
        "body": 15.0,
        # The next 48 KiB of an answer, which lie in memory meanwhile.
        "reading": 30.0,
        # What we work at is for us to end.
        "ours": float("inf"),
    }
    """Seconds that a connection may stand at the same place."""
    most: ClassVar[int] = MOST

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._head = 0
        self._pauses = 0
        self._stage: tuple[str, object] = ("", None)
        self.since = self.loop.time()

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        if not _watch_of(self.server_state, self.loop, self.most).make_room(self):
            self.app = _overcrowded

    @override
    def data_received(self, data: bytes) -> None:
        HttpToolsProtocol.data_received(self, data)
        # Each request comes by here, so `is_idle` is written out.
        cycle = self.cycle
        if cycle is None or cycle.response_complete:  # type: ignore[redundant-expr]  # None before the first request
            self._head += len(data)
            if self._head > LONGEST_HEAD:
                self.transport.abort()
        elif self._head:
            self._head = 0

    @override
    def pause_writing(self) -> None:
        self._pauses += 1
        super().pause_writing()

    @property
    def is_idle(self) -> bool:
        """Whether nobody works for it: no request has come as far as its body, or the last one was answered."""
        return self.cycle is None or self.cycle.response_complete  # type: ignore[redundant-expr]  # None at first

    def look(self, now: float) -> None:
        """End it when it has stood at the same place for too long."""
        place = self._place()
        stage = (place, self._pauses if place == "reading" else self.cycle)
        if stage != self._stage:
            self._stage, self.since = stage, now
        elif now - self.since > self.patience[place]:
            self._give_up(place)

    def _place(self) -> str:
        if self.transport.is_closing() or self.flow.write_paused:
            return "reading"
        if self.is_idle:
            return "head"
        # While we do not read it, a body that is not there yet is no fault of the client's.
        return "body" if self.cycle.more_body and not self.flow.read_paused else "ours"

    def _give_up(self, place: str) -> None:
        if (place == "body" and not self.cycle.response_started) or (place == "head" and self._head):
            self.transport.write(_written(TooSlow()))
            self.transport.close()
        elif place == "head":
            self.transport.close()
        else:
            self.transport.abort()


class _Watch:
    """The connections of one server."""

    def __init__(self, state: ServerState, loop: asyncio.AbstractEventLoop, most: int) -> None:
        self._connections = state.connections
        self._loop = loop
        self._most = min(most, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - SPARE_FILES)
        self._idle: deque[Connection] = deque()
        self._found = 0.0
        self._next: asyncio.TimerHandle | None = None

    def make_room(self, newcomer: Connection) -> bool:
        """Of those beyond the bound, the one that has been idle longest goes. False when all others are at work."""
        if self._next is None:
            self._next = self._loop.call_later(EVERY, self._look)
        if len(self._connections) <= self._most:
            return True
        if not self._idle and self._loop.time() > self._found + PAUSE:
            self._find_idle()
        while self._idle:
            connection = self._idle.popleft()
            if connection is not newcomer and connection.is_idle and not connection.transport.is_closing():
                connection.transport.abort()
                return True
        return False

    def _look(self) -> None:
        now = self._loop.time()
        for connection in self._ours():
            connection.look(now)
        self._find_idle()
        self._next = self._loop.call_later(EVERY, self._look) if self._connections else None

    def _find_idle(self) -> None:
        self._found = self._loop.time()
        idle = (connection for connection in self._ours() if connection.is_idle)
        self._idle = deque(sorted(idle, key=lambda connection: connection.since))

    def _ours(self) -> list[Connection]:
        return [connection for connection in self._connections if isinstance(connection, Connection)]


_watches: WeakKeyDictionary[ServerState, _Watch] = WeakKeyDictionary()


def _watch_of(state: ServerState, loop: asyncio.AbstractEventLoop, most: int) -> _Watch:
    if state not in _watches:
        _watches[state] = _Watch(state, loop, most)
    return _watches[state]


async def _overcrowded(_scope: MutableMapping[str, Any], _receive: Any, send: Any) -> None:
    """The answer to a request that there is no room for, and none could be made."""
    error = Overcrowded(retry_after=5)
    await send_json(send, error.status, _body(error), _headers(error), PROBLEM.encode())


def _written(error: AvisError) -> bytes:
    """A whole answer, for a request whose handler still waits for the rest of it."""
    body = _body(error)
    headers = [
        (b"content-type", PROBLEM.encode()),
        (b"content-length", str(len(body)).encode()),
        *_headers(error),
    ]
    return b"".join([STATUS_LINE[error.status], *(b"%s: %s\r\n" % header for header in headers), b"\r\n", body])


def _headers(error: AvisError) -> list[tuple[bytes, bytes]]:
    sent = {**problem_headers(error), "Connection": "close"}
    return [(name.lower().encode(), value.encode()) for name, value in sent.items()]


def _body(error: AvisError) -> bytes:
    return msgspec.json.encode(problem(error))

"""Slow, silent and too many clients: they are ended or make room, and an honest citizen is served meanwhile."""

import asyncio
import itertools
import json
import resource
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any, ClassVar, Self
from uuid import uuid4

import httpx
import pytest
import uvicorn

from collector.commands.connections import MOST, Connection
from collector.settings import load
from collector.storage.migrate import migrate
from tests.conftest import GOOD, MovableClock, environment, found, opened, refusal
from tests.faults.test_crash import NO_LIMITS
from tests.services import free_port
from tests.serving import Service, serving

# They say how long something may take.
pytestmark = pytest.mark.alone

HEAD = b"POST /api/v1/reviews HTTP/1.1\r\nHost: avis\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n"


# ---- What becomes of those who do not get on


class Hasty(Connection):
    """The same connection in a hurry, so that a test need not wait."""

    patience: ClassVar = {"head": 1.0, "body": 2.0, "reading": 3.0, "ours": float("inf")}


async def endless(_scope: Any, receive: Any, send: Any) -> None:
    """Read a whole body, then answer more than any buffer takes."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(1000):
        await send({"type": "http.response.body", "body": bytes(65536), "more_body": True})
    await send({"type": "http.response.body", "body": b""})


@asynccontextmanager
async def listening(app: Any, kind: type[Connection] = Hasty) -> AsyncIterator[tuple[str, int]]:
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, http=kind, ws="none", lifespan="off", log_config=None))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - it says so by no event
        await asyncio.sleep(0.01)
    yield "127.0.0.1", port
    server.should_exit = True
    await serving


async def test_who_does_not_get_on_is_ended() -> None:
    patience = Hasty.patience
    async with listening(endless) as address:
        cases = [
            (b"", b"", "head", b""),
            (b"GET / HT", b"", "head", b"HTTP/1.1 408"),
            (b"GET / HTTP/1.1\r\n", b"X: y\r\n", "head", b"HTTP/1.1 408"),
            (HEAD + b"\r\n{", b"", "body", b"HTTP/1.1 408"),
            (HEAD + b"\r\n{", b" ", "body", b"HTTP/1.1 408"),
            # The second request on a connection is no safer than the first.
            (b"HEAD / HTTP/1.1\r\n\r\nGET / HT", b"", "head", b"HTTP/1.1 200"),
        ]
        ends = await asyncio.gather(*(stall(address, sent, every) for sent, every, _, _ in cases))
    for (sent, every, place, answer), (received, seconds) in zip(cases, ends, strict=True):
        assert patience[place] * 0.9 < seconds < patience[place] + 3.5, (sent, every)
        assert received.startswith(answer), (sent, every)
        if b"408" in answer:
            head, _, body = received.partition(b"\r\n\r\n")
            assert b"connection: close" in head
            assert json.loads(body)["code"] == "too-slow"


async def stall(address: tuple[str, int], sent: bytes, every: bytes) -> tuple[bytes, float]:
    """What somebody receives, and when, who sends something and then nothing, or a little now and then."""
    reader, writer = await asyncio.open_connection(*address)
    began = time.monotonic()
    writer.write(sent)

    async def go_on() -> None:
        while every:
            await asyncio.sleep(0.2)
            writer.write(every)

    slowly = asyncio.create_task(go_on())
    received = await reader.read()
    slowly.cancel()
    writer.close()
    return received, time.monotonic() - began


async def test_a_head_without_end_is_cut_off() -> None:
    async with listening(endless) as address:
        reader, writer = await asyncio.open_connection(*address)
        writer.write(b"GET / HTTP/1.1\r\nX: " + b"y" * 200_000)
        with pytest.raises(ConnectionError):
            await reader.read()
        writer.close()


async def test_who_never_reads_is_ended_and_who_reads_slowly_is_not() -> None:
    async with listening(endless) as address:
        with hanging(address) as slow, hanging(address) as never:
            for _ in range(25):
                await asyncio.sleep(0.2)
                for _ in range(30):
                    with suppress(BlockingIOError):
                        slow.recv(65536)
            assert await asyncio.to_thread(what_is_left, never) < 20_000_000, "what the kernel held, then the end"
            assert slow.recv(100), "still served"


def hanging(address: tuple[str, int]) -> socket.socket:
    """A connection that has asked, and reads nothing by itself."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    connection.connect(address)
    connection.setblocking(False)
    connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
    return connection


def what_is_left(connection: socket.socket) -> int:
    connection.settimeout(5)
    number = 0
    with suppress(ConnectionResetError):
        while part := connection.recv(1_000_000):
            number += len(part)
    return number


class Few(Connection):
    most: ClassVar = 3


async def test_when_all_are_at_work_whoever_comes_is_told_when_to_come_back() -> None:
    over = asyncio.Event()

    async def working(scope: Any, _receive: Any, send: Any) -> None:
        if scope["path"] == "/long":
            await over.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body"})

    async with listening(working, Few) as (host, port):
        url = f"http://{host}:{port}"
        limits = httpx.Limits(max_keepalive_connections=0)
        async with httpx.AsyncClient(base_url=url, limits=limits, timeout=20) as client:
            at_work = [asyncio.create_task(client.get("/long")) for _ in range(Few.most)]
            await asyncio.sleep(0.3)
            refused = await client.get("/")
            assert refusal(refused) == (503, "overcrowded")
            assert int(refused.headers["retry-after"]) > 0
            over.set()
            assert {(await answer).status_code for answer in at_work} == {200}, "nobody at work was ended"
            assert (await client.get("/")).status_code == 200


async def test_the_longest_idle_makes_room() -> None:
    async with listening(endless, Few) as address:
        readers = []
        for _ in range(Few.most + 1):
            readers.append(await asyncio.open_connection(*address))
            await asyncio.sleep(0.15)
        with suppress(ConnectionResetError):
            assert await asyncio.wait_for(readers[0][0].read(), 1) == b"", "the first is gone"
        for reader, writer in readers[1:]:
            writer.write(b"HEAD / HTTP/1.1\r\n\r\n")
            assert (await reader.read(12)).startswith(b"HTTP/1.1 200")
        for _, writer in readers:
            writer.close()


# ---- An attack on the real service


@pytest.fixture
async def service(
    request: pytest.FixtureRequest, tmp_path: Path, clock: MovableClock
) -> AsyncIterator[tuple[Service, str]]:
    environ = {**environment(tmp_path / "data"), **NO_LIMITS}
    settings = load(environ)
    migrate(settings)
    async with opened(settings, clock) as storage:
        passeport = await found(storage, clock, "passeport")
    with serving(environ, tmp_path / "log", prefix=getattr(request, "param", ())) as service:
        yield service, passeport.key


class Attack:
    """Opens connection after connection in a thread, each left as `leave` leaves it; holds the last `hold`."""

    def __init__(self, port: int, leave: Callable[[socket.socket], object], number: int, seconds: float) -> None:
        self._port, self._leave, self._number, self._seconds = port, leave, number, seconds
        self._over = Event()
        self.opened = 0

    def __enter__(self) -> Self:
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self._hold = min(self._number, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 500)
        self._thread = Thread(target=self._run)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        held: list[socket.socket] = []
        with ExitStack() as closing:
            for number in itertools.count():
                if self._over.is_set():
                    return
                if number >= self._number:
                    self._over.wait()
                    return
                connection = closing.enter_context(socket.socket())
                # One address has too few ports for all of this.
                connection.bind((f"127.0.1.{number % 200 + 1}", 0))
                connection.settimeout(5)
                connection.connect(("127.0.0.1", self._port))
                self._leave(connection)
                self.opened += 1
                held.append(connection)
                if len(held) > self._hold:
                    held.pop(0).close()
                time.sleep(self._seconds / self._number)


async def citizens(service: Service, key: str, seconds: float) -> list[float]:
    """How long each of a row of honest citizens waited, each on a connection of their own."""
    waited = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        body = {"id": str(uuid4()), "key": key, "answers": GOOD}
        began = time.monotonic()
        async with httpx.AsyncClient(base_url=service.url, timeout=20) as client:
            assert (await client.get(f"/avis/{key}")).status_code == 200
            assert (await client.post("/api/v1/reviews", json=body)).status_code == 201
        waited.append(time.monotonic() - began)
        await asyncio.sleep(0.1)
    return sorted(waited)


def slowloris() -> Callable[[socket.socket], object]:
    """Some say nothing, some half a head, some half a body."""
    texts: Iterator[bytes] = itertools.cycle([b"", b"GET / HTTP/1.1\r\nX-a: b\r\n", HEAD + b"\r\n{"])
    return lambda connection: connection.sendall(next(texts))


@pytest.mark.parametrize("service", [("prlimit", "--nofile=1024:1024")], indirect=True, ids=["1024 files"])
async def test_a_thousand_idle_and_half_open_connections_keep_nobody_waiting(
    service: tuple[Service, str],
) -> None:
    running, key = service
    with Attack(running.port, slowloris(), number=1000, seconds=1) as attack:
        waited = await citizens(running, key, seconds=4)
        assert attack.opened == 1000
    assert len(waited) > 10
    assert waited[int(len(waited) * 0.95)] < 1, waited


async def test_ten_thousand_connections_make_room_for_each_other_and_for_a_citizen(
    service: tuple[Service, str],
) -> None:
    """A minute's worth of them, in a few seconds: twice as many as one process holds."""
    running, key = service
    with Attack(running.port, slowloris(), number=2 * MOST, seconds=6) as attack:
        waited = await citizens(running, key, seconds=1)
        while attack.opened < 2 * MOST:
            waited += await citizens(running, key, seconds=1)
    assert sorted(waited)[int(len(waited) * 0.95)] < 1, waited
    assert open_sockets(running.process.pid) < 200, "what was attacked is free again"


def open_sockets(pid: int) -> int:
    deadline = time.monotonic() + 5
    while (number := len(list(Path(f"/proc/{pid}/fd").iterdir()))) >= 200 and time.monotonic() < deadline:
        time.sleep(0.1)
    return number

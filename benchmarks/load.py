"""Two ways to load a server from the second core.

`closed`: wrk, whose connections send the next request once the last was answered. It shows what a server can do, and
hides how long people wait: a server that stops for a second is sent nothing meanwhile.

`open_loop`: requests come when they come, as citizens do. Each has its time, and what it waits for a connection counts:
its latency begins at that time, not when it was sent.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections import deque
from typing import Any
from uuid import uuid4

import uvloop
from typing_extensions import override

from benchmarks.servers import Server

ON_SECOND_CORE = ("taskset", "-c", "1")
CONNECTIONS = 64
TEXT = "Le site plante quand on valide la photo, il faut recommencer trois fois, c'est vraiment long et fatigant."


def closed(server: Server, seconds: float, *, spread: bool = False) -> dict[str, float]:
    """Requests, seconds, refusals, p50 and p99 (ms). `spread`: browsers at 5 000 addresses, no two texts the same."""
    wrk = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "--timeout", "10s", "-s", str(server.script)]
    done = subprocess.run(
        [*ON_SECOND_CORE, *wrk, f"http://127.0.0.1:{server.port}"],
        env={**os.environ, "BENCH_KEY": server.key, "BENCH_SPREAD": str(int(spread))},
        check=True,
        capture_output=True,
        text=True,
    )
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    if result["refused"]:
        raise SystemExit(f"{server.name} refused {result['refused']} requests: the figures would mean nothing.")
    return result


def open_loop(server: Server, rate: int, seconds: float) -> dict[str, float]:
    """Requests, how many were answered with 201, p50 and p99 (ms)."""
    command = [sys.executable, "-m", "benchmarks.load", f"{server.port}", server.key, f"{rate}", f"{seconds:g}"]
    done = subprocess.run([*ON_SECOND_CORE, *command], check=True, capture_output=True, text=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


class _Load:
    """Sends requests at their times over the connections that are free, and notes when each was answered."""

    def __init__(self, port: int, requests: list[bytes], rate: int) -> None:
        self._port = port
        self._requests = requests
        self._rate = rate
        self._free: deque[_Connection] = deque()
        self._sent = 0
        self.latencies: list[float] = []
        self.created = 0
        self.done = asyncio.Event()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(CONNECTIONS):
            await loop.create_connection(lambda: _Connection(self), "127.0.0.1", self._port)
        self._start = time.perf_counter() + 0.1
        while self._sent < len(self._requests):
            self._send_what_is_due()
            await asyncio.sleep(0.0005)
        await asyncio.wait_for(self.done.wait(), 30)

    def ready(self, connection: "_Connection") -> None:
        self._free.append(connection)
        if self._sent and not self.done.is_set():
            self._send_what_is_due()

    def answered(self, number: int, *, created: bool) -> None:
        self.latencies.append(time.perf_counter() - self._due(number))
        self.created += created
        if len(self.latencies) == len(self._requests):
            self.done.set()

    def _due(self, number: int) -> float:
        return self._start + number / self._rate

    def _send_what_is_due(self) -> None:
        now = time.perf_counter()
        while self._free and self._sent < len(self._requests) and self._due(self._sent) <= now:
            self._free.popleft().send(self._sent, self._requests[self._sent])
            self._sent += 1


class _Connection(asyncio.Protocol):
    def __init__(self, load: _Load) -> None:
        self._load = load
        self._number = 0
        self._answer = b""

    @override
    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._load.ready(self)

    def send(self, number: int, request: bytes) -> None:
        self._number, self._answer = number, b""
        self._transport.write(request)

    @override
    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, end, body = self._answer.partition(b"\r\n\r\n")
        if end and len(body) >= int(head.lower().partition(b"content-length: ")[2].split(b"\r")[0]):
            self._load.answered(self._number, created=head.startswith(b"HTTP/1.1 201"))
            self._load.ready(self)


def _request(key: str) -> bytes:
    body = json.dumps(
        {"id": str(uuid4()), "key": key, "answers": {"satisfaction": "medium", "verbatim": TEXT}}
    ).encode()
    head = f"POST /api/v1/reviews HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


async def _main(port: int, key: str, rate: int, seconds: float) -> None:
    load = _Load(port, [_request(key) for _ in range(int(rate * seconds))], rate)
    await load.run()
    waits = sorted(load.latencies)
    p50, p99 = (1000 * waits[int(len(waits) * share)] for share in (0.5, 0.99))
    sys.stdout.write(json.dumps({"requests": len(waits), "created": load.created, "p50": p50, "p99": p99}))


if __name__ == "__main__":
    uvloop.run(_main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))

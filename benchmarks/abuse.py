"""What share of honest people's reviews counts, and of a robot's, on a collector that really runs.

How time passes: the collector is a process of its own (uvicorn, SQLite, default settings) whose clock this program
moves, tenth by tenth of a simulated second; all requests of one tenth are sent at once over HTTP, and the next begins
when all are answered. A day of eight hours so takes as long as its requests do. The procedure has had 1 000 reviews a
day for a week; `new` has had none.
"""

import asyncio
import mmap
import os
import random
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from uuid import UUID

import msgspec

from benchmarks.figures import Figure, at_least, at_most, show
from benchmarks.people import OPENING, Sent, flood, honest, ramp
from collector.privacy.anonymise import anonymise
from collector.schema import SatisfactionAnswers, Target
from collector.settings import load
from collector.storage import Storage
from collector.storage.batch import Write
from tests.faults.crowd import capability
from tests.services import free_port
from tests.serving import without_settings

PEOPLE, OFFICES, ADDRESSES, RATE = 1000, 3, 200, 50.0
ATTACK = 5 * 3600.0
"""The robot comes five hours after the opening and stays so many minutes."""
MINUTES = float(os.environ.get("BENCH_MINUTES", "2"))
WORKERS = os.environ.get("BENCH_WORKERS", "1")
"""The collector's processes."""
DAY = datetime(2026, 3, 12, OPENING - 1, tzinfo=UTC)
CONNECTIONS = 32
_CHANCE = random.Random(1)
HABIT_DAYS, HABIT = 7, 1000


def main() -> None:
    wanted = os.environ.get("BENCH_VARIANTS", "").split()
    for name, (crowd, is_new) in _variants().items():
        if wanted and name not in wanted:
            continue
        counted, sent = asyncio.run(_day(crowd, is_new=is_new))
        for figure in _figures(name, counted, sent):
            show(figure)


def _variants() -> dict[str, tuple[list[Sent], bool]]:
    """Who comes: by name, the requests of the day and whether the procedure is new."""
    chance = random.Random(2026)
    people = list(honest(chance, PEOPLE, OFFICES))
    scattered = list(honest(chance, PEOPLE, PEOPLE))

    def attack(kind: str, start: float = ATTACK) -> list[Sent]:
        return list(flood(chance, kind, start=start, seconds=60 * MINUTES, rate=RATE, addresses=ADDRESSES))

    rising = list(ramp(chance, start=ATTACK, doubling=120, rate=RATE, hold=30 * MINUTES, addresses=ADDRESSES))
    return {
        "nobody-attacks": (people, False),
        "same-text": (people + attack("same-text"), False),
        "silent": (people + attack("silent"), False),
        "templates": (people + attack("templates"), False),
        "steps": (people + attack("steps"), False),
        "ramp": (people + rising, False),
        "new": (people + attack("silent"), True),
        "hasty": (people + list(flood(chance, "hasty", start=0, seconds=8 * 3600, rate=0.1, addresses=200)), False),
        "at-opening": (people + attack("silent", 1800), False),
        "scattered": (scattered + attack("silent"), False),
        # From here on without a goal: what is known not to be solved. docs/suspicion.md says why.
        "patient": (
            people
            + list(flood(chance, "silent", start=0, seconds=ATTACK, rate=0.1, addresses=ADDRESSES))
            + attack("silent"),
            False,
        ),
        "slow": (people + list(flood(chance, "silent", start=0, seconds=8 * 3600, rate=0.05, addresses=200)), False),
    }


_WITHOUT_GOAL = {"patient", "slow"}


def _figures(name: str, counted: set[str], sent: Iterable[Sent]) -> Iterator[Figure]:
    for who, robot in (("honest", False), ("robot", True)):
        reviews = {capability(one.id) for one in sent if one.robot == robot}
        if not reviews:
            continue
        share, title = len(reviews & counted) / len(reviews), f"abuse.{name}.{who}"
        if name in _WITHOUT_GOAL:
            yield Figure(title, round(share, 4), f"share of {len(reviews)} reviews counted")
        else:
            check = at_most if robot else at_least
            yield check(title, share, f"share of {len(reviews)} reviews counted", 0.01 if robot else 0.99)


async def _day(crowd: Sequence[Sent], *, is_new: bool) -> tuple[set[str], Sequence[Sent]]:
    """The reviews that count in the evening, by the digest of their id."""
    with tempfile.TemporaryDirectory(prefix="avis-bench-") as name:
        folder = Path(name)
        environ = {"AVIS_DATA": str(folder / "data"), "AVIS_TRUSTED_PROXIES": "127.0.0.1", "AVIS_LOG_LEVEL": "error"}
        (folder / "clock").write_bytes(struct.pack("d", DAY.timestamp()))
        with _collector(environ, folder) as port, (folder / "clock").open("r+b") as file:
            clock = mmap.mmap(file.fileno(), 8)
            settings = load(environ)
            storage = Storage(settings)
            await storage.open()
            target = await _procedure(storage, is_new=is_new)
            lines = [_Line(port) for _ in range(CONNECTIONS)]
            for tenth, requests in groupby(sorted(crowd), key=lambda one: int(10 * one.second)):
                clock[:8] = struct.pack("d", DAY.timestamp() + tenth / 10)
                await _send(lines, [_request(one, target.placement.key) for one in requests])
            for line in lines:
                await line.close()
            counted = await _counted(storage)
            await storage.close()
    return counted, crowd


async def _procedure(storage: Storage, *, is_new: bool) -> Target:
    procedure, placement = await storage.catalogue.add_procedure(
        title="Mesure", slug="mesure", organisation="Mairie d'Exemple", ministry="", audiences=[], origins=[], now=DAY
    )
    target = Target(procedure, placement)
    _, directory = await storage.intake.target(placement.key) or (None, 0)
    chance = random.Random(1)
    for day in range(0 if is_new else HABIT_DAYS):
        moment = DAY - timedelta(days=day + 1)
        answers = SatisfactionAnswers(satisfaction="good")
        for _ in range(HABIT // 500):
            batch = [
                Write(anonymise(UUID(int=chance.getrandbits(128)), target, "fr", None, answers, moment), directory)
                for _ in range(500)
            ]
            await storage.intake.commit(batch)
    return target


async def _counted(storage: Storage) -> set[str]:
    async with storage.engine.read() as connection:
        found = await connection.execute("SELECT capability FROM review WHERE aside IS NULL AND day = '2026-03-12'")
        return {row["capability"] for row in await found.fetchall()}


async def _send(lines: "Sequence[_Line]", requests: Sequence[bytes]) -> None:
    waiting = list(reversed(requests))
    # Now one process is asked, now another, where there are several.
    lines = _CHANCE.sample(lines, min(len(waiting), len(lines)))

    async def drain(line: "_Line") -> None:
        while waiting:
            await line.ask(waiting.pop())

    await asyncio.gather(*(drain(line) for line in lines))


def _request(one: Sent, key: str) -> bytes:
    body = msgspec.json.encode({"id": str(one.id), "key": key, "lang": "fr", "answers": one.answers})
    head = (
        "POST /api/v1/reviews HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        "Origin: http://127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n"
        f"X-Forwarded-For: {one.address}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Line:
    """One connection that stays open. A client library would take longer than the collector."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> int:
        """The status of the answer. A refusal for too many is an answer like another; anything else is not."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        await reader.readexactly(int(head.split(b"content-length: ", 1)[1].split(b"\r\n", 1)[0]))
        status = int(head.split(b" ", 2)[1])
        if status not in {200, 201, 429}:
            raise SystemExit(f"The collector answered {status}: the figures would mean nothing.")
        return status

    async def close(self) -> None:
        if self._streams:
            self._streams[1].close()
            await self._streams[1].wait_closed()


@contextmanager
def _collector(environ: dict[str, str], folder: Path) -> Iterator[int]:
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "--no-access-log",
        "--log-level",
        "error",
        "--timeout-keep-alive",
        "600",
    ]
    process = subprocess.Popen(
        [*command, "--port", str(port), "--workers", WORKERS, "benchmarks.peers.clocked:app"],
        env={**without_settings(), **environ, "CLOCK": str(folder / "clock")},
    )
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"Nothing answers on port {port}.")

"""A network that means harm: a real TCP proxy that cuts, delays, doubles, damages and plays back, by a seed."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from random import Random

PIECE = 16 * 1024


class Hostile:
    """What each connection meets is drawn when it begins; `met` counts what came to pass."""

    TROUBLES = ("nothing", "cut", "damage", "delay", "double", "playback")

    def __init__(self, target: tuple[str, int], seed: int) -> None:
        self._target, self._random = target, Random(seed)  # noqa: S311 - drawn again for the same seed
        self._recorded: list[bytes] = []
        self.met: Counter[str] = Counter()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        trouble = self._random.choice(self.TROUBLES)
        with suppress(ConnectionError):
            await self._relay(reader, writer, trouble)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, trouble: str) -> None:
        question = await reader.readuntil(b"\r\n\r\n")
        if trouble == "playback" and self._recorded:
            self.met[trouble] += 1
            writer.write(self._random.choice(self._recorded))
            await writer.drain()
            return
        answer = await self._asked(question)
        self._recorded.append(answer)
        for piece in self._changed(answer, trouble):
            if trouble == "delay":
                await asyncio.sleep(self._random.random() / 20)
            writer.write(piece)
            await writer.drain()

    async def _asked(self, question: bytes) -> bytes:
        """A connection for each question, so that an answer ends where it ends."""
        reader, writer = await asyncio.open_connection(*self._target)
        writer.write(question.replace(b"keep-alive", b"close"))
        answer = await reader.read()
        writer.close()
        return answer

    def _changed(self, answer: bytes, trouble: str) -> list[bytes]:
        self.met[trouble] += 1
        place = self._random.randrange(len(answer))
        if trouble == "cut":
            answer = answer[:place]
        if trouble == "double":
            answer = answer[:place] + answer[max(0, place - PIECE) :]
        if trouble == "damage":
            wrong = answer[place] ^ (1 << self._random.randrange(8))
            answer = answer[:place] + bytes([wrong]) + answer[place + 1 :]
        return [answer[start : start + PIECE] for start in range(0, len(answer), PIECE)]


@asynccontextmanager
async def hostile(target: tuple[str, int], seed: int) -> AsyncIterator[tuple[Hostile, str]]:
    """The proxy before a service, and its address."""
    proxy = Hostile(target, seed)
    server = await asyncio.start_server(proxy, "127.0.0.1", 0, limit=64 * 1024)
    host, port = server.sockets[0].getsockname()
    async with server:
        yield proxy, f"http://{host}:{port}"

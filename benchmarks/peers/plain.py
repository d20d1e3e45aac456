"""What a developer would write in an afternoon: Litestar and aiosqlite, one durable commit for each request."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiosqlite
import msgspec
from litestar import Litestar, post
from litestar.datastructures import State
from litestar.params import JSONBody

from benchmarks.peers.body import Body


@asynccontextmanager
async def database(app: Litestar) -> AsyncIterator[None]:
    async with aiosqlite.connect(os.environ["PEER_DATABASE"]) as connection:
        await connection.execute("PRAGMA journal_mode = WAL")
        await connection.execute("PRAGMA synchronous = FULL")
        await connection.execute("CREATE TABLE IF NOT EXISTS review (id TEXT PRIMARY KEY, key TEXT, answers TEXT)")
        app.state.connection = connection
        app.state.turn = asyncio.Lock()
        yield


@post("/api/v1/reviews")
async def receive(data: JSONBody[Body], state: State) -> dict[str, str]:
    # Without taking turns on the one connection, a commit would also be that of others, and most commits of nothing.
    async with state.turn:
        await state.connection.execute(
            "INSERT INTO review VALUES (?, ?, ?)", (str(data.id), data.key, msgspec.json.encode(data.answers).decode())
        )
        await state.connection.commit()
    return {"status": "created"}


app = Litestar([receive], lifespan=[database], openapi_config=None)

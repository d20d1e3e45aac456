"""Parquet, written by DuckDB in a process of its own: lines of JSON in, a file out.

A process, because DuckDB brings 65 MB of code that no citizen needs, and because it can be ended when its reader
leaves. Rows wait in a private folder, which the service removes. They come by procedure and day and stay so: to sort
them took DuckDB more memory the more there were.
"""

import asyncio
import shutil
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from pathlib import Path

from collector.exports.columns import Column, Type

MEMORY = "256MB"
"""Enough for a group of rows whose texts are long; a million short ones took half of it."""
LONGEST = 1024 * 1024
"""Bytes of a row: DuckDB keeps several times as much for reading."""
GROUP = 20_000
"""Rows of a group, whose least and greatest values are known: a reader passes over those that it does not need."""
PIECE = 64 * 1024
TYPES: dict[Type, str] = {
    "text": "VARCHAR",
    "integer": "INTEGER",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "day": "DATE",
    "moment": "TIMESTAMPTZ",
    "list": "VARCHAR[]",
}


_CLEARING: set[asyncio.Task[None]] = set()


class NotWritten(Exception):
    """The file could not be finished: its reader is cut off, and asks again."""


async def parquet(columns: Sequence[Column], rows: AsyncIterator[Sequence[bytes]]) -> AsyncGenerator[bytes]:
    """The file, once all rows are there: it says at its end where they are."""
    # Not in a thread: a reader who left meanwhile would leave it behind.
    folder = tempfile.mkdtemp(prefix="avis-parquet-")
    writer = None
    try:
        writer = await _started(folder, columns)
        async for piece in _through(writer, rows):
            yield piece
    except ConnectionError as error:
        raise NotWritten from error
    finally:
        # Whoever leaves cancels whatever waits here, but not a task of its own.
        clearing = asyncio.create_task(_cleared(writer, folder))
        _CLEARING.add(clearing)
        clearing.add_done_callback(_CLEARING.discard)
        await asyncio.shield(clearing)


async def _started(folder: str, columns: Sequence[Column]) -> Process:
    types = [f"{each.name}={TYPES[each.type]}" for each in columns]
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "collector.exports.parquet", folder, *types),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )


async def _through(writer: Process, rows: AsyncIterator[Sequence[bytes]]) -> AsyncGenerator[bytes]:
    assert writer.stdin is not None  # noqa: S101 - a pipe, as asked for above
    assert writer.stdout is not None  # noqa: S101 - the same
    async for some in rows:
        writer.stdin.write(b"".join(some))
        await writer.stdin.drain()
    writer.stdin.close()
    while piece := await writer.stdout.read(PIECE):
        yield piece
    if await writer.wait():
        raise NotWritten


async def _cleared(writer: Process | None, folder: str) -> None:
    """Its folder goes once the process has ended, which would fill it again."""
    if writer and writer.returncode is None:
        writer.kill()
        await writer.wait()
    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def main(folder: str, *types: str) -> int:
    """Write what comes on standard input to standard output."""
    lines, target = Path(folder) / "rows.ndjson", Path(folder) / "file.parquet"
    # Not from the pipe itself: DuckDB keeps in memory all that it has read of one.
    with lines.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
    import duckdb  # noqa: PLC0415 - 65 MB, once all is there

    known = dict(each.split("=", 1) for each in types)
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,
        "memory_limit": MEMORY,
        "temp_directory": folder,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with duckdb.connect(config=settings) as connection:
        connection.execute("SET allowed_directories = ['{}']".format(folder.replace("'", "''")))
        connection.execute("SET enable_external_access = false")
        rows = connection.read_json(str(lines), format="newline_delimited", columns=known, maximum_object_size=LONGEST)
        rows.write_parquet(str(target), compression="zstd", row_group_size=GROUP)
    with target.open("rb") as file:
        shutil.copyfileobj(file, sys.stdout.buffer)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""Killed between the mail server's "taken" and our mark: the letter comes again under the same name, and only then."""

import asyncio
import signal
import sys
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

from admin.alerts.bell import Bell
from collector.rhythms import next_digest
from collector.schema import utc_now
from collector.settings import Settings, load
from collector.storage import Storage
from collector.storage.subscriptions import Wanted
from tests.conftest import MovableClock, Passeport
from tests.services import mail_server
from tests.serving import without_settings

RING = """
import asyncio, os
from admin.alerts.bell import Bell
from collector.schema import utc_now
from collector.settings import load
from collector.storage import Storage

async def ring():
    settings = load({name: value for name, value in os.environ.items() if name.startswith("AVIS_")})
    storage = Storage(settings)
    await storage.open()
    await Bell(storage, settings, utc_now).once()

asyncio.run(ring())
"""


class Silent:
    """A mail server that takes a letter and never says so."""

    def __init__(self) -> None:
        self.took: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        while line := await reader.readline():
            if line.upper().startswith(b"DATA"):
                writer.write(b"354 go on\r\n")
                self.took.set_result(await reader.readuntil(b"\r\n.\r\n"))
            else:
                writer.write(b"250 yes\r\n")
        writer.close()


async def test_a_letter_that_may_have_left_comes_again_under_the_same_name(
    environ: dict[str, str], settings: Settings, storage: Storage, passeport: Passeport, tmp_path: Path
) -> None:
    now = utc_now()
    user = await storage.accounts.add(
        email="bruno@exemple.fr", name="Bruno", administrator=True, password="x", must_change=False, now=now
    )
    wanted = Wanted(kinds=(), at_once=False, digest="weekly", threshold=50, least=30, words="")
    last_week = now - timedelta(days=8)
    due = int(next_digest("weekly", last_week).timestamp())
    await storage.subscriptions.save(user, passeport.procedure, wanted, next_digest=due, now=last_week)
    silent = Silent()
    server = await asyncio.start_server(silent, "127.0.0.1")
    port = server.sockets[0].getsockname()[1]
    told = {**environ, "AVIS_MAIL_SERVER": f"smtp+plain://127.0.0.1:{port}", "AVIS_MAIL_FROM": "avis@exemple.fr"}
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", RING, env={**without_settings(), **told})
    taken = message_from_bytes(await asyncio.wait_for(silent.took, 60))
    process.send_signal(signal.SIGKILL)
    await process.wait()
    server.close()
    clock = MovableClock(now + timedelta(minutes=30))
    with mail_server() as postbox:
        back = Bell(storage, load({**told, "AVIS_MAIL_SERVER": f"smtp+plain://127.0.0.1:{postbox.port}"}), clock)
        await back.once()
        (letter,) = postbox.letters()
        assert letter["Message-ID"] == taken["Message-ID"]
        clock.move(hours=5)
        await back.once()
        assert postbox.letters() == []

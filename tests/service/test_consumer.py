"""The client of docs/exports.md, as it stands there, against a real service: what is documented is enough to pull."""

import asyncio
import json
import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from httpx import AsyncClient
from litestar import Litestar

import collector
from collector.settings import Settings
from collector.storage import Storage
from tests.conftest import MovableClock, Passeport, send
from tests.service.test_exports import Signed, fill, served
from tests.service.test_pull import Road

ROOT = Path(collector.__file__).parent.parent
NODE = shutil.which("node", path=ROOT / ".venv/node-bin") or shutil.which("node")


async def run(app: Any, url: str, folder: Path, *troubles: str) -> tuple[int | None, str]:
    (script,) = re.findall(r"```js\n(// node pull\.mjs.*?)```", (ROOT / "docs/exports.md").read_text(), re.DOTALL)
    (folder / "pull.mjs").write_text(script)
    assert NODE, "make dev brings Node"
    async with served(Road(app, *troubles)) as (host, port):  # type: ignore[arg-type]  # an ASGI application all the same
        node = await asyncio.create_subprocess_exec(
            NODE,
            "pull.mjs",
            f"http://{host}:{port}{urlsplit(url).path}",
            "copy.json",
            cwd=folder,
            stderr=asyncio.subprocess.PIPE,
        )
        _, said = await node.communicate()
    return node.returncode, said.decode()


async def test_the_documented_client_pulls_verifies_and_goes_on(
    app: Litestar,
    client: AsyncClient,
    storage: Storage,
    settings: Settings,
    clock: MovableClock,
    passeport: Passeport,
    tmp_path: Path,
) -> None:
    await fill(storage, passeport, 1200)
    url = await Signed(storage, settings, clock)()
    assert await run(app, url, tmp_path) == (0, "")
    await send(client, passeport.key, {"satisfaction": "bad"})
    assert await run(app, url, tmp_path) == (0, "")
    copy = json.loads((tmp_path / "copy.json").read_text())
    given = [json.loads(line) for line in (await client.get(url)).text.splitlines()]
    assert copy["rows"] == {row["id"]: row for row in given}
    assert len(given) == 1201
    for trouble in ("damaged", "cut"):
        await send(client, passeport.key, {"satisfaction": "good"})
        code, said = await run(app, url, tmp_path, trouble)
        assert code == 1
        assert trouble == "cut" or "not signed by the known key" in said
    assert json.loads((tmp_path / "copy.json").read_text()) == copy, "nothing of it was kept"

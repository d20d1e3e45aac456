"""Keep the form page that answers beside the scripts that are released now, for the tests of later releases.

`tests/browser/released/NAME.http` is what this collector answers, headers and all; `NAME` is the loader's. A file that
is there stays as it is.
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from litestar.testing import TestClient

from collector.app import create_app
from collector.settings import load
from embed.assets import built

FOLDER = Path(__file__).parents[1] / "tests" / "browser" / "released"
AVIS = Path(sys.executable).with_name("avis")
# What depends on the moment, or on how the answer travelled.
PASSING = {"date", "server", "content-length", "content-encoding"}


def answer(data: str) -> str:
    """The form in a frame of `https://hote.exemple`, from a collector that has just been installed in `data`."""
    environ = {"AVIS_DATA": data}
    subprocess.run([AVIS, "migrate"], env=environ, check=True, capture_output=True)
    add = ["procedure", "add", "--title", "Demander un passeport", "--slug", "passeport"]
    add += ["--origin", "https://hote.exemple", "--json"]
    added = json.loads(subprocess.run([AVIS, *add], env=environ, check=True, capture_output=True).stdout)
    with TestClient(create_app(load(environ))) as client:
        address = f"/avis/{added['placements'][0]['key']}?embed=1&lang=fr&theme=light"
        page = client.get(address, headers={"Accept-Encoding": "identity"}).raise_for_status()
    headers = [f"{name}: {value}" for name, value in page.headers.items() if name not in PASSING]
    return "\n".join((*headers, "", page.text, ""))


def main() -> None:
    file = FOLDER / f"v1.{built().loader_hash}.http"
    if not file.exists():
        with TemporaryDirectory() as data:
            file.write_text(answer(data), "utf-8")
        print(f"released {file.relative_to(FOLDER.parents[2])}")


if __name__ == "__main__":
    main()

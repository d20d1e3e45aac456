"""Take the pictures of the documentation from the running service: what people will see, never a drawing of it.

`python -m scripts.pictures [NAME …]` takes them all, or only those named: documents, pages, modes, steps, states.
"""

import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path

from scripts.pictures import documents, modes, pages, steps
from scripts.pictures.camera import COLLECTOR, HOST, PICTURES, Camera, camera
from scripts.pictures.door import signed_in
from tests.serving import Service, serving


def main(wanted: list[str]) -> int:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="avis-pictures-") as folder:
        environ = {"AVIS_DATA": folder, "AVIS_BASE_URL": COLLECTOR}
        with serving(environ, Path(folder) / "log") as service, camera(service.port) as taken_by:
            password = _furnish(service, Path(folder) / "avis.db")
            state = cache(lambda: signed_in(taken_by, password))
            subjects: dict[str, Callable[[Camera], None]] = {
                "documents": lambda camera: documents.take(camera, state()),
                "pages": lambda camera: pages.take(camera, state()),
                "modes": modes.take_modes,
                "steps": steps.take_steps,
                "states": steps.take_states,
            }
            for name in wanted or subjects:
                subjects[name](taken_by)
    return 0


def _furnish(service: Service, database: Path) -> str:
    """The demo's data, and the procedure of the gallery under keys of its own; the answer is the admin's password."""
    password = service.run("demo", "--reviews", "3000", "--days", "365")["one_time_password"]
    add = ("procedure", "add", "--title", "Demande de carte de pêche", "--slug", "galerie", "--origin", HOST)
    keys = {service.run(*add)["placements"][0]["key"]: modes.KEY}
    more = ("placement", "add", "--procedure", "galerie", "--form")
    keys[service.run(*more, "malfunction", "--contact")["key"]] = steps.MALFUNCTION
    keys[closed := service.run(*more, "satisfaction")["key"]] = steps.CLOSED
    service.run("placement", "close", closed)
    # Keys are drawn at random, and a QR code shows its own: pictures are the same again only under fixed ones.
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.executemany("UPDATE placement SET key = ? WHERE key = ?", [(new, old) for old, new in keys.items()])
    return str(password)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What a backup costs citizens while it runs, and how fast a backup and a move are.

Alternated rounds of the same load, with and without a backup of the same database under way: the machine's own speed
falls out of the ratios. The server has the first core; wrk and the backup share the second.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import psycopg

from benchmarks.figures import Figure, at_least, show
from benchmarks.load import closed
from benchmarks.servers import Server
from tests.services import postgres_server
from tests.serving import AVIS, Service, serving

REVIEWS = 100_000
ROUNDS = 4
SECONDS = 4
_FIRST_CORE = ("taskset", "-c", "0")
_OFF = {f"AVIS_LIMIT_{name}": "off" for name in ("VISITOR_PROCEDURE", "VISITOR", "PROCEDURE")}


def main() -> None:
    if shutil.which("wrk") is None:
        sys.stderr.write("The backup benchmark needs wrk (apt-get install wrk).\n")
        return
    with tempfile.TemporaryDirectory(prefix="avis-bench-") as name:
        folder = Path(name)
        environ = {**_OFF, "AVIS_DATA": str(folder / "data"), "AVIS_SUSPICION": "off"}
        quiet = Service(environ, folder / "log", 1)
        quiet.run("demo", "--reviews", str(REVIEWS), "--days", "700")
        key = quiet.run("procedure", "add", "--title", "Mesure", "--slug", "mesure")["placements"][0]["key"]
        with serving(environ, folder / "log", prefix=_FIRST_CORE) as service:
            _beside(service, key, folder)
        _alone(quiet, folder)


def _beside(service: Service, key: str, folder: Path) -> None:
    server = Server("avis", service.port, service.process.pid, key)
    closed(server, SECONDS)
    rounds = []
    for _ in range(ROUNDS):
        without = closed(server, SECONDS)
        backup = _start(service, "backup", str(folder / "copy.tar"), "--force")
        beside = closed(server, SECONDS)
        if backup.wait() != 0:
            raise SystemExit("a backup failed")
        rounds.append((without, beside))
    rate = median(_rate(beside) / _rate(without) for without, beside in rounds)
    show(at_least("backup.intake-beside-it", rate, "of the rate without", 0.7))
    show(Figure("backup.p99-without", round(median(each["p99"] for each, _ in rounds), 1), "ms"))
    show(Figure("backup.p99-beside-it", round(median(each["p99"] for _, each in rounds), 1), "ms"))


def _alone(quiet: Service, folder: Path) -> None:
    began = time.monotonic()
    rows = sum(table["rows"] for table in quiet.run("backup", str(folder / "copy.tar"), "--force")["tables"].values())
    show(Figure("backup.rate", round(rows / (time.monotonic() - began)), "rows/s, copied, restored and recounted"))
    with postgres_server() as url:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute("CREATE DATABASE moved")
        moved = quiet.run("move", "--to", f"{url.rsplit('/', 1)[0]}/moved")
    show(Figure("move.rate", round(moved["rows"] / moved["seconds"]), "rows/s, carried and compared"))


def _start(service: Service, *arguments: str) -> "subprocess.Popen[bytes]":
    command = ["nice", "taskset", "-c", "1", str(AVIS), *arguments, "--json"]
    return subprocess.Popen(command, env={**os.environ, **service.environ}, stdout=subprocess.DEVNULL)


def _rate(result: dict[str, float]) -> float:
    return result["requests"] / result["seconds"]


if __name__ == "__main__":
    main()

"""The whole durable write path against the least and the plainest that could stand in its place.

One core for the server and one for the load generator (wrk); alternated rounds, medians, ratios: the machine's own
speed falls out. The first figures are without suspicion; what it costs is measured with reviews from five thousand
addresses, of which almost all are set aside.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure, at_least, show
from tests.services import free_port
from tests.serving import serving, without_settings

ROUNDS = 5
SECONDS = 4
CONNECTIONS = 64
_SCRIPT = Path(__file__).with_name("review.lua")
_FIRST_CORE = ("taskset", "-c", "0")
_OFF = {
    **{f"AVIS_LIMIT_{name}": "100000000/minute" for name in ("VISITOR_PROCEDURE", "VISITOR", "PROCEDURE")},
    "AVIS_TRUSTED_PROXIES": "127.0.0.1",
    "AVIS_SUSPICION": "off",
}


def main() -> None:
    if shutil.which("wrk") is None:
        sys.stderr.write("The intake benchmark needs wrk (apt-get install wrk).\n")
        return
    with tempfile.TemporaryDirectory(prefix="avis-bench-") as folder, _servers(Path(folder)) as servers:
        results = _rounds(servers, ("avis", "empty", "plain"))
        spread = _rounds(servers, ("avis", "suspicious"), spread=True)
    rate = {name: _rate(each) for name, each in results.items()}
    show(Figure("intake.rate", round(rate["avis"]), "reviews/s on one core"))
    p99 = median(result["p99"] for result in results["avis"])
    show(Figure("intake.p99", round(p99, 1), f"ms with {CONNECTIONS} connections"))
    show(at_least("intake.against-empty-handler", rate["avis"] / rate["empty"], "ratio", 0.75))
    show(at_least("intake.against-plain-service", rate["avis"] / rate["plain"], "ratio", 6))
    show(at_least("intake.with-suspicion", _rate(spread["suspicious"]) / _rate(spread["avis"]), "of without", 0.95))


def _rounds(
    servers: dict[str, tuple[int, str]], names: tuple[str, ...], *, spread: bool = False
) -> dict[str, list[dict[str, float]]]:
    """Alternated, so that a slow moment of the machine meets all of them."""
    results: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for _ in range(ROUNDS):
        for name in names:
            results[name].append(_load(*servers[name], spread=spread))
    return results


def _rate(results: list[dict[str, float]]) -> float:
    return median(result["requests"] / result["seconds"] for result in results)


@contextmanager
def _servers(folder: Path) -> Iterator[dict[str, tuple[int, str]]]:
    """The services, each on the first core: their ports, and the key that Avis wants."""
    with ExitStack() as peers:
        found = {}
        for name, suspicion in (("avis", "off"), ("suspicious", "on")):
            environment = {**_OFF, "AVIS_DATA": str(folder / name), "AVIS_SUSPICION": suspicion}
            avis = peers.enter_context(serving(environment, folder / f"{name}.log", prefix=_FIRST_CORE))
            made = avis.run("procedure", "add", "--title", "Mesure", "--slug", "mesure")
            found[name] = (avis.port, made["placements"][0]["key"])
        key = found["avis"][1]
        for peer in ("empty", "plain"):
            found[peer] = (peers.enter_context(_peer(peer, folder)), key)
        yield found


@contextmanager
def _peer(name: str, folder: Path) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "--no-access-log", "--log-level", "error", "--port", str(port)]
    process = subprocess.Popen(
        [*_FIRST_CORE, *command, f"benchmarks.peers.{name}:app"],
        env={**without_settings(), "PLAIN_DATABASE": str(folder / "plain.db")},
    )
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _load(port: int, key: str, *, spread: bool = False) -> dict[str, float]:
    done = subprocess.run(
        [
            *("taskset", "-c", "1", "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", str(_SCRIPT)),
            f"http://127.0.0.1:{port}",
        ],
        env={**os.environ, "BENCH_KEY": key, "BENCH_SPREAD": str(int(spread))},
        check=True,
        capture_output=True,
        text=True,
    )
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    if result["refused"]:
        raise SystemExit(f"{result['refused']} requests were refused on port {port}: the figures would mean nothing.")
    return result


def _wait(port: int) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"Nothing answers on port {port}.")

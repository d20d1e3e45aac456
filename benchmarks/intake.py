"""The whole durable write path against the least and the plainest that could stand in its place.

One core for the server and one for the load generator; alternated rounds, medians, ratios: the machine's own speed
falls out. The first figures are without suspicion, with all reviews from one address; what suspicion costs is measured
with reviews from five thousand addresses, of which almost all are set aside. Ten minutes at most, all together.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import psycopg

from benchmarks import servers
from benchmarks.figures import Figure, at_least, at_most, show
from benchmarks.load import CONNECTIONS, closed, open_loop
from benchmarks.servers import Server
from tests.services import postgres_server

ROUNDS = 5
SECONDS = 2
# Citizens in peak hours of the whole country's procedures are some hundreds a second.
RATE, RATE_SECONDS, RATE_ROUNDS = 3000, 8, 3
MILLION = int(os.environ.get("BENCH_REQUESTS", "1000000"))
WARM = MILLION // 5
_GOALS = {"empty": 0.75, "plain": 6.0, "orm": 15.0, "isso": 35.0}
_NAMES = {
    "empty": "empty-handler",
    "plain": "plain-service",
    "orm": "fastapi-slowapi-sqlalchemy",
    "isso": "isso",
}


def main() -> None:
    if shutil.which("wrk") is None:
        sys.stderr.write("The intake benchmark needs wrk (apt-get install wrk).\n")
        return
    with tempfile.TemporaryDirectory(prefix="avis-bench-") as name:
        folder = Path(name)
        with ExitStack() as stack:
            _against_peers(folder, stack)
        with servers.avis("open", folder) as server:
            _open_loop("intake", server)
        with servers.avis("many", folder, suspicion=True) as server:
            _memory("intake", server, MILLION)
        with postgres_server() as database:
            _on_postgres(folder, database)


def _against_peers(folder: Path, stack: ExitStack) -> None:
    ours = stack.enter_context(servers.avis("avis", folder))
    suspicious = stack.enter_context(servers.avis("suspicious", folder, suspicion=True))
    peers = [stack.enter_context(servers.with_our_packages(name, folder)) for name in ("empty", "plain")]
    python = stack.enter_context(servers.environment())
    if python:
        peers += [stack.enter_context(start(python, folder)) for start in (servers.orm, servers.isso)]
    rates = _rates("intake", (ours, *peers))
    for name, goal in _GOALS.items():
        title = f"intake.against-{_NAMES[name]}"
        if name in rates:
            show(at_least(title, rates["avis"] / rates[name], "ratio", goal))
        else:
            show(Figure(title, 0, "not measured: its packages could not be installed", f">= {goal:g}"))
    spread = _rates("intake.spread", (ours, suspicious), spread=True)
    show(at_least("intake.with-suspicion", spread["suspicious"] / spread["avis"], "of without", 0.95))
    show(Figure("intake.spread.against-empty-handler", round(spread["suspicious"] / rates["empty"], 4), "ratio"))


def _rates(title: str, chosen: Sequence[Server], *, spread: bool = False, on: str = "one core") -> dict[str, float]:
    """Requests a second by name. Alternated, so that a slow moment of the machine meets all of them."""
    results: dict[str, list[dict[str, float]]] = {server.name: [] for server in chosen}
    for server in chosen:
        _round(server, 1, spread=spread)
    for _ in range(ROUNDS):
        for server in chosen:
            results[server.name].append(_round(server, SECONDS, spread=spread))
    rates = {name: _rate(each) for name, each in results.items()}
    first = chosen[0].name
    show(Figure(f"{title}.rate", round(rates[first]), f"reviews/s on {on}"))
    p99 = median(result["p99"] for result in results[first])
    show(Figure(f"{title}.p99", round(p99, 1), f"ms with {CONNECTIONS} connections, closed loop"))
    for name, each in results.items():
        used = median(result["processor"] for result in each)
        show(Figure(f"{title}.processor.{name}", round(1e6 * used, 1), "µs for each request, work put off included"))
    return rates


def _round(server: Server, seconds: float, *, spread: bool) -> dict[str, float]:
    """One round, until the server is at rest; `processor` is what a request took of it, in seconds."""
    before = server.processor()
    result = closed(server, seconds, spread=spread)
    server.rest()
    return {**result, "processor": (server.processor() - before) / result["requests"]}


def _rate(results: Iterable[dict[str, float]]) -> float:
    return median(result["requests"] / result["seconds"] for result in results)


def _open_loop(title: str, server: Server) -> None:
    closed(server, 1)
    runs = [open_loop(server, RATE, RATE_SECONDS) for _ in range(RATE_ROUNDS)]
    answered = sum(run["created"] for run in runs) / sum(run["requests"] for run in runs)
    load = f"{RATE} requests/s, open loop"
    show(at_least(f"{title}.open-loop.answered", answered, f"of {load}", 1))
    show(Figure(f"{title}.open-loop.p50", round(median(run["p50"] for run in runs), 1), f"ms at {load}"))
    show(at_most(f"{title}.open-loop.p99", median(run["p99"] for run in runs), f"ms at {load}", 10))


def _memory(title: str, server: Server, most: int) -> None:
    """What a worker holds while it takes in so many reviews, with everything on that it does by default."""
    done, resident, after_warm = 0, 0.0, 0.0
    while done < most:
        done += int(closed(server, 5 * SECONDS, spread=True)["requests"])
        resident = max(resident, server.resident())
        if done < WARM:
            after_warm = resident
    show(at_most(f"{title}.memory", resident, f"MB resident, of {done} reviews the most", 90))
    show(Figure(f"{title}.memory-growth", round(resident - after_warm, 1), f"MB more than after the first {WARM}"))


def _on_postgres(folder: Path, database: str) -> None:
    """The server of the database runs beside both, with its defaults: `synchronous_commit` is on."""
    with ExitStack() as stack:
        ours = stack.enter_context(servers.avis("postgres", folder, database=_made(database, "one")))
        empty = stack.enter_context(servers.with_our_packages("empty", folder))
        rates = _rates("intake.postgres", (ours, empty))
        show(at_least("intake.postgres.against-empty-handler", rates["postgres"] / rates["empty"], "ratio", 0.75))
        _open_loop("intake.postgres", ours)
        show(at_most("intake.postgres.memory", ours.resident(), "MB resident", 90))
    _workers(folder, database)


def _workers(folder: Path, database: str) -> None:
    """Where all cores are for everybody: the server, its database and the load generator."""
    cores = os.cpu_count() or 1
    with ExitStack() as stack:
        chosen = [
            stack.enter_context(
                servers.avis(
                    f"workers-{number}",
                    folder,
                    workers=number,
                    cores=f"0-{cores - 1}",
                    database=_made(database, f"workers_{number}"),
                )
            )
            for number in (1, 2)
        ]
        rates = _rates("intake.postgres.one-worker", chosen, on=f"{cores} cores shared with all else")
    gain = rates["workers-2"] / rates["workers-1"]
    show(Figure("intake.postgres.two-workers", round(gain, 4), f"times one, on {cores} cores shared with all else"))


def _made(server: str, name: str) -> str:
    """A database of its own for each."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server.rpartition('/')[0]}/{name}"

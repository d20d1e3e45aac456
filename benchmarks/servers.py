"""The servers of the intake benchmark: ours and its peers, each on the first core, and what they use."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from tests.services import free_port
from tests.serving import AVIS, serving, without_settings

ON_FIRST_CORE = ("taskset", "-c", "0")
PEERS = Path(__file__).parent / "peers"
_OPEN = {
    **{f"AVIS_LIMIT_{name}": "100000000/minute" for name in ("VISITOR_PROCEDURE", "VISITOR", "PROCEDURE")},
    "AVIS_TRUSTED_PROXIES": "127.0.0.1",
}


class Server(Struct, frozen=True):
    """`key` leads to a procedure of ours; a peer takes any. `script` is what wrk sends it."""

    name: str
    port: int
    process: int
    key: str = "k" * 22
    script: Path = Path(__file__).with_name("review.lua")

    def resident(self) -> float:
        """Megabytes of memory that the process and its workers hold, each: the largest."""
        return max(_resident(process) for process in (self.process, *_children(self.process)))

    def processor(self) -> float:
        """Seconds of processor time that it and its workers have used."""
        return sum(_processor(process) for process in (self.process, *_children(self.process)))

    def rest(self) -> None:
        """Until it has done what it puts off, such as its index of words: the next server has the core to itself."""
        for _ in range(100):
            before = self.processor()
            time.sleep(0.2)
            if self.processor() - before < 0.02:
                return


@contextmanager
def avis(
    name: str, folder: Path, *, suspicion: bool = False, workers: int = 1, cores: str = "0", database: str = ""
) -> Iterator[Server]:
    environ = {**_OPEN, "AVIS_DATA": str(folder / name), "AVIS_SUSPICION": "on" if suspicion else "off"}
    if database:
        environ["AVIS_DATABASE"] = database
        subprocess.run([AVIS, "migrate"], env={**without_settings(), **environ}, check=True, capture_output=True)
    options = ("--workers", f"{workers}") if workers > 1 else ()
    with serving(environ, folder / f"{name}.log", ("taskset", "-c", cores), options) as service:
        made = service.run("procedure", "add", "--title", "Mesure", "--slug", name)
        yield Server(name, service.port, service.process.pid, made["placements"][0]["key"])


@contextmanager
def with_our_packages(name: str, folder: Path) -> Iterator[Server]:
    """A peer that needs nothing but what we have."""
    with _uvicorn(sys.executable, f"benchmarks.peers.{name}:app", name, folder) as server:
        yield server


@contextmanager
def orm(python: Path, folder: Path) -> Iterator[Server]:
    with _uvicorn(python, "orm:app", "orm", folder, "--app-dir", str(PEERS)) as server:
        yield server


@contextmanager
def isso(python: Path, folder: Path) -> Iterator[Server]:
    port, configuration = free_port(), folder / "isso.cfg"
    configuration.write_text((PEERS / "isso.cfg").read_text().format(folder=folder, port=port))
    with _running([python.with_name("isso"), "-c", configuration, "run"], folder, port, "isso") as process:
        yield Server("isso", port, process, script=PEERS / "comment.lua")


@contextmanager
def environment() -> Iterator[Path | None]:
    """The Python of an environment with the peers' packages, which are none of ours. None when they cannot be had."""
    with tempfile.TemporaryDirectory(prefix="avis-peers-") as folder:
        python = Path(folder, "bin", "python")
        install: list[str | Path] = [python, "-m", "pip", "install", "--quiet", "--quiet", "--require-hashes", "-r"]
        try:
            subprocess.run([sys.executable, "-m", "venv", folder], check=True, capture_output=True)
            subprocess.run([*install, PEERS / "requirements.txt"], check=True, capture_output=True, timeout=180)
        except (subprocess.SubprocessError, OSError):
            yield None
        else:
            yield python


@contextmanager
def _uvicorn(python: str | Path, app: str, name: str, folder: Path, *options: str) -> Iterator[Server]:
    port = free_port()
    quiet = ["--no-access-log", "--log-level", "error", "--port", f"{port}"]
    with _running([python, "-m", "uvicorn", *quiet, *options, app], folder, port, name) as process:
        yield Server(name, port, process)


@contextmanager
def _running(command: Sequence[str | Path], folder: Path, port: int, name: str) -> Iterator[int]:
    with (folder / f"{name}.log").open("wb") as output:
        process = subprocess.Popen(
            [*ON_FIRST_CORE, *command],
            env={**without_settings(), "PEER_DATABASE": str(folder / f"{name}.db")},
            stdout=output,
            stderr=output,
        )
    try:
        _wait(port)
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


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


def _children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [int(child) for child in listed]


def _resident(process: int) -> float:
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _processor(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

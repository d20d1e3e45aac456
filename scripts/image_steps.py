#!/usr/bin/env python3
"""Run the Dockerfile's instructions in a folder, for machines that have no container engine.

Each instruction is taken from the Dockerfile itself, so that this cannot drift from what the image does; only absolute
paths move below a temporary folder. The result is run as the image runs: as its user where we may, from files that user
cannot write, with its environment, its command and its health check, until its stop signal.

What it cannot show: that the base image exists and is as expected, and that an engine mounts what compose.yaml says.
"""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent

# Absolute paths that the image owns; everything else (interpreter, shell) is the machine's.
IMAGE_PATHS = re.compile(r"(?<![\w./])(/src|/opt/avis|/data)(?=[/\s:\"']|$)")

HEALTHY_WITHIN_SECONDS = 40
STOPPED_WITHIN_SECONDS = 15


class Instruction(NamedTuple):
    word: str
    rest: str


class FailedError(Exception):
    """A step of the image did not do what it must; the message says which and shows its output."""


def instructions(text: str) -> Iterator[Instruction]:
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        word, _, rest = line.strip().partition(" ")
        yield Instruction(word, rest.strip())


class Image:
    """The folder that stands for the image, and what its instructions have said so far."""

    def __init__(self, folder: Path, python: Path) -> None:
        self.folder = folder
        self.workdir = folder
        self.user: int | None = None
        self.command: list[str] = []
        self.health: list[str] = []
        self.exposed = "8000"
        self.port = _free_port()
        programs = folder / "bin"
        programs.mkdir()
        # The base image calls its interpreter `python`; Debian does not. A link would confuse venv about its home.
        program = programs / "python"
        program.write_text(f'#!/bin/sh\nexec {shlex.quote(str(python))} "$@"\n')
        program.chmod(0o755)
        # The mirror and proxy that this machine was given stay; our own settings and environments do not.
        own = ("AVIS_", "VIRTUAL_ENV", "PYTHON")
        self.environ = {name: value for name, value in os.environ.items() if not name.startswith(own)}
        self.environ["PATH"] = f"{programs}:{os.environ['PATH']}"

    def inside(self, text: str) -> str:
        return IMAGE_PATHS.sub(lambda match: f"{self.folder}{match[1]}", text)

    def obey(self, word: str, rest: str) -> None:
        match word:
            case "ARG" | "FROM" | "LABEL" | "VOLUME":
                return
            case "WORKDIR":
                self.workdir = Path(self.inside(rest))
                self.workdir.mkdir(parents=True, exist_ok=True)
            case "COPY":
                self.copy(rest)
            case "RUN":
                self.run(rest)
            case "ENV":
                for pair in shlex.split(rest):
                    name, _, value = pair.partition("=")
                    path = self.environ["PATH"]
                    self.environ[name] = self.inside(value).replace("$PATH", path)
            case "USER":
                self.user = int(rest.partition(":")[0])
            case "EXPOSE":
                self.exposed = rest
            case "HEALTHCHECK":
                self.health = self.listed(rest.partition("CMD ")[2])
            case "CMD":
                self.command = self.listed(rest)
            case _:
                raise FailedError(f"image_steps.py does not know {word}: teach it")

    def listed(self, rest: str) -> list[str]:
        # Another program may hold the port on this machine: a free one serves the same.
        return [str(part).replace(self.exposed, str(self.port)) for part in json.loads(rest)]

    def copy(self, rest: str) -> None:
        *sources, target = rest.split()
        if sources[0].startswith("--from="):
            return  # Both stages share this folder.
        into = self.workdir / target
        for name in sources:
            source = ROOT / name
            if source.is_dir():
                place = self.workdir / (target if name == "." or len(sources) == 1 else Path(target, name))
                shutil.copytree(source, place, dirs_exist_ok=True, ignore=self.kept_out)
            else:
                place = into / source.name if target.endswith("/") else into
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, place)

    @staticmethod
    def kept_out(folder: str, names: list[str]) -> set[str]:
        return {name for name in names if not enters(Path(folder, name).relative_to(ROOT).as_posix())}

    def run(self, command: str) -> None:
        began = time.monotonic()
        if os.geteuid() != 0:
            # Only root may give a folder away; without it, everything runs and stays ours.
            command = re.sub(r" -[og] \d+", "", command)
        done = subprocess.run(
            ["/bin/sh", "-euc", self.inside(command)],
            check=False,
            capture_output=True,
            text=True,
            cwd=self.workdir,
            env=self.environ,
        )
        if done.returncode:
            raise FailedError(f"RUN {command}\n{done.stdout}{done.stderr}")
        print(f"  RUN {command[:100]} … {time.monotonic() - began:.0f} s")

    def start(self, command: list[str], log: Path) -> "subprocess.Popen[bytes]":
        user = self.user if os.geteuid() == 0 else None
        with log.open("ab") as output:
            return subprocess.Popen(
                ["/usr/bin/env", *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=self.environ,
                user=user,
                group=user,
                extra_groups=[] if user else None,
            )


def enters(path: str) -> bool:
    """Say whether .dockerignore lets a path into the build; the last line that matches decides."""
    allowed = True
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        pattern = re.escape(line.removeprefix("!")).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
        if re.fullmatch(f"{pattern}(?:/.*)?", path):
            allowed = line.startswith("!")
    return allowed


def interpreter() -> Path:
    """A Python that the image's user may start too: a version manager's lives in somebody's home."""
    usable = []
    for found in [
        shutil.which("python3", path="/usr/local/bin:/usr/bin"),
        getattr(sys, "_base_executable", sys.executable),
    ]:
        if found is None:
            continue
        check = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))"
        if subprocess.run([found, "-c", check], check=False, capture_output=True).returncode == 0:
            usable.append(Path(found))
    return usable[0]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def files_of(folder: Path) -> dict[str, int]:
    return {
        str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file() and not path.is_symlink()
    }


def wait_until_healthy(image: Image, server: "subprocess.Popen[bytes]", log: Path) -> float:
    began = time.monotonic()
    while time.monotonic() - began < HEALTHY_WITHIN_SECONDS:
        if server.poll() is not None:
            raise FailedError(f"{image.command} ended with {server.returncode}:\n{log.read_text()}")
        with tempfile.TemporaryFile() as nowhere:
            probe = subprocess.run(
                ["/usr/bin/env", *image.health], check=False, env=image.environ, stdout=nowhere, stderr=nowhere
            )
        if probe.returncode == 0:
            return time.monotonic() - began
        time.sleep(0.25)
    raise FailedError(f"not healthy after {HEALTHY_WITHIN_SECONDS} s:\n{log.read_text()}")


def stop(server: "subprocess.Popen[bytes]", log: Path) -> None:
    server.send_signal(signal.SIGTERM)
    try:
        code = server.wait(STOPPED_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        raise FailedError(f"still there {STOPPED_WITHIN_SECONDS} s after SIGTERM:\n{log.read_text()}") from None
    # uvicorn says by its ending that the signal ended it, after it has served what was in flight.
    if code not in {0, -signal.SIGTERM, 128 + signal.SIGTERM}:
        raise FailedError(f"SIGTERM ended it with {code}:\n{log.read_text()}")
    if "Traceback" in log.read_text():
        raise FailedError(f"it stopped with a stack trace:\n{log.read_text()}")


def serve(image: Image) -> None:
    log = image.folder / "log"
    log.touch()
    before = files_of(image.folder / "opt")
    migrate = image.start(["avis", "migrate"], log)
    if migrate.wait(60):
        raise FailedError(f"avis migrate ended with {migrate.returncode}:\n{log.read_text()}")
    server = image.start(image.command, log)
    try:
        seconds = wait_until_healthy(image, server, log)
        print(f"  healthy after {seconds:.1f} s as user {image.user if os.geteuid() == 0 else os.geteuid()}")
        stop(server, log)
    finally:
        if server.poll() is None:
            server.kill()
    if changed := before.items() ^ files_of(image.folder / "opt").items():
        raise FailedError(f"the running image wrote into itself: {sorted(path for path, _ in changed)[:5]}")
    kept = sorted(path.name for path in (image.folder / "data").iterdir())
    if "avis.db" not in kept:
        raise FailedError(f"nothing was kept in /data: {kept}")


def main() -> int:
    print("image: the Dockerfile's steps, without an engine")
    passed = 0
    with tempfile.TemporaryDirectory(prefix="avis-image-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        image = Image(folder, interpreter())
        try:
            for word, rest in instructions((ROOT / "Dockerfile").read_text()):
                image.obey(word, rest)
                passed += 1
            serve(image)
        except FailedError as error:
            print(error)
            print(f"image: {passed} passed, 1 failed")
            return 1
    print(f"image: {passed + 1} passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Disks of a test's own: one that is small, and one whose power can be cut.

Mounting takes root, and a kernel that lets this container do it; elsewhere these tests skip and say so. A namespace of
one's own is no way round: SQLite follows its /proc entry, which is a link, back out of it. What fills up in
tests/faults/test_storage.py does so everywhere: there the kernel refuses the service every further byte.
"""

import os
import shutil
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

_ELSEWHERE = "a service that may write no further byte is tested in test_storage.py all the same"


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A file system that is full when `size` is written."""
    folder.mkdir()
    _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", f"{folder}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


class Disk:
    """An ext4 file system in a file. What the file holds is what the disk was told to keep.

    Writes to the file system wait in the kernel's memory until somebody syncs them or some seconds are over, and only
    then reach the file. So a copy of the file is the disk as it is found after the power went.
    """

    def __init__(self, folder: Path) -> None:
        self._image = folder / "disk"
        self._copies = 0
        self.path = folder / "mounted"
        self._folder = folder

    @contextmanager
    def mounted(self) -> Iterator["Disk"]:
        with self._image.open("wb") as image:
            image.truncate(40 * 1024 * 1024)
        program = shutil.which("mkfs.ext4", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
        if program is None:
            _skip("mkfs.ext4 is not here")
        subprocess.run([program, "-q", "-F", self._image], check=True)
        with _looped(self._image, self.path):
            yield self

    @contextmanager
    def after_power_cut(self) -> Iterator[Path]:
        """The disk as it would be found, had the power gone now, mounted again. Whoever writes stands still meanwhile.

        Copied until two copies are the same: what was under way when everybody stopped is through then.
        """
        self._copies += 1
        copy = self._folder / f"copy{self._copies}"
        before = self._image.read_bytes()
        while True:
            time.sleep(0.02)
            now = self._image.read_bytes()
            if now == before:
                break
            before = now
        copy.write_bytes(now)
        with _looped(copy, self._folder / f"found{self._copies}") as path:
            yield path
        copy.unlink()


@contextmanager
def _looped(image: Path, path: Path) -> Iterator[Path]:
    path.mkdir()
    _mount("-o", "loop", f"{image}", f"{path}")
    try:
        yield path
    finally:
        subprocess.run(["umount", "--lazy", path], check=True)


def _mount(*arguments: str) -> None:
    if os.geteuid() != 0:
        _skip(f"only root can mount a disk; {_ELSEWHERE}")
    done = subprocess.run(["mount", *arguments], check=False, capture_output=True, text=True)
    if done.returncode:
        _skip(f"this container may not mount a disk ({done.stderr.strip()}); {_ELSEWHERE}")


def _skip(reason: str) -> NoReturn:
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        warnings.warn(f"not tested: {reason}", stacklevel=3)
    pytest.skip(reason)

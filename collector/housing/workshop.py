"""A folder beside a file, for its parts until they are whole. What a dead one left in it, the next one clears."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from collector.housing.errors import HousingError


@contextmanager
def workshop(file: Path) -> Iterator[Path]:
    """For nobody's eyes but ours, and on the same disk: what is whole is moved without another copy."""
    parent = file.absolute().parent
    if not parent.is_dir():
        raise HousingError(f"Le dossier {parent} n'existe pas : créez-le d'abord.")
    folder = parent / f".{file.name}.part"
    folder.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        # The kernel takes the lock back from whoever dies.
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _clear(folder)
        yield folder
        shutil.rmtree(folder)
    except BlockingIOError as error:
        raise HousingError(f"Une autre commande travaille déjà sur {file} : attendez qu'elle ait fini.") from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        os.close(handle)


def _clear(folder: Path) -> None:
    for left in folder.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()

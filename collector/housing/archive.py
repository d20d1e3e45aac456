"""One backup is one file: a tar with `manifest.json` first, then the database as its engine writes it.

`tar -xf` is enough to open it, now and in ten years: `avis.db` is a SQLite file, `avis.dump` is read by `pg_restore`.
"""

import io
import os
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b, sha256
from pathlib import Path
from typing import IO, Literal, cast

import msgspec
from msgspec import Struct

from collector.housing.census import Tally
from collector.housing.errors import BackupDamaged, BackupNewer
from collector.housing.pace import CHUNK, Pace
from collector.housing.recount import Recounted

FORMAT = 1
NAMES = {"sqlite": "avis.db", "postgres": "avis.dump"}
_MANIFEST = "manifest.json"


class Data(Struct, frozen=True):
    name: str
    bytes: int
    sha256: str


class Manifest(Struct, frozen=True, kw_only=True):
    """What was copied. `keys` are fingerprints of the secret keys, by which a restored service knows its own again."""

    format: int = FORMAT
    avis: str
    engine: Literal["sqlite", "postgres"]
    server: str
    schema: str
    made_at: str
    migrations: Sequence[str]
    tables: dict[str, Tally]
    left_out: Sequence[str]
    recount: Recounted
    keys: Sequence[str]
    data: Data

    @property
    def rows(self) -> int:
        return sum(each.rows for each in self.tables.values())


def fingerprints(keys: Sequence[str]) -> tuple[str, ...]:
    """Names of keys that do not give them away: a key has 32 characters or more."""
    return tuple(blake2b(key.encode(), digest_size=8, person=b"avis-backup").hexdigest() for key in keys)


def measure(path: Path, name: str) -> Data:
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return Data(name, path.stat().st_size, digest.hexdigest())


class _Paced:
    """What is read from it has time to reach the disk it is written to."""

    def __init__(self, content: IO[bytes], pace: Pace, written: IO[bytes]) -> None:
        self._content, self._pace, self._written = content, pace, written

    def read(self, size: int) -> bytes:
        self._pace(self._written.fileno(), size)
        return self._content.read(size)


def pack(manifest: Manifest, data: Path, archive: Path, pace: Pace) -> None:
    """Write the archive and wait until it is on disk."""
    text = msgspec.json.format(msgspec.json.encode(manifest))
    # 0600 from the first byte: somebody else may look into the folder while it grows.
    with os.fdopen(os.open(archive, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        with tarfile.TarFile(fileobj=file, mode="w", copybufsize=CHUNK) as tar:
            tar.addfile(_entry(_MANIFEST, len(text)), io.BytesIO(text))
            with data.open("rb") as content:
                # tarfile asks for no more of a file than `read`.
                tar.addfile(
                    _entry(manifest.data.name, manifest.data.bytes), cast("IO[bytes]", _Paced(content, pace, file))
                )
        file.flush()
        os.fsync(file.fileno())


def read(archive: Path) -> Manifest:
    """Raises BackupDamaged when this is no whole archive of ours, BackupNewer when it is of a format to come."""
    with _opened(archive) as tar:
        manifest = _manifest(_member(tar, _MANIFEST).read())
        if manifest.data.name != NAMES[manifest.engine]:
            raise BackupDamaged
        return manifest


def unpack(archive: Path, manifest: Manifest, into: Path, pace: Pace) -> None:
    """Take the database out, byte for byte as it was put in. Raises BackupDamaged."""
    digest, size = sha256(), 0
    with (
        _opened(archive) as tar,
        _member(tar, manifest.data.name) as content,
        os.fdopen(os.open(into, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
    ):
        while chunk := content.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
            pace(file.fileno(), len(chunk))
        file.flush()
        os.fsync(file.fileno())
    if (size, digest.hexdigest()) != (manifest.data.bytes, manifest.data.sha256):
        raise BackupDamaged


def fsync_folder(folder: Path) -> None:
    """A new name in a folder is on disk only after this."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


@contextmanager
def _opened(archive: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(archive, mode="r:") as tar:
            yield tar
    except (tarfile.TarError, EOFError) as error:
        raise BackupDamaged from error
    except OSError as error:
        raise BackupDamaged(f"{archive} ne peut pas être lu : {error.strerror}.") from error


def _member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    try:
        found = tar.extractfile(name)
    except KeyError as error:
        raise BackupDamaged from error
    if found is None:
        raise BackupDamaged
    return found


def _manifest(text: bytes) -> Manifest:
    try:
        if msgspec.json.decode(text)["format"] > FORMAT:
            raise BackupNewer("Installez la version d'Avis qui l'a faite, ou une plus récente.")
        return msgspec.json.decode(text, type=Manifest)
    except (msgspec.MsgspecError, KeyError, TypeError) as error:
        raise BackupDamaged from error

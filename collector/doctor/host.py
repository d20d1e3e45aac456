"""The machine: space, modes, the file system under SQLite, and what time it is; pure functions judge what was seen."""

import os
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from collector.doctor.findings import Finding, error, ok, warning
from collector.settings import Settings

_LAST = 200e6
"""Bytes under which the write-ahead log of a busy hour no longer fits."""
_NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "glusterfs", "ceph", "lustre"}
AHEAD = timedelta(minutes=5)


def judge(settings: Settings) -> Iterator[Finding]:
    path = settings.sqlite_path
    folder = path.parent if path else settings.data
    if not path and not folder.exists():
        return  # everything is with the server, and the keys are in the environment
    if not folder.is_dir():
        yield error("folder-missing", f"Le dossier {folder} n'existe pas.", "Créez-le, ou corrigez AVIS_DATA.")
        return
    used = os.statvfs(folder)
    yield space(shutil.disk_usage(folder).free, path.stat().st_size if path and path.exists() else 0, folder)
    yield inodes(used.f_favail, used.f_files, folder)
    yield _folder_mode(folder)
    if path:
        yield file_system(folder.resolve(), Path("/proc/self/mounts").read_text("utf-8"))


def space(free: int, database: int, folder: Path) -> Finding:
    """A copy and its check need twice the database: who cannot make a backup will miss it on the worst day."""
    told = f"{free / 1e9:.1f} Go libres dans {folder}"
    if free < _LAST:
        return error("disk-full", f"{told} : bientôt, aucun avis ne pourra plus être écrit.", "Libérez de la place.")
    if free < max(1e9, 2 * database):
        return warning(
            "disk-low",
            f"{told}, pour une base de {database / 1e9:.1f} Go.",
            "Agrandissez le disque : une sauvegarde faite ici demande deux fois la base.",
        )
    return ok("disk", f"{told}.")


def inodes(free: int, every: int, folder: Path) -> Finding:
    """Some file systems have no fixed number of them, and say 0 of both."""
    if every and free < 1000:
        return error(
            "inodes-few",
            f"Il reste {free} nœuds de fichiers dans {folder} : SQLite ne pourra plus créer son journal.",
            "Effacez les petits fichiers inutiles de ce disque.",
        )
    return ok("inodes", "Des fichiers peuvent être créés.")


def _folder_mode(folder: Path) -> Finding:
    if folder.stat().st_mode & 0o007:
        return warning(
            "folder-readable", f"Tous les comptes de la machine peuvent ouvrir {folder}.", f"chmod 700 {folder}"
        )
    return ok("folder", f"{folder} est fermé aux autres comptes.")


def file_system(folder: Path, mounts: str) -> Finding:
    """`mounts` as in /proc/self/mounts. SQLite's locks and its shared memory need a disk of this machine."""
    kinds = {Path(line.split()[1]): line.split()[2] for line in mounts.splitlines() if len(line.split()) > 2}
    kind = next((kinds[place] for place in (folder, *folder.parents) if place in kinds), "")
    if kind in _NETWORK:
        return error(
            "database-on-network",
            f"{folder} est sur un disque en réseau ({kind}) : SQLite peut y perdre des avis.",
            "Mettez AVIS_DATA sur un disque de cette machine, ou passez à PostgreSQL avec « avis move ».",
        )
    return ok("file-system", f"{folder} est sur un disque local.")


def clocks(here: datetime, server: datetime) -> Finding:
    apart = abs((here - server).total_seconds())
    if apart > 5:
        return (error if apart > 60 else warning)(
            "clock-skew",
            f"L'horloge d'ici et celle de la base diffèrent de {apart:.0f} s.",
            "Réglez les deux machines avec NTP (« timedatectl ») : limites et échéances en dépendent.",
        )
    return ok("clocks", "L'horloge d'ici et celle de la base disent la même heure.")


def last_stored(now: datetime, latest: datetime | None) -> Finding:
    if latest and latest > now + AHEAD:
        return error(
            "stored-in-future",
            f"Le dernier avis est daté du {latest:%Y-%m-%d %H:%M} UTC, dans le futur : une horloge a été fausse.",
            "Vérifiez « timedatectl » ici et sur la base.",
        )
    return ok("dates", "Aucun avis n'est daté du futur.")

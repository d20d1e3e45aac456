"""Whether the embedded database can be trusted with another review, before the first one is taken.

A page that a disk has lost would be found out one day by whoever reads it; until then reviews would be acknowledged
beside it, and backups of the damage would replace the good ones.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import structlog

from collector.errors import StorageUnavailable

MOST_READ = 2_000_000_000
"""Bytes read at a start: some seconds. What is larger is checked by each `avis backup`."""

log = structlog.get_logger("avis.soundness")


class Damaged(StorageUnavailable):
    code, title = "database-damaged", "La base n'est pas intacte"


class Unwritable(StorageUnavailable):
    code, title = "database-unwritable", "La base ne peut pas être écrite"


def check_sound(path: Path) -> None:
    """Raises Damaged or Unwritable, which say what to do; a database that is not there yet is sound."""
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as connection:
            found = _read_all(connection, path.stat().st_size)
            if found == ["ok"]:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("CREATE TABLE written (here INTEGER)")
                connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        raise Unwritable(
            f"SQLite dit de {path} : {error}. Vérifiez que le disque n'est ni plein ni en lecture seule, et que le "
            "fichier et son dossier appartiennent au compte du service."
        ) from error
    except sqlite3.DatabaseError as error:
        found = [str(error)]
    if found != ["ok"]:
        raise Damaged(
            f"SQLite dit de {path} : {' ; '.join(found)}. Rien n'a été modifié. Mettez de côté ce fichier et ceux qui "
            "commencent par son nom (-wal, -shm), puis reprenez la dernière sauvegarde avec « avis restore ». Sans "
            f"sauvegarde, « sqlite3 {path.name} .recover » sauve ce qui peut l'être."
        )


def _read_all(connection: sqlite3.Connection, size: int) -> list[str]:
    if size > MOST_READ:
        log.warning("not-checked", file="avis.db", cause="too large to read at each start")
        return ["ok"]
    return [text for (text,) in connection.execute("PRAGMA quick_check(3)")]

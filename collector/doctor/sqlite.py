"""The embedded database's file: whole, durable, and with a write-ahead log that comes to an end."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from collector.doctor.findings import Finding, error, ok, warning

_LONG_LOG = 256e6


def judge(path: Path) -> Iterator[Finding]:
    log = path.with_name(f"{path.name}-wal")
    yield _whole(path)
    yield write_ahead_log(log.stat().st_size if log.exists() else 0)


def _whole(path: Path) -> Finding:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5)) as connection:
            said = [text for (text,) in connection.execute("PRAGMA quick_check(3)")]
    except sqlite3.Error as wrong:
        said = [str(wrong)]
    if said != ["ok"]:
        return error(
            "database-damaged",
            f"SQLite dit de {path} : {' ; '.join(said)}.",
            "Arrêtez le service, gardez le fichier, et restaurez la dernière sauvegarde (« avis restore »).",
        )
    return ok("database-whole", f"{path} est intact (quick_check).")


def write_ahead_log(size: int) -> Finding:
    if size > _LONG_LOG:
        return warning(
            "log-long",
            f"Le journal d'écriture de SQLite compte {size / 1e6:.0f} Mo : quelqu'un lit depuis longtemps.",
            "Attendez la fin d'une sauvegarde, ou arrêtez le programme qui garde la base ouverte.",
        )
    return ok("log", f"Le journal d'écriture compte {size / 1e6:.0f} Mo.")


def durability(journal: str, synchronous: int) -> Finding:
    """As our own writer has it, not as the file says."""
    if journal != "wal" or synchronous < 2:
        return error(
            "not-durable",
            f"SQLite écrit avec journal_mode={journal} et synchronous={synchronous} : une coupure perd des avis.",
            "Le système de fichiers refuse sans doute WAL : mettez AVIS_DATA sur un disque local.",
        )
    return ok("durable", "Chaque avis est sur le disque avant qu'on remercie (WAL, synchronous=FULL).")

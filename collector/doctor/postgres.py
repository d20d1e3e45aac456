"""The PostgreSQL server: new enough, durable, discreet, and a role that may do what the service does, not more."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from msgspec import Struct
from msgspec.structs import replace

from collector.doctor.findings import Finding, error, ok, warning
from collector.housing.errors import ProgramMissing
from collector.housing.postgres import DEBIAN, major, program

_OLDEST = 14
_NEEDED = ("SELECT", "INSERT", "UPDATE", "DELETE")


class Rule(Struct, frozen=True):
    """What settings of the server may say; `wrong` has a place for those that say something else."""

    allowed: Mapping[str, frozenset[str]]
    wrong: Finding
    right: Finding

    def judge(self, said: Mapping[str, str]) -> Finding:
        # An older server has not all of them.
        asked = {name: values for name, values in self.allowed.items() if name in said}
        others = [f"{name}={said[name]}" for name, values in asked.items() if said[name] not in values]
        return replace(self.wrong, what=self.wrong.what.format(", ".join(others))) if others else self.right


_ON = frozenset({"on", "remote_write", "remote_apply", "local"})
RULES = (
    Rule(
        {"fsync": _ON, "full_page_writes": _ON, "synchronous_commit": _ON},
        error(
            "not-durable",
            "PostgreSQL tourne avec {} : une coupure peut perdre des avis.",
            "Remettez-les à on dans postgresql.conf (ou sur le compte et la base), puis rechargez.",
        ),
        ok("durable", "Chaque avis est sur le disque avant qu'on remercie (fsync, synchronous_commit)."),
    ),
    Rule(
        {"server_encoding": frozenset({"UTF8"})},
        error(
            "encoding",
            "La base n'est pas en UTF8 ({}) : des avis ne pourraient pas être écrits.",
            "Recréez-la en UTF8.",
        ),
        ok("encoding", "La base est en UTF8."),
    ),
    # What the server writes into its log holds what people wrote.
    Rule(
        {
            "log_statement": frozenset({"none", "ddl"}),
            "log_min_duration_statement": frozenset({"-1"}),
            "log_parameter_max_length_on_error": frozenset({"0"}),
        },
        warning(
            "statements-logged",
            "Le journal de PostgreSQL garde des requêtes et leurs valeurs ({}).",
            "Réglez-les comme le dit docs/privacy.md (Logs).",
        ),
        ok("discretion", "Le journal de PostgreSQL ne garde pas ce qu'écrivent les usagers."),
    ),
)


def judge(connection: psycopg.Connection[Any]) -> Iterator[Finding]:
    asked = [name for rule in RULES for name in rule.allowed]
    said = dict(connection.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", (asked,)).fetchall())
    server = major(connection)
    yield version(server)
    for rule in RULES:
        yield rule.judge(said)
    yield _rights(connection)
    yield _role(connection)
    yield backup_program(server)


def backup_program(server: int, folder: Path = DEBIAN, path: str | None = None) -> Finding:
    """Found out now, and not on the night of the first backup."""
    try:
        found = program("pg_dump", server, folder, path)
    except ProgramMissing as wrong:
        return warning(
            "backup-program-missing",
            f"« avis backup » ne peut pas copier cette base d'ici : {wrong.message}",
            "Installez-le, ou lancez « avis backup » d'une machine qui l'a, avec les mêmes réglages.",
        )
    return ok("backup-program", f"« avis backup » trouve {found}.")


def time_of(connection: psycopg.Connection[Any]) -> datetime:
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    assert row  # noqa: S101 - one row
    moment: datetime = row[0]
    return moment


def version(major: int) -> Finding:
    if major < _OLDEST:
        return error(
            "server-old", f"PostgreSQL {major} n'est plus entretenu.", f"Passez à PostgreSQL {_OLDEST} ou plus récent."
        )
    return ok("server", f"PostgreSQL {major}.")


def session(timezone: str) -> Finding:
    """As a connection of the service has it: a pooler between may drop what it asks for."""
    if timezone != "UTC":
        return error(
            "session-timezone",
            f"Les connexions du service sont à l'heure de {timezone}, pas UTC : un intermédiaire ignore leurs options.",
            "Réglez votre répartiteur de connexions pour transmettre « options », ou passez-vous de lui.",
        )
    return ok("session", "Les connexions du service sont à l'heure UTC.")


def _rights(connection: psycopg.Connection[Any]) -> Finding:
    rows = connection.execute(
        "SELECT relname, privilege FROM pg_class CROSS JOIN unnest(%s::text[]) AS privilege"
        " WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')"
        " AND NOT has_table_privilege(pg_class.oid, privilege) ORDER BY 1, 2",
        (list(_NEEDED),),
    ).fetchall()
    if rows:
        table, privilege = rows[0]
        return error(
            "rights-missing",
            f"Ce compte n'a pas le droit {privilege} sur {table} (et {len(rows) - 1} autres manquent).",
            "Donnez-lui la propriété des tables, ou GRANT SELECT, INSERT, UPDATE, DELETE.",
        )
    return ok("rights", "Ce compte peut lire et écrire toutes les tables.")


def _role(connection: psycopg.Connection[Any]) -> Finding:
    row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if row and row[0]:
        return warning(
            "role-superuser",
            "Le service se connecte en super-utilisateur : une faille du service serait une faille du serveur.",
            "Donnez-lui un compte ordinaire, propriétaire de sa base.",
        )
    return ok("role", "Le service se connecte avec un compte ordinaire.")

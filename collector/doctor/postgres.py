"""The PostgreSQL server: new enough, durable, discreet, and a role that may do what the service does, not more."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import psycopg

from collector.doctor.findings import Finding, error, ok, warning

_OLDEST = 14
_NEEDED = ("SELECT", "INSERT", "UPDATE", "DELETE")
_ASKED = (
    "server_version_num",
    "fsync",
    "full_page_writes",
    "synchronous_commit",
    "server_encoding",
    "log_statement",
    "log_min_duration_statement",
    "log_parameter_max_length_on_error",
)


def judge(connection: psycopg.Connection[Any]) -> Iterator[Finding]:
    said = {
        name: str(value)
        for name, value in connection.execute(
            "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", (list(_ASKED),)
        )
    }
    yield version(int(said["server_version_num"]) // 10_000)
    yield durability(said)
    yield encoding(said["server_encoding"])
    yield discretion(said)
    yield _rights(connection)
    yield _role(connection)


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


def durability(said: Mapping[str, str]) -> Finding:
    off = [name for name in ("fsync", "full_page_writes", "synchronous_commit") if said[name] == "off"]
    if off:
        return error(
            "not-durable",
            f"PostgreSQL tourne avec {', '.join(f'{name}=off' for name in off)} : une coupure peut perdre des avis.",
            "Remettez-les à on dans postgresql.conf (ou sur le compte et la base), puis rechargez.",
        )
    return ok("durable", "Chaque avis est sur le disque avant qu'on remercie (fsync, synchronous_commit).")


def encoding(name: str) -> Finding:
    if name != "UTF8":
        return error(
            "encoding", f"La base est en {name} : des avis ne pourraient pas être écrits.", "Recréez-la en UTF8."
        )
    return ok("encoding", "La base est en UTF8.")


def discretion(said: Mapping[str, str]) -> Finding:
    """What the server writes into its log holds what people wrote."""
    loud = [
        name
        for name, quiet in (
            ("log_statement", {"none", "ddl"}),
            ("log_min_duration_statement", {"-1"}),
            ("log_parameter_max_length_on_error", {"0"}),
        )
        if said.get(name, "0") not in quiet
    ]
    if loud:
        return warning(
            "statements-logged",
            f"Le journal de PostgreSQL garde des requêtes et leurs valeurs ({', '.join(loud)}).",
            "Réglez-les comme le dit docs/privacy.md (Logs).",
        )
    return ok("discretion", "Le journal de PostgreSQL ne garde pas ce qu'écrivent les usagers.")


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

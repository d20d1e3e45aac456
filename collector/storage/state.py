"""How a database is doing, at a price that does not grow with what is stored: nothing is counted here."""

from datetime import UTC, datetime

from msgspec import Struct

from collector.storage.engine import Engine, listed

SHOWN = ("review", "procedure", "placement", "account", "journal", "export_link", "export_use", "problem", "note")


class State(Struct, frozen=True):
    """`rows` are estimates by table; `behind` counts changes whose words cannot be found yet; `leases` are held now.

    Letters that are `waiting` to be sent, after how many `tries` at most; and when the last one left.
    """

    bytes: int
    rows: dict[str, int]
    behind: int
    leases: list[str]
    waiting: int
    tries: int
    letter_sent: datetime | None


class States:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def now(self, now: datetime) -> State:
        sql = self._engine.sql
        async with self._engine.read() as connection:
            size = await sql.database_size(connection)
            rows = {row["name"]: row["rows"] for row in await listed(sql.rows_about(connection))}
            behind = await sql.behind(connection)
            waiting = await sql.letters_waiting(connection)
            last = await sql.last_letter(connection, number=1)
            leases = await listed(sql.leases_held(connection, now=int(now.timestamp())))
        known = {name: int(rows[name]) for name in SHOWN if name in rows}
        return State(
            size["bytes"],
            known,
            max(0, behind["changes"]),
            [row["name"] for row in leases],
            waiting["letters"],
            waiting["tries"],
            datetime.fromtimestamp(last["sent"], UTC) if last else None,
        )

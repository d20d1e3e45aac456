"""How far a run over all reviews has come, under the name of the rules that it masks by."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from collector.storage.engine import Engine
from collector.storage.rows import moment, stamp, text_of


class Remasked(Struct, frozen=True, kw_only=True):
    """Reviews up to `seq` are done; `last` was the latest review when the run looked. Findings are counted by kind."""

    rules: str
    started_at: datetime
    seq: int = 0
    last: int = 0
    reviews: int = 0
    changed: int = 0
    findings: Mapping[str, int] = {}
    ended_at: datetime | None = None


class Remaskings:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def of(self, rules: str) -> Remasked | None:
        async with self._engine.read() as connection:
            row = await self._engine.sql.remasking(connection, rules=rules)
        if not row:
            return None
        return Remasked(
            **{
                **row,
                "findings": msgspec.json.decode(row["findings"]),
                "started_at": moment(row["started_at"]),
                "ended_at": moment(row["ended_at"]) if row["ended_at"] else None,
            }
        )

    async def put(self, connection: Any, run: Remasked) -> None:
        """In the transaction that masks: after a kill, what is masked and what is counted is the same."""
        row = msgspec.structs.asdict(run)
        row["findings"] = text_of(dict(run.findings))
        row["started_at"] = stamp(run.started_at)
        row["ended_at"] = stamp(run.ended_at) if run.ended_at else None
        await self._engine.sql.put_remasking(connection, **row)
